import dataclasses

import pytest

from services.issues import domain
from shared.actor import Actor
from shared.errors import Forbidden

SECRET = {"sensitive": True, "helpers": ("V-2003",)}


def test_the_administrator_may_call_everything(administrator):
    for command in ("triage", "open_deliberation", "resolve", "request_org_tree"):
        domain.authorise(administrator, command)


def test_a_role_of_the_table_may_call_its_commands_only():
    triage = Actor(id="P-0100", roles=("triage",))

    domain.authorise(triage, "triage")
    with pytest.raises(Forbidden, match="resolve needs one of the roles administrator, verifier"):
        domain.authorise(triage, "resolve")


def test_a_resident_may_not_triage_nor_ask_for_the_tree(resident):
    for command in ("triage", "request_org_tree"):
        with pytest.raises(Forbidden):
            domain.authorise(resident, command)


def test_an_administrator_acts_for_whom_they_name(administrator):
    on_behalf = dataclasses.replace(administrator, on_behalf_of="P-0003")

    assert domain.acting_person(administrator, "P-0001", "R-1001") == "P-0001"
    assert domain.acting_person(on_behalf, None, "R-1001") == "P-0003"
    assert domain.acting_person(administrator, None, "R-1001") == "R-1001"
    assert domain.acting_person(administrator, None) == "local-shell"


def test_everybody_else_acts_for_themselves(resident):
    assert domain.acting_person(resident, None, "R-1007") == "R-1001"
    assert domain.acting_person(resident, "R-1001") == "R-1001"
    with pytest.raises(Forbidden):
        domain.acting_person(resident, "R-1007")


def test_a_resident_votes_for_nobody_else(resident, administrator):
    assert domain.casting_person(resident, "R-1001", None) == "R-1001"
    assert domain.casting_person(administrator, "R-1007", None) == "R-1007"
    assert domain.casting_person(administrator, "R-1007", "P-0009") == "P-0009"
    with pytest.raises(Forbidden):
        domain.casting_person(resident, "R-1007", "R-1001")


def test_an_ordinary_issue_is_open_to_everybody(triaged):
    assert domain.may_see(triaged, Actor(id="R-1007"), None)


@pytest.mark.parametrize(
    ("person", "whole"), [("R-1001", True), ("R-1007", False), ("V-2003", True), ("V-2002", False)]
)
def test_a_sensitive_issue_shows_itself_to_reporter_and_helpers_only(triaged, administrator, person, whole):
    issue = dataclasses.replace(triaged, **SECRET)

    assert domain.may_see(issue, Actor(id=person), None) is whole
    assert domain.may_see(issue, administrator, person) is whole


def test_triage_and_administrator_see_a_sensitive_issue(triaged, administrator):
    issue = dataclasses.replace(triaged, **SECRET)

    assert domain.may_see(issue, administrator, None)
    assert domain.may_see(issue, Actor(id="P-0100", roles=("triage",)), None)


def test_a_resident_cannot_look_with_the_eyes_of_the_reporter(triaged):
    issue = dataclasses.replace(triaged, **SECRET)

    assert not domain.may_see(issue, Actor(id="R-1007"), "R-1001")


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_helpers_see_it_while_they_work_on_it(triaged, state):
    issue = dataclasses.replace(triaged, **SECRET, state=domain.IssueState(state))

    assert not domain.may_see(issue, Actor(id="V-2003"), None)
