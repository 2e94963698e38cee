"""Bad input of deliberations, mediations and projects is refused with the field that is at fault."""

import pytest

from services.issues import domain, schemas
from shared.errors import InvalidInput
from shared.schemas import load

DELIBERATION = {"deliberation_id": "DL-0101"}
ROLL = {**DELIBERATION, "roll": [{"person_id": "R-1", "area": 1}]}
PARTY = {"party_ref": "R-1", "consent_via": "oral", "consented_at": "2025-03-03T09:00:00+08:00"}
REFERRAL = {"issue_id": "IS-0101", "parties": [PARTY, {**PARTY, "party_ref": "R-2"}]}
PROJECT = {"project_id": "SP-0101"}
APPLICATION = {
    "issue_id": "IS-0101", "leader": "P-0007", "goal": "修好", "deadline": "2025-04-02",
    "acceptance": [{"item": "A1", "text": "修好"}],
}  # fmt: skip


def without(values, name):
    return {key: value for key, value in values.items() if key != name}


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (schemas.ProposeTopic, {"issue_id": "IS-0101", "topic": "车棚", "proposed_by": "anybody"}, "proposed_by"),
        (schemas.ProposeTopic, {"issue_id": "IS-0101", "topic": "", "proposed_by": "branch"}, "topic"),
        (schemas.SetRoll, {**ROLL, "roll": []}, "roll"),
        (schemas.SetRoll, {**ROLL, "roll": ROLL["roll"] * 2}, "roll"),
        (schemas.SetRoll, {**ROLL, "roll": [{"person_id": "R-1", "area": -0.01}]}, "roll"),
        (schemas.SetRoll, {**ROLL, "total_area": 1.001}, "total_area"),
        (schemas.SetRoll, {**ROLL, "total_persons": 0}, "total_persons"),
        (schemas.OpenDeliberation, {"issue_id": "IS-0101", "matter": "weather"}, "matter"),
        (schemas.OpenDeliberation, {"issue_id": "IS-0101", "closes_at": "2025-03-03T09:00:00"}, "closes_at"),
        (schemas.CheckTopic, {"issue_id": "IS-0101", "rule": "unanimous"}, "rule"),
        (schemas.PostponeDeliberation, {**DELIBERATION, "meets_at": "soon", "reason": "雨"}, "meets_at"),
        (schemas.WithdrawTopic, DELIBERATION, "reason"),
        (schemas.CastVote, {**DELIBERATION, "person_id": "R-1", "choice": "for", "via": "proxy"}, "via"),
        (schemas.RegisterVoteProxy, {**DELIBERATION, "person_id": "R-1", "proxy": "R-2"}, "authorisation"),
        (schemas.ObjectResolution, {**DELIBERATION, "text": ""}, "text"),
        (schemas.NameExecutor, {**DELIBERATION, "executor": "P-1", "due_on": "tomorrow"}, "due_on"),
        (schemas.EvaluateDeliberation, {**DELIBERATION, "solved": "yes", "after_effects": False}, "solved"),
        (schemas.ReferMediation, {**REFERRAL, "parties": [PARTY]}, "parties"),
        (schemas.ReferMediation, {**REFERRAL, "parties": [PARTY, PARTY]}, "parties"),
        (schemas.ReferMediation, {**REFERRAL, "parties": [PARTY, without(PARTY, "consented_at")]}, "parties"),
        (schemas.ConcludeMediation, {"mediation_id": "MD-0101", "agreed": False, "reason": "mood"}, "reason"),
        (schemas.ApplyProject, {**APPLICATION, "more_issues": ["IS-0102", "IS-0102"]}, "more_issues"),
        (schemas.CancelProject, {**PROJECT, "reason": "not_approved"}, "reason"),
        (schemas.ReportMilestone, {**PROJECT, "milestone": "M1", "percent": 101}, "percent"),
        (schemas.SetMilestones, {**PROJECT, "milestones": []}, "milestones"),
        (schemas.ListProjects, {"overdue": "yes"}, "overdue"),
        (schemas.ListProjects, {"limit": 501}, "limit"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_bad_input_is_refused_with_the_field_at_fault(kind, values, field):
    with pytest.raises(InvalidInput) as refused:
        load(kind, values)

    assert list(refused.value.details["fields"]) == [field]


def test_an_estate_of_2500_lines_is_one_roll():
    lines = [{"person_id": f"R-{n}", "area": 89.37} for n in range(2500)]

    roll = load(schemas.SetRoll, {**DELIBERATION, "roll": lines, "total_area": 223_425, "total_persons": 2500}).lines

    assert (sum(roll.areas.values()), roll.total_area, roll.total_persons) == (223_425_00, 223_425_00, 2500)


def test_an_issue_is_named_once_in_a_project():
    request = load(schemas.ApplyProject, {**APPLICATION, "more_issues": ["IS-0102", "IS-0101"]})

    assert request.issue_ids == ("IS-0101", "IS-0102")


def test_a_page_says_after_what_the_rest_goes_on():
    items = [{"id": "a"}, {"id": "b"}, {"id": "c"}]

    assert schemas.page(items, 2, "id") == {"items": items[:2], "next": "b"}
    assert schemas.page(items, 3, "id") == {"items": items, "next": None}


def test_a_deliberation_shows_its_steps_in_both_languages_and_the_next_one(proposed):
    shown = schemas.deliberation_view(proposed[1])

    [step] = shown["steps"]
    assert (step["step"], step["by"], step["zh"], step["en"]) == ("propose", "P-0007", "提出议题", "topic proposed")
    assert shown["next_step"]["command"] == "set_roll"
    assert domain.ISSUE.allows(proposed[0].state, "open_deliberation")
