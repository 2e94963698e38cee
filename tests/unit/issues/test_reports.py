from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues import domain
from shared.actor import Actor
from shared.clock import COMMUNITY_TIME
from tests.support.lives import Life, S
from tests.support.times import NOW

RULES = domain.Rules()


def slice_of(state, days=None, *, overdue=False):
    ended_as = state if state in domain.ENDED else None
    return domain.Slice(state=state, ended_as=ended_as, days_open=days, overdue=overdue)


def test_a_period_is_whole_days_of_community_time():
    period = domain.Period(since=date(2025, 3, 1), until=date(2025, 3, 31))

    assert period.starts_at == datetime(2025, 3, 1, tzinfo=COMMUNITY_TIME)
    assert period.ends_at == datetime(2025, 4, 1, tzinfo=COMMUNITY_TIME)


@pytest.mark.parametrize("until", [date(2025, 2, 28), date(2028, 3, 6)])
def test_a_period_that_ends_before_it_begins_or_is_too_long_is_refused_with_what_is_allowed(until):
    with pytest.raises(domain.PeriodNotValid, match="until must lie 0 to 1099 days after since") as refused:
        domain.Period(since=date(2025, 3, 1), until=until)

    assert refused.value.details == {"since": "2025-03-01", "until": until.isoformat(), "longest_days": 1100}


def test_issues_are_counted_by_what_became_of_them():
    counts = domain.issue_counts(
        {
            slice_of(S.IN_PROGRESS, overdue=True): 2,
            slice_of(S.RESOLVED): 3,
            slice_of(S.CLOSED, 1): 3,
            domain.Slice(state=S.ARCHIVED, ended_as=S.CLOSED, days_open=1, overdue=False): 1,
            slice_of(S.CLOSED, 8, overdue=True): 1,  # a call is overdue, not the issue
            slice_of(S.WITHDRAWN, 5): 7,
        }
    )

    assert (counts.reported, counts.open, counts.overdue) == (17, 5, 2)
    assert counts.states == {"in_progress": 2, "resolved": 3, "closed": 4, "withdrawn": 7, "archived": 1}
    assert counts.days_open == domain.Spread(cases=5, mean=2.4, median=1.0, p90=8)


def test_of_ten_cases_nine_were_over_within_p90():
    assert domain.spread((day, 1) for day in range(1, 11)) == domain.Spread(cases=10, mean=5.5, median=5.5, p90=9)


def test_without_a_case_there_is_no_spread():
    assert domain.spread([(None, 5)]) == domain.Spread(cases=0, mean=None, median=None, p90=None)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_the_spread_of_counted_days_is_that_of_the_days_one_by_one(days):
    found = domain.spread((day, days.count(day)) for day in set(days))

    ordered = sorted(days)
    half = len(days) / 2
    assert sum(day < found.median for day in days) <= half
    assert sum(day > found.median for day in days) <= half
    assert sum(day <= found.p90 for day in days) >= 0.9 * len(days)
    assert sum(day < found.p90 for day in days) < 0.9 * len(days)
    assert found.mean == round(sum(ordered) / len(ordered), 1)


# -- ranking


def rates_of(triaged, satisfaction, times):
    line = Life(triaged).go(S.IN_PROGRESS).resolve().confirm(satisfaction).issue.record
    return domain.rates({line: times}, RULES)


@pytest.fixture
def units(triaged):
    return {
        "C01-G01": rates_of(triaged, 3, 20),
        "C01-G02": rates_of(triaged, 5, 9),  # the best of all, and too few
        "C01-G03": rates_of(triaged, 5, 10),
        "C01-G04": rates_of(triaged, 4, 30),
        "C01-G05": domain.rates({}, RULES),
    }


def test_a_unit_with_few_cases_has_rates_and_no_rank(units):
    ranked = domain.rank(units, RULES)

    assert [(one.group, one.rank) for one in ranked] == [
        ("C01-G03", 1),
        ("C01-G04", 1),
        ("C01-G01", 3),
        ("C01-G02", None),
        ("C01-G05", None),
    ]
    assert ranked[3].rates.composite == 100.0


def test_whoever_is_not_of_the_staff_sees_no_figures_of_few_cases(units, resident, administrator):
    ranked = domain.rank(units, RULES)
    total = rates_of_all = units["C01-G04"]

    shown = domain.shown_to(resident, ranked, total, RULES)

    assert [one.group for one in shown] == ["C01-G03", "C01-G04", "C01-G01"]
    assert domain.shown_to(administrator, ranked, rates_of_all, RULES) == ranked
    with pytest.raises(domain.TooFewCases, match="shown from 10 cases on"):
        domain.shown_to(resident, [], units["C01-G02"], RULES)


# -- work lists


def test_a_position_is_read_as_it_was_written():
    position = domain.Position(due_at=NOW + timedelta(milliseconds=7), issue_id="IS-0101")

    assert str(position) == "1740963600007/IS-0101"
    assert domain.Position.read(str(position)) == position


@pytest.mark.parametrize("text", ["", "IS-0101", "x/IS-0101", "-5/IS-0101", "12345678901234/IS-0101", "5/"])
def test_a_position_that_no_page_gave_is_refused(text):
    with pytest.raises(domain.NoSuchPage, match="the `next` of the page before"):
        domain.Position.read(text)


def test_staff_is_whoever_has_a_role_of_the_table(resident):
    assert domain.is_staff(Actor(id="P-0007", roles=("verifier",)))
    assert not domain.is_staff(resident)
    assert not domain.is_staff(Actor(id="x", roles=("by_itself",)))
