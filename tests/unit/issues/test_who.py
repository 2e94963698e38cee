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
