"""Questions in, views out."""

from dataclasses import dataclass
from typing import Any

from services.issues import domain
from shared.schemas import Id, Page, dump

OPEN = frozenset(  # what a masked issue shows; a field that is added later is not shown before it is named here
    {
        "issue_id",
        "source",
        "sensitive",
        "reported_at",
        "state",
        "outcome",
        "round",
        "priority",
        "route",
        "request_type",
        "visibility",
        "first_due_at",
        "due_at",
        "next_due_at",
        "escalation_level",
        "resolved_at",
        "satisfaction",
        "closed_at",
        "forced",
        "end_reason",
        "public_reason",
        "revision",
    }
)


@dataclass(frozen=True, kw_only=True)
class GetIssue:
    """Look at one issue, where allowed with the eyes of a `viewer`."""

    issue_id: Id
    viewer: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ListIssues(Page):
    """List issues by number; those of one reporter or lead only as far as the asker may see them whole.

    `lead_unit` is an outside unit that handles them.
    """

    state: domain.IssueState | None = None
    reporter: Id | None = None
    lead: Id | None = None
    lead_unit: Id | None = None


@dataclass(frozen=True, kw_only=True)
class GetDeliberation:
    """Look at one deliberation."""

    deliberation_id: Id


@dataclass(frozen=True, kw_only=True)
class GetProject:
    """Look at one secretary's project."""

    project_id: Id


def view(entity: Any) -> dict[str, Any]:
    """Show everything of a dataclass."""
    shown: dict[str, Any] = dump(entity)
    return shown


def answer(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view as a command answers it: without the revision, which is given at commit."""
    return {name: value for name, value in view.items() if name != "revision"}


def issue_view(issue: domain.Issue, *, whole: bool = True) -> dict[str, Any]:
    """Show an issue with its title, and without what is nobody else's business unless `whole`."""
    shown = {name: value for name, value in view(issue).items() if whole or name in OPEN}
    return {**shown, "title": issue.title, "masked": not whole}
