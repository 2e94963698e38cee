"""Commands and questions on issues that belong together."""

from dataclasses import dataclass
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.categories import Code
from shared.schemas import Command, Id, Page, Text, dump

MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Merge(Command):
    """Let the issue `into` lead this one; by triage, or by the reporter, whose call is the agreement."""

    issue_id: Id
    into: Id
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Unmerge(Command):
    """Let a merged issue stand on its own again."""

    issue_id: Id
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Relapse(Command):
    """Reopen the closed issue `of`, which triage has linked where it is left out, and let it lead this report."""

    issue_id: Id
    of: Id | None = None
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Reopen(Command):
    """Take up a closed issue again; `reason` says in the reporter's words why."""

    issue_id: Id
    reason: Text
    by: Id | None = None
    satisfaction: Annotated[int, validate.Range(1, 5)] | None = None

    def plea(self, by: str) -> domain.Plea:
        """What this person asks for."""
        return domain.Plea(by=by, remark=self.reason, satisfaction=self.satisfaction)


@dataclass(frozen=True, kw_only=True)
class Support(Command):
    """Say "me too"; `person` is who does, where it is not the caller."""

    issue_id: Id
    person: Id | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawSupport(Command):
    """Take a "me too" back."""

    issue_id: Id
    person: Id | None = None


@dataclass(frozen=True, kw_only=True)
class FindSimilar:
    """Look for open issues that a report may be about already."""

    building_id: Id
    text: Text
    asset_id: Id | None = None
    category: Code | None = None
    limit: Annotated[int, validate.Range(1, MOST_SHOWN)] = 10

    def draft(self, estate: domain.OrgUnit | None) -> domain.Draft:
        """What is about to be reported."""
        return domain.Draft(
            text=self.text,
            building_id=self.building_id,
            estate_id=estate.org_unit_id if estate else None,
            asset_id=self.asset_id,
            category=self.category,
        )


@dataclass(frozen=True, kw_only=True)
class ListSupports(Page):
    """List what a person supports, by issue; `person` where it is not the caller."""

    person: Id | None = None


def similar_view(found: domain.Similar) -> dict[str, Any]:
    """Show what a neighbour needs to recognise the problem, and not the words of who reported it."""
    issue = found.issue
    return {
        "issue_id": issue.issue_id,
        "title": issue.title,
        "building_id": issue.building_id,
        "state": issue.state.value,
        "reported_at": dump(issue.reported_at),
        "supporters": issue.supporters + issue.group_supporters,
        "similarity": found.similarity,
        "why": dump(found.why),
    }
