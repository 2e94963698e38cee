"""Issues as the specification's service requests: what everybody may know of a public one, never a resident's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issues.domain import ClockKind, Issue
from services.issues.domain.places import Point
from services.issues.open311.status import CLOSED, standing


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """What we know of an issue's place and unit beside the issue itself."""

    point: Point | None = None
    agency: str | None = None


def service_request(issue: Issue, where: Whereabouts, *, extended: bool) -> dict[str, Any]:
    """Tell of an issue in the fields of the specification; what it has no field for, only where asked."""
    told = standing(issue)
    row = {
        "service_request_id": issue.issue_id,
        "status": told.status,
        "status_notes": notes(issue),
        "service_name": issue.label_zh,
        "service_code": issue.category,
        "description": issue.title,
        "agency_responsible": where.agency,
        "service_notice": None,
        "requested_datetime": issue.reported_at,
        "updated_datetime": updated_at(issue),
        "expected_datetime": None if told.status == CLOSED else expected_at(issue),
        "address": issue.place_zh,
        "address_id": issue.building_id,
        "zipcode": None,
        "lat": where.point.lat if where.point else None,
        "long": where.point.long if where.point else None,
        "media_url": None,  # a photo may show a person
    }
    return row | ({"extended_attributes": _extended(issue)} if extended else {})


def _extended(issue: Issue) -> dict[str, Any]:
    return {
        "state": issue.state.value,
        "status_extended": standing(issue).extended,
        "outcome": issue.outcome.value,
        "round": issue.round,
        "referred_to": issue.referred_to,
        "first_due_datetime": issue.first_due_at,
        "due_datetime": issue.due_at,
    }


def notes(issue: Issue) -> str:
    """Say where it stands, until when it rests, and the reason that was written for everybody."""
    rest = issue.clock(ClockKind.SUSPENSION)
    until = f"至{rest.due_at.date().isoformat()}" if rest else ""
    reason = f"：{issue.public_reason}" if issue.public_reason else ""
    return f"{standing(issue).note}{until}{reason}"


def expected_at(issue: Issue) -> datetime | None:
    """Return when the problem is to be solved: the resident's clock, before triage none."""
    clock = issue.clock(ClockKind.RESOLVE)
    return clock.due_at if clock else None


def is_public(issue: Issue) -> bool:
    """Whether everybody may know of the issue: nobody hid it, and somebody said what it is about."""
    return not issue.guarded and issue.category is not None


def updated_at(issue: Issue) -> datetime:
    """Return when the issue changed last, as far as it carries moments itself."""
    moments = (issue.reported_at, issue.resolved_at, issue.closed_at, *(one.started_at for one in issue.clocks))
    return max(moment for moment in moments if moment is not None)


def accepted(issue: Issue) -> dict[str, Any]:
    """Answer a new request: its id, and under which name its reporter is known here."""
    return {
        "service_request_id": issue.issue_id,
        "service_notice": None,
        "account_id": issue.reporter_ref,
    }
