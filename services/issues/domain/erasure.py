"""What is cut when the time to keep it is over, or when the resident asks; counts stay as they were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.issues.domain.deliberation import Voter, voter_id
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import ENDED, IssueState
from services.issues.domain.support import Support, support_id
from services.issues.domain.visit import Visit
from services.issues.events import IssueArchived, ResidentErased

CUT: dict[str, Any] = {  # words, and what leads to a person
    "client_id": None,
    "text": "",
    "answers": {},
    "told": None,
    "remark": None,
    "proxies": (),
    "visibility_changes": (),
    "withdraw_reason": None,
    "public_reason": None,
    "exchanges": (),
}
ERASED = "erased"  # a reporter or voter that is nobody any more: `erased:IS-0101`


class Duty(StrEnum):
    """Why something is kept although a resident asked."""

    OPEN = "open"
    LEGAL_DUTY = "legal_duty"


class ErasureReason(StrEnum):
    """Why somebody is erased; a code, for words could name them."""

    OWN_WISH = "own_wish"
    GUARDIANS_WISH = "guardians_wish"
    MOVED_AWAY = "moved_away"
    DECEASED = "deceased"
    COURT_ORDER = "court_order"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """That somebody was erased, and where; not who, and not by whom, who may be the same person."""

    erasure_id: str
    reason: ErasureReason
    at: datetime
    issue_ids: tuple[str, ...]
    kept_ids: tuple[str, ...]
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that is kept for now; `until` None means until it is over."""

    id: str
    reason: Duty
    until: datetime | None = None


def retain(issue: Issue, now: datetime, times: Times) -> Issue:
    """Let the time to keep an issue run while it is in a closed state, and only then."""
    clock = issue.clock(ClockKind.RETENTION)
    if issue.state not in ENDED:
        return issue if clock is None else issue.finish(ClockKind.RETENTION, now=now)
    if clock is not None:
        return issue
    rules = times.rules
    by_visibility = rules.retention_by_visibility.get(issue.visibility, rules.retention)
    span = rules.retention_sensitive if issue.sensitive else by_visibility
    return issue.start(ClockKind.RETENTION, span, now, times)


def archive(issue: Issue, now: datetime) -> tuple[Issue, IssueArchived]:
    """Keep of an issue what is counted, and nothing of the person; raises StateNotAllowed."""
    state = ISSUE.step(issue.state, "archive")
    issue = replace(cut(issue), state=state).finish(*ClockKind, now=now)
    return issue, IssueArchived(issue_id=issue.issue_id)


def cut(issue: Issue) -> Issue:
    """Take the resident's words out of an issue, and put nobody in the resident's place."""
    nobody = f"{ERASED}:{issue.issue_id}"
    persons = {issue.reporter_ref, *(proxy.person for proxy in issue.proxies)}
    confirmed_by = nobody if issue.confirmed_by in persons else issue.confirmed_by
    feedback = tuple(replace(one, by=nobody if one.by in persons else one.by, remark=None) for one in issue.feedback)
    return replace(
        issue, reporter_ref=nobody, confirmed_by=confirmed_by, feedback=feedback, **CUT, **_without_words(issue)
    )


def _without_words(issue: Issue) -> dict[str, Any]:
    """Take out what units, workers and checkers wrote; who they were and when stays for the counts."""
    result = issue.district_result
    return {
        "approvals": tuple(one.without_words() for one in issue.approvals),
        "orders": tuple(replace(order, note=None) for order in issue.orders),
        "returns": tuple(replace(one, evidence=None, photos=()) for one in issue.returns),
        "assisting": tuple(replace(one, task="") for one in issue.assisting),
        "reports": tuple(replace(report, proof=(), answer="") for report in issue.reports),
        "failed_checks": tuple(replace(check, remark=None) for check in issue.failed_checks),
        "district_result": result and replace(result, answer=""),
    }


def kept(issue: Issue, now: datetime) -> Kept | None:
    """Say why an issue cannot be cut yet: somebody is at work on it, or a hazard has to stay on file."""
    if issue.state not in (*ENDED, IssueState.ARCHIVED):
        return Kept(id=issue.issue_id, reason=Duty.OPEN)
    clock = issue.clock(ClockKind.RETENTION)
    if issue.hazard is not None and clock is not None and now < clock.due_at:
        return Kept(id=issue.issue_id, reason=Duty.LEGAL_DUTY, until=clock.due_at)
    return None


def cut_voter(voter: Voter, token: str) -> Voter:
    """Leave a vote without the voter, under a random `token`: the count of the roll stays what it was."""
    nobody = f"{ERASED}:{token}"
    return replace(
        voter,
        voter_id=voter_id(voter.deliberation_id, nobody),
        person_id=nobody,
        cast_by=voter.cast_by and nobody,
        revision=0,
    )


def cut_support(one: Support, token: str) -> Support:
    """Leave a "me too" without the person, under a random `token`: the number of supporters stays what it was."""
    nobody = f"{ERASED}:{token}"
    return replace(one, support_id=support_id(one.issue_id, nobody), person_id=nobody, revision=0)


def cut_finding(visit: Visit, issue_id: str) -> Visit:
    """Take out of a visit what became an issue that is cut itself."""
    findings = tuple(
        replace(one, text="", resident=None) if one.issue_id == issue_id else one for one in visit.findings
    )
    return replace(visit, findings=findings)


def cut_findings(visit: Visit, person: str, kept_ids: Collection[str]) -> Visit:
    """Take a person and what was said of them out of a visit, but for findings whose issue is kept."""
    findings = tuple(
        replace(one, text="", resident=None) if one.resident == person and one.issue_id not in kept_ids else one
        for one in visit.findings
    )
    return replace(visit, findings=findings)


def without_proxy(issue: Issue, person: str) -> Issue:
    """Take a person's own entries as somebody's proxy out of an issue."""
    return replace(issue, proxies=tuple(proxy for proxy in issue.proxies if proxy.person != person))


def erase_person(
    erasure_id: str, reason: ErasureReason, cut: Sequence[str], kept: Sequence[Kept], now: datetime
) -> tuple[Erasure, ResidentErased]:
    """Note what was cut and what could not be."""
    erasure = Erasure(
        erasure_id=erasure_id,
        reason=reason,
        at=now,
        issue_ids=tuple(cut),
        kept_ids=tuple(one.id for one in kept),
    )
    return erasure, ResidentErased(erasure_id=erasure_id, reason=reason, issue_ids=tuple(cut))
