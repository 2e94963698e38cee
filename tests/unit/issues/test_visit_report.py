import dataclasses
from datetime import date

import pytest

from services.issues import domain
from tests.support.times import NOW


@pytest.fixture
def visit():
    return domain.Visit(
        visit_id="VS-0801",
        round_no=7,
        held_on=date(2025, 3, 1),
        kind=domain.VisitKind.DOOR_CALL,
        building_id="C01-G03-E07-B09",
        household_ref="H-1",
        visitors=("P-0007", "V-2001"),
        partners=(),
        people=1,
        dimensions=("living_needs", "strengthen_ties"),
        findings=(),
        consent=True,
        outcome=domain.VisitOutcome.MET,
        recorded_at=NOW,
        recorded_by="P-0007",
    )


def test_the_counts_of_visits_equal_a_hand_count(visit):
    found = domain.Finding(text="灯坏了", dimension="living_needs")
    visits = [
        dataclasses.replace(visit, findings=(dataclasses.replace(found, issue_id="IS-0801"),)),  # one issue
        dataclasses.replace(visit, findings=(dataclasses.replace(found, handled_on_spot=True), found), consent=False),
        dataclasses.replace(visit, outcome=domain.VisitOutcome.NOBODY_HOME, people=0, consent=False),
        dataclasses.replace(
            visit, kind=domain.VisitKind.RECEPTION, people=3, dimensions=("disputes",), follow_up_due=date(2025, 3, 9)
        ),
    ]

    counts = domain.visit_counts(visits)

    assert (counts.visits, counts.door_calls, counts.receptions, counts.people) == (4, 3, 1, 5)  # 1 + 1 + 0 + 3
    assert counts.met == domain.Rate(count=3, of=4, percent=75.0)
    assert counts.consent == domain.Rate(count=2, of=3, percent=66.7)  # of the three met
    assert counts.dimensions == {"disputes": 1, "living_needs": 3, "strengthen_ties": 3}
    assert (counts.follow_ups_open, counts.findings) == (1, 3)
    assert counts.handled_on_spot == domain.Rate(count=1, of=3, percent=33.3)
    assert counts.became_issues == domain.Rate(count=1, of=3, percent=33.3)


def test_a_promise_that_was_kept_is_not_open(visit):
    kept = dataclasses.replace(visit, follow_up_due=date(2025, 3, 9), follow_up_done=date(2025, 3, 8))

    assert domain.visit_counts([kept]).follow_ups_open == 0


def test_of_no_visit_there_is_no_share():
    assert domain.visit_counts([]).met == domain.Rate(count=0, of=0, percent=None)
