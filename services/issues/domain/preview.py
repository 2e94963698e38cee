"""What other rules would have done to the issues of the past, from the clocks that ran on them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.issues.domain.clocks import Clock
from services.issues.domain.issue import Issue
from services.issues.domain.rules import ClockKind, Rules, Times
from services.issues.domain.working_time import Span, Unit, counted, length

SIMULATED = (
    "accept",
    "accept_urgent",
    "sign",
    "sign_urgent",
    "contact",
    "resolve",
    "verify",
    "ladder_normal",
    "ladder_hazard",
)
TOLERANCE = 1.0  # second; documents keep milliseconds


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many missed their end under the present rules (`before`) and under the others (`after`).

    `unknown` are those of which the clocks do not tell: they ran under earlier rules, or they went up the tree and
    nobody knows what the unit would have done with more time. `after` may be higher by as many; `judged` are the rest.
    """

    judged: int = 0
    before: int = 0
    after: int = 0
    unknown: int = 0


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Counts by kind of clock, and of issues that missed any end, or went up the tree."""

    issues: int
    clocks: dict[ClockKind, Count] = field(default_factory=dict)
    overdue: Count
    escalated: Count


@dataclass(frozen=True)
class Verdict:
    """Whether one clock missed its end under both rules; None where it cannot be told."""

    before: bool | None
    after: bool | None


def preview(issues: Iterable[Issue], present: Times, other: Rules, now: datetime) -> Preview:
    """Judge every clock that ran on the issues again, under the present and under other rules.

    Pauses are taken as they were, extensions and moved due dates are left out on both sides.
    """
    seen = [_verdicts(issue, present, other, now) for issue in issues]
    kinds = {kind for one in seen for kind, _ in one}
    return Preview(
        issues=len(seen),
        clocks={
            kind: _count(verdict for one in seen for found, verdict in one if found is kind)
            for kind in ClockKind
            if kind in kinds
        },
        overdue=_count(_any(v for kind, v in one if kind is not ClockKind.LADDER) for one in seen),
        escalated=_count(_any(v for kind, v in one if kind is ClockKind.LADDER) for one in seen),
    )


def _verdicts(issue: Issue, present: Times, other: Rules, now: datetime) -> list[tuple[ClockKind, Verdict]]:
    judged = []
    for clock in issue.clocks:
        spans, others = _spans(clock.kind, present.rules), _spans(clock.kind, other)
        if spans:
            found = {
                (span, others[name]) for name, span in spans.items() if _was_given(issue, clock, name, span, present)
            }
            judged.append((clock.kind, _verdict(clock, found, now, present)))
    return judged


def _verdict(clock: Clock, found: set[tuple[Span, Span]], now: datetime, times: Times) -> Verdict:
    """Judge under both spans; with none, or several that it may have been, nothing can be told."""
    if len(found) != 1:
        return Verdict(None, None)
    [(span, another)] = found
    before, after = _missed(clock, span, now, times), _missed(clock, another, now, times)
    went_up = clock.kind is ClockKind.LADDER and before and not after and clock.finished_at is not None
    return Verdict(before, None if went_up else after)


def _was_given(issue: Issue, clock: Clock, name: str, span: Span, times: Times) -> bool:
    """Whether the clock ran under this rule: as long, and where the issue tells, of its class."""
    if name.startswith("resolve.") and name != f"resolve.{issue.deadline_class}":
        return False
    if name.startswith("ladder_") and name.startswith("ladder_hazard.") != (issue.hazard is not None):
        return False
    given = counted(clock.started_at, clock.first_due_at, clock.unit, times.calendar)
    return span.unit is clock.unit and abs((given - length(span)).total_seconds()) < TOLERANCE


def _missed(clock: Clock, span: Span, now: datetime, times: Times) -> bool:
    due_at = times.after(clock.started_at, span)
    for pause in clock.pauses:
        if pause.since < due_at:
            left = counted(pause.since, due_at, span.unit, times.calendar)
            due_at = times.advance(pause.ended_at or min(now, pause.until), left.total_seconds(), span.unit)
    ended_at = clock.finished_at or now
    return ended_at > due_at or (clock.kind is ClockKind.LADDER and ended_at == due_at)


def _spans(kind: ClockKind, rules: Rules) -> dict[str, Span]:
    """Name the spans that a clock of this kind may have been given."""
    ladders = {"ladder_normal": rules.ladder_normal, "ladder_hazard": rules.ladder_hazard}
    spans: dict[ClockKind, dict[str, Span]] = {
        ClockKind.ACCEPT: {"accept": rules.accept, "accept_urgent": rules.accept_urgent},
        ClockKind.SIGN: {"sign": rules.sign, "sign_urgent": rules.sign_urgent},
        ClockKind.CONTACT: {"contact": rules.contact},
        ClockKind.VERIFY: {"verify": rules.verify},
        ClockKind.RESOLVE: {f"resolve.{name}": span for name, span in rules.resolve.items()},
        ClockKind.LADDER: {
            f"{name}.{level}": Span(hours, Unit.URGENT_HOUR)
            for name, ladder in ladders.items()
            for level, hours in ladder.items()
        },
    }
    return spans.get(kind, {})


def _any(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Judge an issue by its clocks; None where none of them counts."""
    found = list(verdicts)
    if not found:
        return None
    return Verdict(_either([one.before for one in found]), _either([one.after for one in found]))


def _either(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _count(verdicts: Iterable[Verdict | None]) -> Count:
    found = [one for one in verdicts if one is not None]
    tally = Counter(
        name
        for one in found
        for name, holds in (
            ("judged", None not in (one.before, one.after)),
            ("before", one.before),
            ("after", one.after),
            ("unknown", None in (one.before, one.after)),
        )
        if holds
    )
    return Count(**tally)
