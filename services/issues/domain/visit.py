"""Visits (六情大走访): somebody calls at a household or receives residents; what they find may become issues."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.issues.domain.apart import check_neutral
from services.issues.domain.issue import Issue
from services.issues.events import VisitRecorded
from shared.errors import Refusal


class VisitKind(StrEnum):
    """Where people met."""

    DOOR_CALL = "door_call"
    RECEPTION = "reception"


class VisitOutcome(StrEnum):
    """How the call ended."""

    MET = "met"
    NOBODY_HOME = "nobody_home"
    DECLINED = "declined"
    INFORMED = "informed"


class UnknownDimension(Refusal):
    """The office has no such dimension."""


class DimensionsMissing(Refusal):
    """A visit is about at least one dimension."""


class FindingsWithoutMeeting(Refusal):
    """Who met nobody has nothing to report from inside."""


class AnswerIncomplete(Refusal):
    """An answer at the door names the issue, is one, and was given by somebody who was met."""


class VisitInTheFuture(Refusal):
    """A visit is written down after it was made."""


class NoFollowUpDue(Refusal):
    """Nothing was promised, or it was kept already."""


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One of the six 情, as the office calls it; `source` says where the name comes from."""

    dimension: str
    label_zh: str
    label_en: str
    source: str
    active: bool = True
    revision: int = 0


# The three aims on record and three placeholders: nobody has published the other names (glossary).
DIMENSIONS = tuple(
    Dimension(dimension=code, label_zh=zh, label_en=en, source=source)
    for code, zh, en, source in (
        ("reduce_police_calls", "降警情", "fewer police calls", "published aim, Hefei 2023"),
        ("reduce_petitions", "减访情", "fewer petitions", "published aim, Hefei 2023"),
        ("strengthen_ties", "增感情", "closer ties", "published aim, Hefei 2023"),
        ("living_needs", "民情", "living needs", "placeholder: name it as your office does"),
        ("disputes", "诉情", "disputes", "placeholder: name it as your office does"),
        ("public_opinion", "舆情", "public opinion", "placeholder: name it as your office does"),
    )
)


def in_place_of(row: Dimension, earlier: Dimension | None) -> Dimension:
    """Let a row replace the one that is stored under its code."""
    return replace(row, revision=earlier.revision if earlier else 0)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found; with a `category` it becomes a triaged issue, unless it was handled on the spot."""

    text: str
    dimension: str
    resident: str | None = None
    category: str | None = None
    handled_on_spot: bool = False
    sensitive: bool = False
    issue_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One call; household and findings never leave this database."""

    visit_id: str
    round_no: int
    held_on: date
    kind: VisitKind
    building_id: str
    household_ref: str | None
    visitors: tuple[str, ...]
    partners: tuple[str, ...]
    people: int
    dimensions: tuple[str, ...]
    findings: tuple[Finding, ...]
    consent: bool
    outcome: VisitOutcome
    recorded_at: datetime
    recorded_by: str
    client_id: str | None = None
    satisfaction: int | None = None
    confirmed_issue: str | None = None
    follow_up_due: date | None = None
    follow_up_done: date | None = None
    revision: int = 0

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Who heard what was said, and who wrote it down."""
        return tuple(dict.fromkeys((*self.visitors, self.recorded_by)))

    @property
    def issue_ids(self) -> tuple[str, ...]:
        """The issues that its findings became."""
        return tuple(finding.issue_id for finding in self.findings if finding.issue_id)

    @property
    def to_report(self) -> tuple[int, ...]:
        """The places of the findings that become issues: only with consent, and what is still to be done."""
        if not self.consent:
            return ()
        return tuple(place for place, finding in enumerate(self.findings) if not finding.handled_on_spot)


def record_visit(visit: Visit, dimensions: Collection[str], now: datetime) -> Visit:
    """Take a visit down.

    Raises VisitInTheFuture, DimensionsMissing, UnknownDimension, FindingsWithoutMeeting, AnswerIncomplete, in that
    order.
    """
    if visit.held_on > now.date():
        raise VisitInTheFuture("a visit is recorded when it was made", held_on=visit.held_on.isoformat())
    named = (*visit.dimensions, *(finding.dimension for finding in visit.findings))
    if not visit.dimensions:
        raise DimensionsMissing("say what the visit was about", allowed=sorted(dimensions))
    if unknown := sorted(set(named) - set(dimensions)):
        raise UnknownDimension("the office has no such dimension", unknown=unknown, allowed=sorted(dimensions))
    met_nobody = visit.outcome in (VisitOutcome.NOBODY_HOME, VisitOutcome.DECLINED)
    if visit.findings and met_nobody:
        raise FindingsWithoutMeeting("nobody was met", outcome=visit.outcome.value)
    _check_answer(visit, met_nobody=met_nobody)
    return visit


def _check_answer(visit: Visit, *, met_nobody: bool) -> None:
    asked, answered = visit.confirmed_issue is not None, visit.satisfaction is not None
    if asked is not answered:
        raise AnswerIncomplete("an answer names issue_id and satisfaction, both", missing=_MISSING[asked])
    if answered and met_nobody:
        raise AnswerIncomplete("nobody was met who could answer", outcome=visit.outcome.value)


_MISSING = {True: ["satisfaction"], False: ["issue_id"]}


def check_witnesses(visit: Visit, issue: Issue, units: Mapping[str, Collection[str]]) -> None:
    """Let the reporter answer at the door to nobody who has a part in the issue; raises NotNeutral.

    `units` are those that each of the `witnesses` acts for.
    """
    for person in visit.witnesses:
        check_neutral(issue, person, units[person])


def with_issues(visit: Visit, issue_ids: dict[int, str]) -> tuple[Visit, VisitRecorded]:
    """Link the findings to the issues that they became, by their places, and say that the visit is on record."""
    findings = tuple(replace(finding, issue_id=issue_ids.get(place)) for place, finding in enumerate(visit.findings))
    visit = replace(visit, findings=findings)
    fact = VisitRecorded(
        visit_id=visit.visit_id,
        building_id=visit.building_id,
        dimensions=visit.dimensions,
        issue_ids=visit.issue_ids,
        visitors=visit.visitors,
    )
    return visit, fact


def follow_up(visit: Visit, day: date) -> Visit:
    """Note that what was promised at the visit was kept; raises NoFollowUpDue."""
    if visit.follow_up_due is None or visit.follow_up_done is not None:
        raise NoFollowUpDue("no follow-up is due", visit_id=visit.visit_id)
    return replace(visit, follow_up_done=day)


def may_see_visit(visit: Visit, person: str, *, sees_all: bool) -> bool:
    """Show household and findings to those who were there, and to whoever sees everything."""
    return sees_all or person in visit.witnesses
