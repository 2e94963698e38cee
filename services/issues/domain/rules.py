"""What the office may set: spans, counts and shares, with the defaults of lifecycles.md and stories.md."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.issues.domain.categories import DeadlineClass, Level
from services.issues.domain.states import Visibility
from services.issues.domain.working_time import Calendar, Span, Unit, advance, after


class ClockKind(StrEnum):
    """What runs by itself on an issue."""

    ACCEPT = "accept"  # until triage decides
    LADDER = "ladder"  # until somebody of the responsible level takes it on; R4
    RESOLVE = "resolve"  # until it is handled
    SIGN = "sign"  # until the outside unit signs
    CONTACT = "contact"  # until the unit has spoken to the reporter
    PROMISE = "promise"  # until the day for which the resident was promised something is over
    VERIFY = "verify"  # until somebody else has checked
    CONFIRM = "confirm"  # until the resident has answered
    SUSPENSION = "suspension"  # until the work goes on
    CALL_BACK = "call_back"  # until a resident who did not answer is called
    DURABILITY = "durability"  # until the resident is asked whether it has stayed solved
    RETENTION = "retention"  # until what is personal is cut


DAY, HOUR, WORK_DAY = Unit.NATURAL_DAY, Unit.URGENT_HOUR, Unit.WORK_DAY


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The office's settings, one document; hours of the ladder are calendar hours at each level (R4)."""

    rules_id: str = "issues"
    accept: Span = Span(1, WORK_DAY)
    accept_urgent: Span = Span(0.5, HOUR)
    sign: Span = Span(1, WORK_DAY)
    sign_urgent: Span = Span(1, HOUR)
    return_window: Span = Span(2, WORK_DAY)
    contact: Span = Span(1, WORK_DAY)
    resolve: dict[DeadlineClass, Span] = field(
        default_factory=lambda: {
            DeadlineClass.URGENT: Span(2, HOUR),
            DeadlineClass.UTILITY: Span(24, HOUR),
            DeadlineClass.GENERAL: Span(7, DAY),
            DeadlineClass.COMPLEX: Span(15, DAY),
        }
    )
    verify: Span = Span(1, WORK_DAY)
    confirm: Span = Span(7, DAY)
    remind_after_days: tuple[int, ...] = (3, 6)
    call_back: Span = Span(1, WORK_DAY)
    durability: Span = Span(30, DAY)
    reopen_within: Span = Span(30, DAY)
    relapse_within: Span = Span(30, DAY)  # from closing to another report on the same asset
    ladder_normal: dict[Level, int] = field(
        default_factory=lambda: {Level.BUILDING: 24, Level.ESTATE: 48, Level.GRID: 72, Level.COMMUNITY: 120}
    )
    ladder_hazard: dict[Level, int] = field(
        default_factory=lambda: {Level.BUILDING: 2, Level.ESTATE: 4, Level.GRID: 8, Level.COMMUNITY: 24}
    )
    info_cap: Span = Span(7, DAY)  # a pause ends by itself then, and the clock runs on
    deliberation_cap: Span = Span(30, DAY)
    mediation_cap: Span = Span(30, DAY)  # people's mediation takes a month at most unless both agree to more
    notice_owners: Span = Span(15, DAY)  # before a meeting of owners: Property Management Regulations art. 14
    notice_council: Span = Span(3, DAY)
    public_notice: Span = Span(7, DAY)  # of what was decided
    most_proxy_votes: int = 3  # in one hand
    longest_suspension: Span = Span(365, DAY)
    longest_extension: Span = Span(30, DAY)  # each, from the due date before it
    most_questions: int = 2
    most_returns: int = 3
    most_extensions: int = 2
    warn_percent_left: int = 20
    retention: Span = Span(3 * 365, DAY)
    retention_sensitive: Span = Span(365, DAY)
    retention_by_visibility: dict[Visibility, Span] = field(default_factory=dict)  # in the place of `retention`
    weight_responded: int = 10  # percent of the three rates together
    weight_solved: int = 50
    weight_satisfied: int = 40
    basically_percent: int = 90  # what a basically satisfied resident weighs beside a satisfied one
    fewest_cases: int = 10  # a unit with fewer is not ranked: a few answers would decide
    most_calls: int = 3  # tries to reach a resident after closing
    sample_percent: int = 5  # of the confirmed cases are called about all the same, by somebody else
    version: int = 0  # 0 are the defaults; each change is the next one
    since: datetime | None = None
    set_by: str | None = None
    revision: int = 0


@dataclass(frozen=True)
class Times:
    """The office's settings with the calendar that they are counted by."""

    rules: Rules
    calendar: Calendar

    def after(self, start: datetime, span: Span) -> datetime:
        """Say when the span that begins now is over."""
        return after(start, span, self.calendar)

    def advance(self, start: datetime, seconds: float, unit: Unit) -> datetime:
        """Say when so much counted time is over."""
        return advance(start, timedelta(seconds=seconds), unit, self.calendar)
