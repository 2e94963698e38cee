"""What the district platform says of an issue that it was handed: its own number, and what came of it."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.records import DistrictResult
from services.issues.domain.states import Outcome
from services.issues.events import IssueDistrictReported, IssueHandOverAcknowledged
from shared.errors import Refusal


class AlreadyAcknowledged(Refusal):
    """The district has it under another number."""


class AlreadyReported(Refusal):
    """The district has reported what came of it."""


def acknowledge_hand_over(
    issue: Issue, reference_no: str, now: datetime
) -> tuple[Issue, tuple[IssueHandOverAcknowledged, ...]]:
    """Take the district's own number instead of ours; the same number again says nothing new.

    Raises StateNotAllowed, AlreadyAcknowledged, in that order.
    """
    state = ISSUE.step(issue.state, "acknowledge_hand_over")
    if issue.acknowledged_at is not None and reference_no != issue.reference_no:
        raise AlreadyAcknowledged(f"the district's number is {issue.reference_no}", reference_no=issue.reference_no)
    if issue.acknowledged_at is not None:
        return issue, ()
    fact = IssueHandOverAcknowledged(
        issue_id=issue.issue_id, reference_no=reference_no, reporter_ref=issue.reporter_ref, title=issue.title
    )
    return replace(issue, state=state, reference_no=reference_no, acknowledged_at=now), (fact,)


def record_district_result(
    issue: Issue, outcome: Outcome, answer: str, *, by: str, now: datetime
) -> tuple[Issue, IssueDistrictReported]:
    """Take down what came of it there, once; raises StateNotAllowed, AlreadyReported, in that order."""
    state = ISSUE.step(issue.state, "record_district_result")
    if issue.district_result is not None:
        raise AlreadyReported(f"the district reported {issue.outcome}", outcome=issue.outcome.value)
    result = DistrictResult(outcome=outcome, answer=answer, by=by, at=now)
    fact = IssueDistrictReported(
        issue_id=issue.issue_id, outcome=outcome, reporter_ref=issue.reporter_ref, title=issue.title
    )
    return replace(issue, state=state, outcome=outcome, district_result=result), fact
