"""What is kept of the work on an issue: who was sent it, gave it back, was asked to assist, did it and checked it.

Notes, evidence, tasks, answers and remarks are words of people; they never leave this database.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.issues.domain.states import Outcome


class ReturnReason(StrEnum):
    """Why an outside unit gives an issue back."""

    NOT_RESPONSIBLE = "not_responsible"
    WRONG_PLACE = "wrong_place"
    MISSING_INFORMATION = "missing_information"
    BEYOND_AUTHORITY = "beyond_authority"
    DUPLICATE = "duplicate"


class AssignReason(StrEnum):
    """Why another unit or person of our own is to do it."""

    RESPONSIBLE = "responsible"  # by place or by duty
    EXPERTISE = "expertise"
    WORKLOAD = "workload"
    ABSENCE = "absence"


class ContactWay(StrEnum):
    """How the reporter was spoken to."""

    PHONE = "phone"
    WECHAT = "wechat"
    SMS = "sms"
    DOOR = "door"
    MEETING = "meeting"


class CheckReason(StrEnum):
    """What a check found."""

    NOT_DONE = "not_done"
    PARTLY_DONE = "partly_done"
    CAME_BACK = "came_back"
    PROOF_INSUFFICIENT = "proof_insufficient"
    ANSWER_WRONG = "answer_wrong"


class UpdateKind(StrEnum):
    """What an entry tells: how the work goes, or that somebody spoke to the reporter, or tried to."""

    PROGRESS = "progress"
    CONTACT = "contact"


@dataclass(frozen=True, kw_only=True)
class DispatchOrder:
    """One dispatch (派单): the unit signs by `sign_by` and may give it back until `return_by`, unless it was ruled."""

    dispatch_no: int  # from 1, through all rounds
    round: int
    unit: str
    by: str
    at: datetime
    sign_by: datetime
    return_by: datetime
    note: str | None = None
    ruled: bool = False
    signed_at: datetime | None = None
    signed_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Return:
    """One return (退单) with what the unit shows for it."""

    return_no: int  # from 1 in each round
    round: int
    unit: str
    reason: ReturnReason
    by: str
    at: datetime
    evidence: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assistance:
    """A unit beside the lead (协办) and its task, until a moment where one is named."""

    unit: str
    task: str
    since: datetime
    until: datetime | None = None
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the unit still assists."""
        return self.ended_at is None and (self.until is None or now < self.until)


@dataclass(frozen=True, kw_only=True)
class WorkReport:
    """Who says that it is done, with what was ticked and shown, and the public answer."""

    round: int
    unit: str
    by: str
    at: datetime
    conditions: tuple[str, ...]
    proof: tuple[str, ...]
    answer: str


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """Who checked and found it not done: rework."""

    round: int
    by: str
    at: datetime
    reason: CheckReason
    remark: str | None


@dataclass(frozen=True, kw_only=True)
class DistrictResult:
    """What the district reports of an issue that it was handed."""

    outcome: Outcome
    answer: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Update:
    """One entry in the diary of an issue, numbered from 1."""

    update_id: str  # IS-0401/1
    issue_id: str
    number: int
    kind: UpdateKind
    by: str
    at: datetime
    public: bool
    text: str
    promised_for: date | None = None
    revision: int = 0
