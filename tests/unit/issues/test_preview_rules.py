"""What other rules would have done, against counts by hand."""

import dataclasses
import json
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain import Around, ClockKind, Level, Priority, Rules, Span, Times, Unit
from services.issues.domain.preview import Count
from shared.errors import InvalidInput
from shared.schemas import load
from tests.support.times import NOW, TIMES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 30 * DAY


def seen(issues, now=LATER, **values):
    return domain.preview(issues, TIMES, domain.proposed(Rules(), load(schemas.PreviewRules, values).changes), now)


@pytest.fixture
def handled_after(reported, assessment, building):
    """Make an issue that was accepted at once and handled after so many days, without a hazard."""

    def make(days, started_after=HOUR):
        harmless = dataclasses.replace(assessment, hazard=None, deadline_class=domain.DeadlineClass.GENERAL)
        issue, _ = domain.triage(reported, harmless, building, NOW, TIMES)
        issue, _ = domain.act(issue, by="P-0009", now=NOW + started_after)
        return issue.finish(ClockKind.RESOLVE, now=NOW + days * DAY)

    return make


def test_a_shorter_time_would_have_made_more_of_them_late(handled_after):
    issues = [handled_after(days) for days in (1, 3, 4, 6, 8)]

    found = seen(issues, resolve={"general": {"amount": 3, "unit": "natural_day"}})

    assert found.issues == 5
    assert found.clocks[ClockKind.RESOLVE] == Count(judged=5, before=1, after=3)
    assert found.overdue == Count(judged=5, before=1, after=3)


def test_a_longer_time_would_have_made_fewer_of_them_late(handled_after):
    issues = [handled_after(days) for days in (6, 8, 11)]

    found = seen(issues, resolve={"general": {"amount": 10, "unit": "natural_day"}})

    assert found.clocks[ClockKind.RESOLVE] == Count(judged=3, before=2, after=1)


def test_what_still_runs_is_late_once_its_end_has_passed(triaged):
    resolve = {"urgent": {"amount": 4, "unit": "urgent_hour"}}

    early, late = seen([triaged], NOW + 3 * HOUR, resolve=resolve), seen([triaged], NOW + 5 * HOUR, resolve=resolve)

    assert early.clocks[ClockKind.RESOLVE] == Count(judged=1, before=1, after=0)
    assert late.clocks[ClockKind.RESOLVE] == Count(judged=1, before=1, after=1)


def test_pauses_are_taken_as_they_were(reported):
    asked, _ = domain.ask_info(reported, "?", by="P-0100", now=NOW + HOUR, times=TIMES)
    answered, _ = domain.give_info(asked, "!", by="R-1001", now=NOW + 2 * DAY, times=TIMES)
    accepted = answered.finish(ClockKind.ACCEPT, now=NOW + 2 * DAY + HOUR)  # two hours counted, two days later

    enough = seen([accepted], accept={"amount": 2, "unit": "work_hour"})
    too_short = seen([accepted], accept={"amount": 1.5, "unit": "work_hour"})

    assert enough.clocks[ClockKind.ACCEPT] == Count(judged=1, before=0, after=0)
    assert too_short.clocks[ClockKind.ACCEPT] == Count(judged=1, before=0, after=1)


def test_what_finished_while_it_rested_was_in_time(reported):
    asked, _ = domain.ask_info(reported, "?", by="P-0100", now=NOW + HOUR, times=TIMES)
    accepted = asked.finish(ClockKind.ACCEPT, now=NOW + 5 * DAY)

    assert seen([accepted], most_questions=1).clocks[ClockKind.ACCEPT] == Count(judged=1)


def test_extensions_count_on_neither_side(handled_after):
    issue = handled_after(8)
    [resolve] = [clock for clock in issue.clocks if clock.kind is ClockKind.RESOLVE]
    moved = dataclasses.replace(
        issue, clocks=(*(set(issue.clocks) - {resolve}), dataclasses.replace(resolve, due_at=NOW + 9 * DAY))
    )

    assert seen([moved], most_questions=1).clocks == seen([issue], most_questions=1).clocks


def test_a_shorter_ladder_would_have_gone_up(handled_after):
    issues = [handled_after(5, started_after=hours * HOUR) for hours in (1, 10, 20)]

    found = seen(issues, ladder_normal={"building": 8})

    assert found.clocks[ClockKind.LADDER] == Count(judged=3, before=0, after=2)
    assert (found.escalated, found.overdue) == (Count(judged=3, before=0, after=2), Count(judged=3))


def test_nobody_knows_what_a_unit_would_have_done_with_more_time(reported, assessment, building, estate):
    harmless = dataclasses.replace(assessment, hazard=None, deadline_class=domain.DeadlineClass.GENERAL)
    issue, _ = domain.triage(reported, harmless, building, NOW, TIMES)
    issue, _ = domain.tick(issue, Around(above=estate, times=TIMES), NOW + DAY)
    issue, _ = domain.act(issue, by="P-0007", now=NOW + DAY + HOUR)

    found = seen([issue], ladder_normal={"building": 48})

    assert found.clocks[ClockKind.LADDER] == Count(judged=1, before=1, after=0, unknown=1)
    assert found.escalated == Count(judged=0, before=1, after=0, unknown=1)


def test_clocks_of_earlier_rules_are_not_judged(reported, assessment, building):
    earlier = Times(dataclasses.replace(Rules(), accept=Span(3, Unit.WORK_DAY)), TIMES.calendar)
    report = domain.Report(reporter="R-1", text="x", source=domain.Source.WECHAT, client_id=None, sensitive=False)
    issue, _ = domain.report_issue("IS-0102", report, building=building, estate=None, now=NOW, times=earlier)

    found = seen([issue], accept={"amount": 2, "unit": "work_day"})

    assert found.clocks[ClockKind.ACCEPT] == Count(unknown=1)


def test_urgent_reports_are_judged_by_the_rule_that_they_had(building):
    report = domain.Report(
        reporter="R-1", text="x", source=domain.Source.WECHAT, client_id=None, sensitive=False, urgent=True
    )
    issue, _ = domain.report_issue("IS-0102", report, building=building, estate=None, now=NOW, times=TIMES)
    issue = dataclasses.replace(issue.finish(ClockKind.ACCEPT, now=NOW + HOUR), priority=Priority.NORMAL)

    assert seen([issue], accept_urgent={"amount": 2, "unit": "urgent_hour"}).overdue == Count(judged=1, before=1)
    assert seen([issue], accept={"amount": 9, "unit": "work_day"}).overdue == Count(judged=1, before=1, after=1)


def test_nothing_seen_is_nothing_counted():
    found = seen([], ladder_hazard={"grid": 1})

    assert (found.issues, found.clocks, found.overdue, found.escalated) == (0, {}, Count(), Count())


def test_the_view_says_what_it_cannot_simulate(triaged):
    request = load(schemas.PreviewRules, {"days": 30, "most_questions": 1, "ladder_normal": {Level.GRID: 3}})
    found = domain.preview([triaged], TIMES, domain.proposed(Rules(), request.changes), LATER)

    shown = schemas.preview_view(found, request, complete=False)

    assert (shown["not_simulated"], shown["complete"], shown["days"]) == (["most_questions"], False, 30)
    assert shown["clocks"]["resolve"] == {"judged": 1, "before": 1, "after": 1, "unknown": 0}
    json.dumps(shown)


@pytest.mark.parametrize("values", [{"days": 0}, {"days": 367}, {"since": "2025-01-01"}, {"accept": 3}])
def test_bad_input_is_refused_by_the_field(values):
    with pytest.raises(InvalidInput) as refused:
        load(schemas.PreviewRules, {"sign": {"amount": 2, "unit": "work_day"}, **values})

    assert set(refused.value.details["fields"]) == set(values)
