import dataclasses
from datetime import date, timedelta

import pytest

from services.issues import domain
from services.issues.events import VisitRecorded
from tests.support.times import TIMES

KNOWN = [one.dimension for one in domain.DIMENSIONS]


@pytest.fixture
def visit(now):
    return domain.Visit(
        visit_id="VS-0801",
        round_no=1,
        held_on=date(2025, 3, 3),
        kind=domain.VisitKind.DOOR_CALL,
        building_id="C01-G03-E07-B09",
        household_ref="H-0901",
        visitors=("P-0007", "V-2001"),
        partners=(),
        people=1,
        dimensions=("living_needs", "strengthen_ties"),
        findings=(
            domain.Finding(text="需要每周陪伴代办", dimension="living_needs", category="special_group_support"),
            domain.Finding(text="灯泡已换", dimension="living_needs", handled_on_spot=True),
        ),
        consent=True,
        outcome=domain.VisitOutcome.MET,
        recorded_at=now,
        recorded_by="P-0007",
        follow_up_due=date(2025, 3, 10),
    )


def test_with_consent_what_is_left_to_do_becomes_an_issue(visit, now):
    assert domain.record_visit(visit, KNOWN, now).to_report == (0,)


def test_without_consent_nothing_becomes_an_issue(visit, now):
    assert domain.record_visit(dataclasses.replace(visit, consent=False), KNOWN, now).to_report == ()


def test_the_fact_names_building_dimensions_issues_and_visitors_only(visit):
    linked, fact = domain.with_issues(visit, {0: "IS-0801"})

    assert fact == VisitRecorded(
        visit_id="VS-0801",
        building_id="C01-G03-E07-B09",
        dimensions=("living_needs", "strengthen_ties"),
        issue_ids=("IS-0801",),
        visitors=("P-0007", "V-2001"),
    )
    assert [finding.issue_id for finding in linked.findings] == ["IS-0801", None]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"held_on": date(2025, 3, 4)}, domain.VisitInTheFuture),
        ({"dimensions": ()}, domain.DimensionsMissing),
        ({"dimensions": ("seventh",)}, domain.UnknownDimension),
        ({"findings": (domain.Finding(text="x", dimension="seventh"),)}, domain.UnknownDimension),
        ({"outcome": domain.VisitOutcome.NOBODY_HOME}, domain.FindingsWithoutMeeting),
    ],
)
def test_what_cannot_be_is_refused(visit, now, change, refusal):
    with pytest.raises(refusal):
        domain.record_visit(dataclasses.replace(visit, **change), KNOWN, now)


def test_an_unknown_dimension_is_told_which_there_are(visit, now):
    with pytest.raises(domain.UnknownDimension) as refused:
        domain.record_visit(dataclasses.replace(visit, dimensions=("seventh",)), KNOWN, now)
    assert refused.value.details["allowed"] == sorted(KNOWN)


def test_a_promise_is_kept_once(visit, now):
    kept = domain.follow_up(visit, now.date() + timedelta(days=3))
    assert kept.follow_up_done == date(2025, 3, 6)
    with pytest.raises(domain.NoFollowUpDue):
        domain.follow_up(kept, now.date())


def test_household_and_findings_are_for_those_who_were_there(visit):
    assert domain.may_see_visit(visit, "V-2001", sees_all=False)
    assert not domain.may_see_visit(visit, "V-2002", sees_all=False)
    assert domain.may_see_visit(visit, "triage-1", sees_all=True)


@pytest.mark.parametrize(
    ("change", "details"),
    [
        ({"satisfaction": 4}, {"missing": ["issue_id"]}),
        ({"confirmed_issue": "IS-0101"}, {"missing": ["satisfaction"]}),
        (
            {"satisfaction": 4, "confirmed_issue": "IS-0101", "findings": (), "outcome": domain.VisitOutcome.DECLINED},
            {"outcome": "declined"},
        ),
    ],
)
def test_an_answer_is_of_one_issue_and_of_somebody_who_was_met(visit, now, change, details):
    with pytest.raises(domain.AnswerIncomplete) as refused:
        domain.record_visit(dataclasses.replace(visit, **change), KNOWN, now)

    assert refused.value.details == details


NEUTRAL = {"visitors": ("V-2007",), "recorded_by": "P-0020"}
NO_UNITS = {"V-2007": (), "P-0020": ()}


def test_somebody_who_has_no_part_in_it_hears_the_answer(visit, resolved):
    domain.check_witnesses(
        dataclasses.replace(visit, **NEUTRAL), resolved, {**NO_UNITS, "V-2007": ("C01-G03-E07-B10",)}
    )


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ({"visitors": ("V-2007", "V-2001")}, "V-2001"),  # helped
        ({"recorded_by": "V-2002"}, "V-2002"),
        ({"visitors": ("P-0009",)}, "P-0009"),  # checked
    ],
)
def test_whoever_handled_or_checked_it_hears_no_answer_and_writes_none_down(visit, resolved, change, by):
    visit = dataclasses.replace(visit, **{**NEUTRAL, **change})

    with pytest.raises(domain.NotNeutral) as refused:
        domain.check_witnesses(visit, resolved, dict.fromkeys(visit.witnesses, ()))

    assert refused.value.details == {"by": by, "units": []}


def test_nobody_of_a_unit_that_handled_it_hears_an_answer(visit, handled, now):
    resolved, _ = domain.resolve(handled, by="P-0008", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)
    visit = dataclasses.replace(visit, **NEUTRAL)

    for unit in ("PC-0007", "C01-G03-E07-B09"):
        with pytest.raises(domain.NotNeutral, match="for no unit that handles it"):
            domain.check_witnesses(visit, resolved, {**NO_UNITS, "V-2007": (unit,)})
