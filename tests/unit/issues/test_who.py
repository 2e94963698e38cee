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


def test_a_proxy_on_record_hands_in_a_vote_and_nobody_else_does(resident):
    assert domain.casting_person(resident, "R-1007", None, proxy="R-1001") == "R-1001"
    with pytest.raises(Forbidden):
        domain.casting_person(resident, "R-1007", None, proxy="R-1002")


@pytest.mark.parametrize("via", [domain.VoteVia.PAPER, domain.VoteVia.HANDS])
def test_votes_on_paper_and_by_hands_are_handed_in_by_officers_only(resident, administrator, via):
    officer = Actor(id="P-0007", roles=("secretary",))

    assert domain.casting_person(officer, "R-1007", None, via=via) == "P-0007"
    assert domain.casting_person(administrator, "R-1007", None, via=via) == "local-shell"
    with pytest.raises(Forbidden):
        domain.casting_person(resident, "R-1001", None, via=via)
    with pytest.raises(Forbidden):
        domain.casting_person(officer, "R-1007", None)


def test_the_tables_of_what_hangs_on_an_issue_say_who_may_too():
    mediator, secretary = Actor(id="V-2101", roles=("mediator",)), Actor(id="P-0007", roles=("secretary",))

    domain.authorise(mediator, "conclude_mediation")
    domain.authorise(secretary, "set_roll")
    domain.authorise(secretary, "approve_project")
    for actor, command in ((secretary, "record_mediation_session"), (mediator, "cancel_project")):
        with pytest.raises(Forbidden):
            domain.authorise(actor, command)
