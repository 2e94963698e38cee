"""The clocks under every order of starts, pauses, moves and ticks that chance thinks of."""

import dataclasses
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues import domain
from services.issues.domain import ClockKind, Span, Unit, clocks
from services.issues.domain.rules import Times
from services.issues.domain.working_time import counted, length
from tests.support.times import NOW, TIMES

HOUR = timedelta(hours=1)
MOMENTS = st.integers(0, 14 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))
SPANS = st.builds(Span, st.sampled_from([0.5, 1, 2, 3, 7]), st.sampled_from(Unit))
GAPS = st.integers(0, 3 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
PAUSES = st.tuples(st.just("pause"), GAPS, st.integers(1, 200).map(lambda hours: hours * HOUR))
RESUMES = st.tuples(st.just("resume"), GAPS, st.none())
MOVES = st.tuples(st.just("move"), GAPS, st.integers(1, 200).map(lambda hours: hours * HOUR))
STEPS = st.lists(st.one_of(PAUSES, RESUMES), max_size=8)
STEPS_AND_MOVES = st.lists(st.one_of(PAUSES, RESUMES, MOVES), max_size=8)


def started(span, begun, kind=ClockKind.RESOLVE):
    return clocks.start((), kind, span, round_no=1, now=begun, times=TIMES)


def taken(running, step, now):
    """Take one step of a history at a moment."""
    name, _, much = step
    if name == "pause":
        return clocks.pause(running, reason="needs_info", by="P-1", now=now, until=now + much, times=TIMES)
    if name == "resume":
        return clocks.resume(running, now, TIMES)
    return clocks.move(running, ClockKind.RESOLVE, now + much, TIMES, now)


def history(span, begun, steps):
    """Yield the moment and the one clock after each step."""
    running, now = started(span, begun), begun
    yield now, running[0]
    for step in steps:
        now += step[1]
        running = taken(running, step, now)
        yield now, running[0]


@given(SPANS, MOMENTS, STEPS_AND_MOVES)
def test_what_was_promised_first_is_never_overwritten(span, begun, steps):
    assert {clock.first_due_at for _, clock in history(span, begun, steps)} == {TIMES.after(begun, span)}


@given(SPANS, MOMENTS, STEPS)
def test_pauses_never_move_an_end_backwards(span, begun, steps):
    ends = [clock.due_at for _, clock in history(span, begun, steps)]

    assert ends == sorted(ends)


@given(SPANS, MOMENTS, STEPS)
def test_the_time_from_start_to_end_without_the_pauses_is_what_was_given(span, begun, steps):
    *_, (now, clock) = history(span, begun, [*steps, ("resume", timedelta(), None)])

    rested = sum((counted(one.since, one.ended_at, span.unit, TIMES.calendar) for one in clock.pauses), timedelta())
    whole = counted(begun, clock.due_at, span.unit, TIMES.calendar)
    assert not clock.rests
    assert abs(whole - rested - length(span)) < timedelta(milliseconds=1)
    assert all(one.since <= one.ended_at <= min(one.until, now) for one in clock.pauses)


@given(SPANS, MOMENTS, STEPS_AND_MOVES)
def test_a_moved_end_is_kept_or_comes_later_by_pauses(span, begun, steps):
    *_, (now, moved) = history(span, begun, [*steps, ("move", HOUR, 30 * HOUR)])

    [after] = clocks.resume((moved,), now + HOUR, TIMES)

    assert moved.due_at == now + 30 * HOUR
    assert after.due_at >= moved.due_at
    assert moved.expired_at is None


@given(SPANS, MOMENTS, STEPS_AND_MOVES)
def test_a_resting_clock_does_nothing_by_itself_but_end_its_pause(span, begun, steps):
    for _, clock in history(span, begun, steps):
        if clock.rests:
            assert clock.next_at == clock.open_pause.until
            assert clocks.due((clock,)) is None


@given(SPANS, MOMENTS, STEPS_AND_MOVES, GAPS)
def test_a_finished_clock_does_nothing_any_more_and_has_no_open_pause(span, begun, steps, gap):
    *_, (now, clock) = history(span, begun, steps)

    [done] = clocks.finish((clock,), ClockKind, now + gap)
    again = clocks.finish((done,), ClockKind, now + gap + HOUR)

    assert (done.finished_at, done.next_at, done.rests) == (now + gap, None, False)
    assert all(one.ended_at is not None for one in done.pauses)
    assert again == (done,)


@given(SPANS, MOMENTS, STEPS)
def test_it_warns_when_a_fifth_of_what_was_given_is_left(span, begun, steps):
    *_, (now, clock) = history(span, begun, [*steps, ("resume", timedelta(), None)])

    left = counted(clock.warn_at, clock.due_at, span.unit, TIMES.calendar)
    assert clock.warn_at <= clock.due_at
    assert abs(left - length(span) / 5) < timedelta(milliseconds=1) or (
        left < length(span) / 5 and clock.warn_at <= now
    )


def test_the_share_at_which_it_warns_is_the_one_of_its_start():
    running = started(Span(10, Unit.URGENT_HOUR), NOW)
    strict = Times(dataclasses.replace(domain.Rules(), warn_percent_left=50), TIMES.calendar)

    running = clocks.pause(running, reason="needs_info", by="P-1", now=NOW + HOUR, until=NOW + 99 * HOUR, times=strict)
    [clock] = clocks.resume(running, NOW + 3 * HOUR, strict)

    assert (clock.warn_at, clock.due_at) == (NOW + 10 * HOUR, NOW + 12 * HOUR)


def test_after_the_cap_the_time_counts_even_if_nobody_looked():
    running = started(Span(10, Unit.URGENT_HOUR), NOW)
    running = clocks.pause(running, reason="needs_info", by="P-1", now=NOW + HOUR, until=NOW + 3 * HOUR, times=TIMES)

    [clock] = clocks.resume(running, NOW + 50 * HOUR, TIMES)

    assert (clock.due_at, clock.pauses[-1].ended_at) == (NOW + 12 * HOUR, NOW + 3 * HOUR)


def test_a_pause_after_a_cap_that_nobody_has_looked_at_is_one_of_its_own():
    running = started(Span(10, Unit.URGENT_HOUR), NOW)
    running = clocks.pause(running, reason="needs_info", by="P-1", now=NOW + HOUR, until=NOW + 3 * HOUR, times=TIMES)
    running = clocks.pause(running, reason="suspended", by="P-2", now=NOW + 5 * HOUR, until=NOW + 9 * HOUR, times=TIMES)

    [clock] = clocks.resume(running, NOW + 6 * HOUR, TIMES)

    assert [(one.reason, one.ended_at) for one in clock.pauses] == [
        ("needs_info", NOW + 3 * HOUR),
        ("suspended", NOW + 6 * HOUR),
    ]
    assert clock.due_at == NOW + 13 * HOUR


def test_an_end_that_is_moved_during_a_pause_comes_later_by_the_rest_of_it():
    running = started(Span(10, Unit.URGENT_HOUR), NOW)
    running = clocks.pause(running, reason="needs_info", by="P-1", now=NOW + HOUR, until=NOW + 99 * HOUR, times=TIMES)
    running = clocks.move(running, ClockKind.RESOLVE, NOW + 40 * HOUR, TIMES, NOW + 2 * HOUR)

    [clock] = clocks.resume(running, NOW + 5 * HOUR, TIMES)

    assert (clock.due_at, clock.warn_at) == (NOW + 43 * HOUR, NOW + 41 * HOUR)


def test_what_is_overdue_does_not_rest():
    running = started(Span(1, Unit.URGENT_HOUR), NOW)

    for moment in (NOW + HOUR, NOW + 2 * HOUR):
        assert clocks.pause(running, reason="x", by="P-1", now=moment, until=moment + HOUR, times=TIMES) == running


def test_a_pause_in_which_no_working_time_is_left_keeps_the_end():
    saturday = datetime.fromisoformat("2025-03-08T10:00:00+08:00")
    running = clocks.move(started(Span(2, Unit.WORK_DAY), NOW), ClockKind.RESOLVE, saturday + 26 * HOUR, TIMES, NOW)

    running = clocks.pause(running, reason="x", by="P-1", now=saturday, until=saturday + 9 * HOUR, times=TIMES)
    [clock] = clocks.resume(running, saturday + HOUR, TIMES)

    assert clock.due_at == saturday + 26 * HOUR


@pytest.mark.parametrize("kind", list(ClockKind))
def test_only_what_is_due_to_the_resident_rests(kind):
    running = started(Span(5, Unit.NATURAL_DAY), NOW, kind)

    [clock] = clocks.pause(running, reason="x", by="P-1", now=NOW + HOUR, until=NOW + 9 * HOUR, times=TIMES)

    resting = {ClockKind.ACCEPT, ClockKind.LADDER, ClockKind.RESOLVE, ClockKind.CONTACT}
    assert clock.rests is (kind in resting)


def test_one_clock_of_a_kind_runs_at_a_time():
    running = started(Span(1, Unit.NATURAL_DAY), NOW)

    running = clocks.start(
        running, ClockKind.RESOLVE, Span(2, Unit.NATURAL_DAY), round_no=2, now=NOW + HOUR, times=TIMES
    )
    running = clocks.run_until(running, ClockKind.RESOLVE, NOW + 9 * HOUR, round_no=3, now=NOW + 2 * HOUR)

    assert [clock.finished_at for clock in running] == [NOW + HOUR, NOW + 2 * HOUR, None]
    assert clocks.find(running, ClockKind.RESOLVE).due_at == NOW + 9 * HOUR


@given(SPANS, MOMENTS, STEPS_AND_MOVES, GAPS)
def test_an_end_is_the_same_whether_the_pause_ends_before_the_clock_or_with_it(span, begun, steps, gap):
    *_, (now, clock) = history(span, begun, steps)

    [with_it] = clocks.settle(clocks.finish((clock,), ClockKind, now + gap), TIMES)
    resumed = clocks.resume((clock,), now + gap, TIMES)
    [before] = clocks.settle(clocks.finish(resumed, ClockKind, now + gap), TIMES)

    assert (with_it.due_at, with_it.pauses, with_it.left) == (before.due_at, before.pauses, None)
    assert clocks.settle((with_it,), TIMES) == (with_it,)


@pytest.mark.parametrize(
    ("finished", "due"),
    [
        ("2025-03-05T10:17:00+08:00", "2025-03-07T10:17:00+08:00"),  # 2 days left when it came to rest on Tuesday
        ("2025-03-07T11:59:00+08:00", "2025-03-11T11:59:00+08:00"),  # over the weekend
        ("2025-03-20T08:00:00+08:00", "2025-03-12T09:00:00+08:00"),  # the cap had passed on Monday the 10th at 9:00
    ],
)
def test_what_is_finished_at_rest_is_due_as_much_later_as_it_rested(finished, due):
    running = started(Span(3, Unit.WORK_DAY), NOW)  # Monday 9:00: due Thursday 9:00
    tuesday = NOW + 24 * HOUR
    running = clocks.pause(running, reason="x", by="P-1", now=tuesday, until=NOW + 7 * 24 * HOUR, times=TIMES)

    [clock] = clocks.settle(clocks.finish(running, ClockKind, datetime.fromisoformat(finished)), TIMES)

    assert (clock.due_at, clock.first_due_at) == (datetime.fromisoformat(due), NOW + 72 * HOUR)
    assert clock.finished_at == datetime.fromisoformat(finished)
