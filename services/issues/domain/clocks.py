"""The clocks of an issue: each runs by itself, warns once, may rest while the work cannot go on, and ends once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.working_time import Span, Unit, counted, length

STAFF = (  # what somebody of the staff has to meet
    ClockKind.ACCEPT,
    ClockKind.LADDER,
    ClockKind.RESOLVE,
    ClockKind.SIGN,
    ClockKind.CONTACT,
    ClockKind.PROMISE,
    ClockKind.VERIFY,
    ClockKind.CALL_BACK,
)
RESTING = (ClockKind.ACCEPT, ClockKind.LADDER, ClockKind.RESOLVE, ClockKind.CONTACT)  # what a pause stops
OURS = (ClockKind.ACCEPT, ClockKind.LADDER)  # what the staff has among itself; RESOLVE is promised to the resident
PERCENT = 100
MERGED = "merged"  # the reason of a pause


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time that does not count: why (a code), by whom, and until when at most."""

    reason: str
    by: str
    since: datetime
    until: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One clock; `first_due_at` is never overwritten.

    `left` are the counted seconds that were left at a pause; one that was finished at rest keeps them until `settle`.
    """

    kind: ClockKind
    round: int
    unit: Unit
    started_at: datetime
    first_due_at: datetime
    due_at: datetime
    next_at: datetime | None  # when it does something by itself: warns, reminds, ends
    early: float = 0.0  # counted seconds before its end at which it warns, as the rules had it when it started
    warn_at: datetime | None = None
    remind_at: tuple[datetime, ...] = ()
    expired_at: datetime | None = None
    finished_at: datetime | None = None
    left: float | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether its time passes, or rests only."""
        return self.finished_at is None

    @property
    def rests(self) -> bool:
        """Whether its time does not count at present."""
        return self.runs and self.left is not None

    @property
    def open_pause(self) -> Pause | None:
        """The pause that it is in."""
        return self.pauses[-1] if self.rests else None


Clocks = tuple[Clock, ...]


def find(clocks: Clocks, kind: ClockKind) -> Clock | None:
    """Return the clock of this kind that runs."""
    return next((clock for clock in clocks if clock.kind is kind and clock.runs), None)


def start(clocks: Clocks, kind: ClockKind, span: Span, *, round_no: int, now: datetime, times: Times) -> Clocks:
    """Let a clock run from now; one of the same kind that runs is finished first."""
    due = times.after(now, span)
    clock = Clock(kind=kind, round=round_no, unit=span.unit, started_at=now, first_due_at=due, due_at=due, next_at=due)
    if kind in STAFF:
        whole = length(span).total_seconds()
        early = whole * times.rules.warn_percent_left / PERCENT
        clock = replace(clock, early=early, warn_at=times.advance(now, whole - early, span.unit))
    if kind is ClockKind.CONFIRM:
        clock = replace(clock, remind_at=tuple(now + timedelta(days=days) for days in times.rules.remind_after_days))
    return (*finish(clocks, (kind,), now), _settled(clock))


def run_until(clocks: Clocks, kind: ClockKind, due_at: datetime, *, round_no: int, now: datetime) -> Clocks:
    """Let a clock run from now to a given moment, without a warning; one of the same kind is finished first."""
    clock = Clock(
        kind=kind,
        round=round_no,
        unit=Unit.NATURAL_DAY,
        started_at=now,
        first_due_at=due_at,
        due_at=due_at,
        next_at=due_at,
    )
    return (*finish(clocks, (kind,), now), clock)


def finish(clocks: Clocks, kinds: Iterable[ClockKind], now: datetime) -> Clocks:
    """End the clocks of these kinds that run."""
    wanted = frozenset(kinds)
    return tuple(_finished(clock, now) if clock.runs and clock.kind in wanted else clock for clock in clocks)


def settle(clocks: Clocks, times: Times) -> Clocks:
    """Give what was finished at rest the end that it would have had, had its time passed again from then on."""
    return tuple(
        clock if clock.runs or clock.left is None else replace(clock, due_at=_due_after_rest(clock, times), left=None)
        for clock in clocks
    )


def pause(clocks: Clocks, *, reason: str, by: str, now: datetime, until: datetime, times: Times) -> Clocks:
    """Stop the time of what is due to the resident, until `until` at most."""
    rest = Pause(reason=reason, by=by, since=now, until=until)
    up_to_date = (_current(clock, now, times) for clock in clocks)
    return tuple(_paused(clock, rest, times) if _may_rest(clock, now) else clock for clock in up_to_date)


def resume(clocks: Clocks, now: datetime, times: Times) -> Clocks:
    """Let the time of every resting clock pass again."""
    return tuple(_resumed(clock, now, times) if clock.rests else clock for clock in clocks)


def silence(clocks: Clocks) -> Clocks:
    """Let no clock do anything by itself any more; all else about them stays."""
    return tuple(replace(clock, next_at=None) for clock in clocks)


def hear(clocks: Clocks, *, since: datetime, by: str, now: datetime, times: Times) -> Clocks:
    """Let silenced clocks do again what is theirs; the staff gets back the time that it had, the resident's ran on."""
    rest = Pause(reason=MERGED, by=by, since=since, until=now)
    return tuple(_heard(clock, rest, now, times) if clock.runs else clock for clock in clocks)


def move(clocks: Clocks, kind: ClockKind, due_at: datetime, times: Times, now: datetime) -> Clocks:
    """Give the running clock of this kind another end, of which it warns again; its first one stays on record."""
    return tuple(_moved(clock, due_at, now, times) if clock.kind is kind and clock.runs else clock for clock in clocks)


def go_on(clocks: Clocks, kind: ClockKind, now: datetime, times: Times) -> Clocks:
    """Let the last clock of this kind run again with the time that was left when it was finished."""
    last = max((number for number, clock in enumerate(clocks) if clock.kind is kind), default=None)
    return tuple(_gone_on(clock, now, times) if number == last else clock for number, clock in enumerate(clocks))


def expire(clocks: Clocks, kind: ClockKind, now: datetime) -> Clocks:
    """Note that the time of this clock is over; it runs on as overdue."""
    return tuple(
        _settled(replace(clock, expired_at=now)) if clock.kind is kind and clock.runs else clock for clock in clocks
    )


def warn(clocks: Clocks, kind: ClockKind, now: datetime) -> Clocks:
    """Note that what this clock has to say before its end, up to now, is said."""
    return tuple(
        _settled(
            replace(
                clock,
                warn_at=None if clock.warn_at and clock.warn_at <= now else clock.warn_at,
                remind_at=tuple(moment for moment in clock.remind_at if moment > now),
            )
        )
        if clock.kind is kind and clock.runs
        else clock
        for clock in clocks
    )


def next_moment(clocks: Clocks) -> datetime | None:
    """Say when something happens by itself next."""
    return min((clock.next_at for clock in clocks if clock.next_at is not None), default=None)


def due(clocks: Clocks) -> datetime | None:
    """Say by when the staff has to do something next; overdue ones count, resting ones do not."""
    clock = _due_next(clocks)
    return clock.due_at if clock else None


def due_kind(clocks: Clocks) -> ClockKind | None:
    """Say which clock that is."""
    clock = _due_next(clocks)
    return clock.kind if clock else None


def _due_next(clocks: Clocks) -> Clock | None:
    waiting = [clock for clock in clocks if clock.runs and not clock.rests and clock.kind in STAFF]
    return min(waiting, key=lambda clock: (clock.due_at, clock.kind), default=None)


def _settled(clock: Clock) -> Clock:
    """Work out what the clock does by itself next."""
    if clock.open_pause is not None:
        return replace(clock, next_at=clock.open_pause.until)
    if clock.expired_at is not None:
        return replace(clock, next_at=None)
    early = [moment for moment in (clock.warn_at, *clock.remind_at) if moment is not None and moment < clock.due_at]
    return replace(clock, next_at=min([*early, clock.due_at]))


def _may_rest(clock: Clock, now: datetime) -> bool:
    return clock.runs and not clock.rests and clock.kind in RESTING and clock.expired_at is None and now < clock.due_at


def _paused(clock: Clock, rest: Pause, times: Times) -> Clock:
    left = counted(rest.since, clock.due_at, clock.unit, times.calendar)
    return _settled(replace(clock, left=left.total_seconds(), pauses=(*clock.pauses, rest)))


def _heard(clock: Clock, rest: Pause, now: datetime, times: Times) -> Clock:
    if clock.kind in OURS and _may_rest(clock, rest.since) and rest.since < now:
        return _resumed(_paused(clock, rest, times), now, times)
    return _settled(clock)


def _resumed(clock: Clock, now: datetime, times: Times) -> Clock:
    """Go on from where the pause ended, which is its cap where that came first; never to an earlier end than before."""
    rested = _resting_over(clock, now)
    due_at = _due_after_rest(rested, times)
    return _due_again(replace(rested, left=None), due_at, rested.pauses[-1].ended_at or now, times)


def _due_after_rest(clock: Clock, times: Times) -> datetime:
    """Say when the time that was left is over, counted from the end of the pause; never earlier than before it."""
    ended_at = clock.pauses[-1].ended_at or clock.due_at
    return max(clock.due_at, times.advance(ended_at, clock.left or 0.0, clock.unit))


def _finished(clock: Clock, now: datetime) -> Clock:
    return replace(_resting_over(clock, now), finished_at=now, next_at=None)


def _current(clock: Clock, now: datetime, times: Times) -> Clock:
    """End a pause whose cap has passed, where nobody has come round to it yet."""
    rested = clock.open_pause
    return clock if rested is None or rested.until > now else _resumed(clock, now, times)


def _moved(clock: Clock, due_at: datetime, now: datetime, times: Times) -> Clock:
    clock = _current(clock, now, times)
    moved = replace(clock, due_at=due_at, expired_at=None)
    if clock.rests:
        moved = replace(moved, left=counted(now, due_at, clock.unit, times.calendar).total_seconds())
    return _settled(_warning(moved, now, times) if clock.kind in STAFF else moved)


def _due_again(clock: Clock, due_at: datetime, now: datetime, times: Times) -> Clock:
    """Set another end; a warning that is still to come keeps its distance to it."""
    clock = replace(clock, due_at=due_at)
    return _settled(clock if clock.warn_at is None else _warning(clock, now, times))


def _warning(clock: Clock, now: datetime, times: Times) -> Clock:
    """Warn as long before the end as at first, at once where less time is left."""
    left = counted(now, clock.due_at, clock.unit, times.calendar).total_seconds()
    return replace(clock, warn_at=times.advance(now, max(0.0, left - clock.early), clock.unit))


def _gone_on(clock: Clock, now: datetime, times: Times) -> Clock:
    if clock.finished_at is None:
        return clock
    running = replace(clock, finished_at=None)
    if clock.finished_at >= clock.due_at:
        return _settled(running)  # overdue as it was
    left = counted(clock.finished_at, clock.due_at, clock.unit, times.calendar)
    return _due_again(running, times.advance(now, left.total_seconds(), clock.unit), now, times)


def _resting_over(clock: Clock, now: datetime) -> Clock:
    if clock.open_pause is None:
        return clock
    ended = replace(clock.open_pause, ended_at=min(now, clock.open_pause.until))
    return replace(clock, pauses=(*clock.pauses[:-1], ended))
