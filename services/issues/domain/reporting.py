"""A report becomes an issue: once, however often it is sent (I7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.issues.domain.answers import NoCategoryToAnswer, check_answers
from services.issues.domain.categories import Category, Hazard, Priority
from services.issues.domain.intake import Told
from services.issues.domain.issue import Issue, RequestType, Source
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import Visibility
from services.issues.events import IssueReported
from shared.errors import Refusal


class ClientIdTaken(Refusal):
    """Two different reports carry the same number."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody tells us; `client_id` is their own number of it, `answers` are to the questions of the category."""

    reporter: str
    text: str
    source: Source
    client_id: str | None
    sensitive: bool
    request_type: RequestType = RequestType.HELP
    asset_id: str | None = None
    urgent: bool = False
    category: Category | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    form: bool = True  # whether the questions were asked; a machine answers none
    hazard: Hazard | None = None
    told: Told | None = None


def report_issue(
    issue_id: str, report: Report, *, building: OrgUnit, estate: OrgUnit | None, now: datetime, times: Times
) -> tuple[Issue, IssueReported]:
    """Take a report down; `estate` is the unit above the building, whose name the short place leaves out.

    Raises NoCategoryToAnswer, StopAnswer, AnswersNotValid, in that order.
    """
    issue = Issue(
        issue_id=issue_id,
        client_id=report.client_id,
        reporter_ref=report.reporter,
        building_id=building.org_unit_id,
        responsible_unit=building.org_unit_id,
        place_zh=building.place_zh,
        place_in_estate_zh=building.place_zh.removeprefix(estate.place_zh if estate else "") or building.place_zh,
        source=report.source,
        sensitive=report.sensitive,
        text=report.text,
        reported_at=now,
        hazard=report.hazard,
        told=report.told,
        request_type=report.request_type,
        asset_id=report.asset_id,
        priority=Priority.URGENT if report.urgent else Priority.NORMAL,
        visibility=Visibility.PRIVATE if report.sensitive and report.source is Source.VISIT else Visibility.PUBLIC,
        estate_id=estate.org_unit_id if estate else None,
    )
    rules = times.rules
    issue = _with_form(issue, report)
    issue = issue.start(ClockKind.ACCEPT, rules.accept_urgent if issue.urgent else rules.accept, now, times)
    fact = IssueReported(
        issue_id=issue_id,
        reporter_ref=report.reporter,
        building_id=building.org_unit_id,
        source=report.source,
        sensitive=issue.sensitive,
        title=issue.title,
    )
    return issue, fact


def _with_form(issue: Issue, report: Report) -> Issue:
    """Take over what the reporter says that it is about, and the answers to the questions of that category."""
    if report.category is None:
        if report.answers:
            raise NoCategoryToAnswer("answers belong to the questions of a category, and none is named")
        return issue
    issue = issue.sorted_by(report.category)
    if not (report.form or report.answers):
        return issue
    answers = check_answers(report.category, report.answers)
    return replace(issue, answers=answers, answers_to=report.category.category_id)


def check_same_report(known: Issue, report: Report) -> None:
    """Let the same report come again (I7); raises ClientIdTaken where it is somebody else's."""
    if known.reporter_ref != report.reporter:
        raise ClientIdTaken("another report has this client_id", client_id=report.client_id)
