import dataclasses
from datetime import timedelta

from services.issues import domain

LIFT = "LIFT-9-1"
MONTH = timedelta(days=30)


def reports(first, *moments):
    """Report on one asset at these moments, and say of each whether it is repeated."""
    known, said = None, []
    for number, moment in enumerate(moments):
        issue = dataclasses.replace(first, issue_id=f"IS-{number}", reported_at=moment)
        known = domain.note_report(known, LIFT, issue)
        assert domain.note_report(known, LIFT, issue) == known
        said.append(known.repeated)
    return said


def test_each_report_within_thirty_days_after_another_one_is_repeated(reported, now):
    moments = [now, now + MONTH, now + 2 * MONTH, now + 3 * MONTH + timedelta(seconds=1)]

    assert reports(reported, *moments) == [False, True, True, False]


def test_of_reports_at_one_instant_one_is_the_first(reported, now):
    assert reports(reported, now, now, now) == [False, True, True]


def test_a_report_of_a_clock_that_is_late_comes_after_what_is_noted(reported, now):
    late = [now, now - timedelta(seconds=2), now + MONTH - timedelta(seconds=1)]

    assert reports(reported, *late) == [False, True, True]
