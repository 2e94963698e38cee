"""Facts of mediations."""

from dataclasses import dataclass
from datetime import date

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class MediationOpened(Event, type="mediation.opened", subject="mediation_id", zh="调解已启动"):
    """Both parties agreed to be mediated between."""

    mediation_id: str
    issue_id: str
    mediator_id: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class MediationConcluded(Event, type="mediation.concluded", subject="mediation_id", zh="调解已结束"):
    """The parties agreed in writing, or did not; what they agreed on stays here.

    Until `confirm_in_court_until` they may have the agreement confirmed in court, together.
    """

    mediation_id: str
    issue_id: str
    agreed: bool
    reporter_ref: str | None = None
    title: str | None = None
    confirm_in_court_until: date | None = None
