"""Facts of deliberations."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class DeliberationOpened(Event, type="deliberation.opened", subject="deliberation_id", zh="协商议事已启动"):
    """Everybody on the roll may vote."""

    deliberation_id: str
    issue_id: str
    rule: str
    roll_size: int
    meets_at: datetime | None
    voter_refs: tuple[str, ...] = ()
    title: str | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationPassed(Event, type="deliberation.passed", subject="deliberation_id", zh="协商议事已通过"):
    """The roll agreed; votes are persons, turnout is their share of the roll, 0 to 1."""

    deliberation_id: str
    issue_id: str
    turnout: float
    votes_for: int
    votes_against: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationRejected(Event, type="deliberation.rejected", subject="deliberation_id", zh="协商议事未通过"):
    """The roll did not agree; votes are persons, turnout is their share of the roll, 0 to 1."""

    deliberation_id: str
    issue_id: str
    turnout: float
    votes_for: int
    votes_against: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationLapsed(Event, type="deliberation.lapsed", subject="deliberation_id", zh="协商议事因人数不足流会"):
    """Too few took part, in persons or in floor area, to decide anything."""

    deliberation_id: str
    issue_id: str
    present: int
    required: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationPostponed(Event, type="deliberation.postponed", subject="deliberation_id", zh="协商议事已延期"):
    """The meeting that everybody on the roll was called to is put off; `postponement_no` counts from 1."""

    deliberation_id: str
    issue_id: str
    meets_at: datetime
    postponement_no: int
    voter_refs: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationWithdrawn(Event, type="deliberation.withdrawn", subject="deliberation_id", zh="协商议题已撤回"):
    """The vote that everybody on the roll was asked for does not take place; why stays here."""

    deliberation_id: str
    issue_id: str
    reporter_ref: str | None = None
    title: str | None = None
    voter_refs: tuple[str, ...] = ()
