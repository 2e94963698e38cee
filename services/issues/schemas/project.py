"""Commands on a secretary's project."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, ShortText


@dataclass(frozen=True, kw_only=True)
class AcceptanceItem:
    """What must be there at the end, under a short code such as A1."""

    item: Id
    text: ShortText


@dataclass(frozen=True, kw_only=True)
class StartSecretaryProject(Command):
    """Let a secretary lead the problem to acceptance."""

    issue_id: Id
    leader: Id
    goal: ShortText
    deadline: date
    acceptance: Annotated[tuple[AcceptanceItem, ...], validate.Length(1, 50), unique("item")]
    measures: Annotated[tuple[ShortText, ...], validate.Length(max=50)] = ()
    members: Annotated[tuple[Id, ...], validate.Length(max=50)] = ()

    @property
    def plan(self) -> domain.Plan:
        """What the secretary wants to do."""
        return domain.Plan(
            leader=self.leader,
            goal=self.goal,
            deadline=self.deadline,
            acceptance=tuple(domain.AcceptanceItem(item=one.item, text=one.text) for one in self.acceptance),
            measures=self.measures,
            members=self.members,
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check of one acceptance item found."""

    item: Id
    met: bool


@dataclass(frozen=True, kw_only=True)
class AcceptProject(Command):
    """Check the acceptance items; `by` is who checked, never the leader."""

    project_id: Id
    items: Annotated[tuple[Finding, ...], validate.Length(1, 50), unique("item")]
    by: Id | None = None

    @property
    def findings(self) -> dict[str, bool]:
        """Whether each item that was checked is met."""
        return {finding.item: finding.met for finding in self.items}
