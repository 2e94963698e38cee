"""Roles hold in a branch of the tree: whoever has them elsewhere changes nothing here."""

from dataclasses import replace
from typing import Any

import pytest

from services.issues import repository
from shared.actor import Actor
from shared.errors import Forbidden
from tests.support.office import B09

pytestmark = pytest.mark.server

EVERY_ROLE = ("triage", "dispatcher", "secretary", "community_secretary", "unit", "verifier", "mediator")
ELSEWHERE = Actor(id="P-0300", roles=EVERY_ROLE, unit="C01-G04")
RESIDENT = Actor(id="R-1001", roles=("resident",), unit="C01-G04")  # reports from where they do not live
U1 = {"unit_id": "U-1", "kind": "utility", "label_zh": "供电所", "label_en": "power", "persons": ["W-1"]}
COMMANDS: dict[str, dict[str, Any]] = {
    "act": {},
    "assign": {"org_unit": "C01-G03", "reason": "responsible"},
    "add_update": {"text": "配件已到货", "public": True},
    "attach_photo": {"kind": "before", "data": "AA=="},
    "extend": {"days": 2, "reason": "备件未到"},
    "open_deliberation": {"rule": "council_simple", "topic": "装灯", "roll": [{"person_id": "R-1"}]},
    "record_contact": {"reached": True, "how": "phone"},
    "resolve": {},
    "set_proxy": {"person": "P-0300", "relation": "grid_worker", "consent": "电话里同意"},
    "set_visibility": {"visibility": "private", "reason": "当事人要求"},
    "triage": {"category": "waste_station"},
}


@pytest.fixture
def office(bare_office):
    return bare_office


def plant_another_grid(office):
    with office.store.transaction() as tx:
        grid = repository.org_units.get(tx, "C01-G03")
        repository.org_units.save(tx, replace(grid, org_unit_id="C01-G04", revision=0))


def reported(office):
    return office.call("report_issue", RESIDENT, reporter="R-1001", building_id=B09, text="楼道漏水")["issue_id"]


def triaged(office):
    issue_id = reported(office)
    office.call("triage", issue_id=issue_id, category="waste_station")
    return issue_id


@pytest.mark.parametrize("command", COMMANDS)
def test_whoever_has_every_role_in_another_branch_changes_no_issue_of_this_one(office, command):
    issue_id = triaged(office)
    before = office.documents("issues"), office.facts()

    with pytest.raises(Forbidden, match="C01-G04") as refused:
        office.call(command, ELSEWHERE, issue_id=issue_id, **COMMANDS[command])

    assert refused.value.details == {"unit": "C01-G04"}
    assert (office.documents("issues"), office.facts()) == before


@pytest.mark.parametrize("unit", [B09, "C01-G03-E07", "C01-G03", "C01", None])
def test_who_has_the_role_in_the_building_or_anywhere_above_it_acts(office, unit):
    issue_id = triaged(office)

    acted = office.call("act", Actor(id="P-0009", roles=("unit",), unit=unit), issue_id=issue_id)

    assert acted["state"] == "in_progress"


def test_an_issue_that_was_given_to_another_branch_is_that_ones_too(office):
    plant_another_grid(office)
    issue_id = triaged(office)
    office.call("act", issue_id=issue_id, by="P-0009")

    office.call("assign", issue_id=issue_id, org_unit="C01-G04", reason="responsible")

    assert office.call("add_update", ELSEWHERE, issue_id=issue_id, text="已到场", public=True)["by"] == "P-0300"


def test_what_hangs_on_an_issue_is_in_its_branch(office):
    opened = office.call("open_deliberation", issue_id=triaged(office), **COMMANDS["open_deliberation"])

    with pytest.raises(Forbidden, match="C01-G04"):
        office.call("close_vote", ELSEWHERE, deliberation_id=opened["deliberation_id"])


def test_no_officer_of_another_branch_hands_in_a_vote_on_paper(office):
    opened = office.call("open_deliberation", issue_id=triaged(office), **COMMANDS["open_deliberation"])
    vote = {"deliberation_id": opened["deliberation_id"], "person_id": "R-1", "choice": "for", "via": "paper"}
    before = office.documents("voters")

    with pytest.raises(Forbidden, match="C01-G04"):
        office.call("cast_vote", ELSEWHERE, **vote)

    assert office.documents("voters") == before


def test_who_is_a_proxy_is_not_taken_off_from_another_branch(office):
    issue_id = triaged(office)
    appointed = {"person": "R-1007", "relation": "neighbour", "consent": "电话里同意"}
    office.call("set_proxy", RESIDENT, issue_id=issue_id, **appointed)
    before = office.documents("issues")

    with pytest.raises(Forbidden, match="C01-G04"):
        office.call("end_proxy", ELSEWHERE, issue_id=issue_id, person="R-1007")

    assert office.documents("issues") == before


def test_a_relapse_in_ones_own_branch_reopens_nothing_in_another(office):
    plant_another_grid(office)
    theirs, mine = triaged(office), reported(office)
    office.call("triage", issue_id=mine, category="waste_station", responsible_unit="C01-G04")
    before = office.documents("issues")

    with pytest.raises(Forbidden, match="C01-G04"):
        office.call("relapse", ELSEWHERE, issue_id=mine, of=theirs)

    assert office.documents("issues") == before


def test_a_resident_needs_no_branch_for_what_is_theirs(office):
    assert office.call("withdraw", RESIDENT, issue_id=reported(office))["state"] == "withdrawn"


def test_whoever_acts_for_the_outside_unit_at_work_needs_no_branch(office):
    office.call("set_units", units=[U1])
    issue_id = triaged(office)
    office.call("dispatch", issue_id=issue_id, lead_unit="U-1")

    signed = office.call("sign", Actor(id="W-1", roles=("unit",), unit="C01-G04"), issue_id=issue_id, unit="U-1")

    assert signed["state"] == "in_progress"
