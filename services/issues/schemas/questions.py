"""Questions in, views out."""

from dataclasses import dataclass
from typing import Any

from services.issues import domain
from shared.schemas import Id, Page, dump

MASKED = (
    "text",
    "remark",
    "reporter_ref",
    "building_id",
    "responsible_unit",
    "category",
    "hazard",
    "place_zh",
    "place_in_estate_zh",
    "client_id",
    "helpers",
    "confirmed_by",
    "resolved_by",
    "exchanges",
    "approvals",
    "referred_to",
    "withdraw_reason",
)


@dataclass(frozen=True, kw_only=True)
class GetIssue:
    """Look at one issue, where allowed with the eyes of a `viewer`."""

    issue_id: Id
    viewer: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ListIssues(Page):
    """List issues by number; those of one reporter only as far as the asker may see them whole."""

    state: domain.IssueState | None = None
    reporter: Id | None = None


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
    hidden = () if whole else MASKED
    shown = {name: value for name, value in view(issue).items() if name not in hidden}
    return {**shown, "title": issue.title, "masked": not whole}
