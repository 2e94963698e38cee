"""Questions in, views out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

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


NOT_SAID_ALOUD = ("minutes", "withdrawn_for", "postponements")
NOT_OF_A_HOUSEHOLD = ("topic", "options", "material", "affected", "proposers")  # of a guarded issue


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
class ListDeliberations(Page):
    """List deliberations by number: of an issue, or in a state."""

    issue_id: Id | None = None
    state: domain.DeliberationState | None = None


@dataclass(frozen=True, kw_only=True)
class ListObjections(Page):
    """List what people have against a result."""

    deliberation_id: Id


@dataclass(frozen=True, kw_only=True)
class CheckTopic:
    """Ask whether and how a matter may be decided; without a matter the issue's category says which."""

    issue_id: Id
    matter: domain.Matter | None = None
    rule: domain.VotingRule | None = None
    affected: Annotated[tuple[Id, ...], validate.Length(max=100)] = ()


def view(entity: Any) -> dict[str, Any]:
    """Show everything of a dataclass."""
    shown: dict[str, Any] = dump(entity)
    return shown


def answer(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view as a command answers it: without the revision, which is given at commit."""
    return {name: value for name, value in view.items() if name != "revision"}


def deliberation_view(
    deliberation: domain.Deliberation, *, whole: bool = True, guarded: bool = False
) -> dict[str, Any]:
    """Show a deliberation with the steps taken and the next one; what was said only if `whole`.

    What is asked about a `guarded` issue says where a household lives, and is shown only if `whole` too.
    """
    hidden = () if whole else NOT_SAID_ALOUD + (NOT_OF_A_HOUSEHOLD if guarded else ())
    shown = {name: value for name, value in view(deliberation).items() if name not in hidden}
    if not whole and shown["evaluation"]:
        del shown["evaluation"]["remark"]
    labels = {row.step: {"zh": row.zh, "en": row.en} for row in domain.STEPS}
    taken = [{**view(done), **labels[done.step]} for done in deliberation.steps]
    return {**shown, "steps": taken, "next_step": dump(deliberation.next_step), "masked": not whole}


def project_view(project: domain.Project, now: datetime) -> dict[str, Any]:
    """Show a project, and whether it runs on after its deadline."""
    return {**view(project), "overdue": project.is_overdue(now)}


def page(items: Sequence[dict[str, Any]], limit: int, key: str) -> dict[str, Any]:
    """Show the first `limit` of the items found, and after which one the rest goes on."""
    return {"items": list(items[:limit]), "next": items[limit - 1][key] if len(items) > limit else None}


def issue_view(issue: domain.Issue, *, whole: bool = True) -> dict[str, Any]:
    """Show an issue with its title, and without what is nobody else's business unless `whole`."""
    shown = {name: value for name, value in view(issue).items() if whole or name in OPEN}
    return {**shown, "title": issue.title, "masked": not whole}
