"""Questions about many issues, and their rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.categories import Code
from services.issues.schemas.questions import view
from shared.schemas import Id, Page


@dataclass(frozen=True, kw_only=True)
class IssueReport:
    """Count the issues reported on these days; `unit` with everything below it."""

    since: date
    until: date
    unit: Id | None = None
    category: Code | None = None
    by: domain.By | None = None

    @property
    def period(self) -> domain.Period:
        """The days; raises PeriodNotValid."""
        return domain.Period(since=self.since, until=self.until)


@dataclass(frozen=True, kw_only=True)
class SatisfactionReport(IssueReport):
    """Count what the residents said about the issues that ended on these days."""


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """Recount the issues that were reported or ended on these days."""

    since: date
    until: date

    @property
    def period(self) -> domain.Period:
        """The days; raises PeriodNotValid."""
        return domain.Period(since=self.since, until=self.until)


@dataclass(frozen=True, kw_only=True)
class VisitReport:
    """Count the visits of a round, or of every round."""

    round_no: Annotated[int, validate.Range(1)] | None = None


@dataclass(frozen=True, kw_only=True)
class Worklist(Page):
    """List what a unit has to do next, with everything below it unless told otherwise."""

    unit: Id | None = None
    state: domain.IssueState | None = None
    due_before: datetime | None = None
    include_below: bool = True

    @property
    def wanted(self) -> domain.Wanted:
        """Which issues; raises NoSuchPage."""
        return domain.Wanted(state=self.state, before=self.due_before, after=_position(self.after))


@dataclass(frozen=True, kw_only=True)
class DueSoon(Page):
    """List the issues whose next step is due within so many hours, of these kinds of clocks or of any."""

    within_hours: Annotated[float, validate.Range(0.1, 24 * 31)]
    unit: Id | None = None
    kinds: Annotated[tuple[domain.ClockKind, ...], validate.ContainsOnly(domain.STAFF)] = ()

    def wanted(self, now: datetime) -> domain.Wanted:
        """Which issues; raises NoSuchPage."""
        return domain.Wanted(
            since=now,
            before=now + timedelta(hours=self.within_hours),
            kinds=self.kinds,
            after=_position(self.after),
        )


def _position(after: str | None) -> domain.Position | None:
    return None if after is None else domain.Position.read(after)


def work_row(issue: domain.Issue, now: datetime) -> dict[str, Any]:
    """Show what is to be done, without a word of a resident; of a guarded issue only where it is.

    Whoever wants to know more looks at the issue, and the look is written down.
    """
    return {
        "issue_id": issue.issue_id,
        "title": issue.title,
        "category": None if issue.guarded else issue.category,
        "hazard": None if issue.guarded else issue.hazard,
        "priority": issue.priority,
        "state": issue.state,
        "state_zh": domain.STATE_ZH[issue.state],
        "state_en": issue.state.value.replace("_", " "),
        "stage": view(domain.STAGES[issue.state]),
        "round": issue.round,
        "responsible_unit": issue.responsible_unit,
        "lead_unit": issue.lead_unit,
        "due_at": issue.next_due_at,
        "clock": issue.next_due_kind,
        "overdue": domain.is_late(issue, now),
        "warning": domain.is_warned(issue),
    }
