"""Where the work on an issue is, and what a resident sees of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IssueState(StrEnum):
    """Where the work is."""

    REPORTED = "reported"
    NEEDS_INFO = "needs_info"
    TRIAGED = "triaged"
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    ARBITRATING = "arbitrating"
    IN_PROGRESS = "in_progress"
    DELIBERATING = "deliberating"
    MEDIATING = "mediating"
    IN_PROJECT = "in_project"
    SUSPENDED = "suspended"
    HANDLED = "handled"
    RESOLVED = "resolved"
    CLOSED = "closed"
    FORCE_CLOSED = "force_closed"
    HANDED_OVER = "handed_over"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


_I = IssueState
ENDED = (_I.REJECTED, _I.CLOSED, _I.FORCE_CLOSED, _I.HANDED_OVER, _I.WITHDRAWN)  # the closed states
AT_REST = (*ENDED, _I.MERGED, _I.ARCHIVED)
KEPT = tuple(state for state in IssueState if state is not _I.ARCHIVED)
OPEN = tuple(state for state in IssueState if state not in AT_REST)
UNSOLVED = tuple(state for state in OPEN if state is not _I.RESOLVED)  # the work is still to be done or checked
UNHANDLED = tuple(state for state in UNSOLVED if state is not _I.HANDLED)
WITH_UNIT = (_I.IN_PROGRESS,)  # somebody works on it


class Outcome(StrEnum):
    """What came of it; not to be folded into the state."""

    NONE = "none"
    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVABLE = "not_solvable"
    NOT_OURS = "not_ours"
    NOT_TRUE = "not_true"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class Visibility(StrEnum):
    """Who may see it: everybody, everybody without what is personal, those at work on it, or triage alone."""

    PUBLIC = "public"
    MASKED = "masked"
    PRIVATE = "private"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class VisibilityChange:
    """Who decided when and why, in words that stay here, who may see an issue."""

    visibility: Visibility
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Stage:
    """What a resident sees of a state: one of six steps, and a word on it."""

    number: int
    zh: str
    en: str


STATE_ZH: dict[IssueState, str] = {
    _I.REPORTED: "已上报",
    _I.NEEDS_INFO: "待补充",
    _I.TRIAGED: "已受理",
    _I.REJECTED: "不予受理",
    _I.DISPATCHED: "已派单待签收",
    _I.RETURNED: "退单待改派",
    _I.ARBITRATING: "权属裁定",
    _I.IN_PROGRESS: "办理中",
    _I.DELIBERATING: "协商中",
    _I.MEDIATING: "调解中",
    _I.IN_PROJECT: "书记项目",
    _I.SUSPENDED: "挂账",
    _I.HANDLED: "已处置待核查",
    _I.RESOLVED: "待居民确认",
    _I.CLOSED: "办结",
    _I.FORCE_CLOSED: "强制结案",
    _I.HANDED_OVER: "移交区级平台",
    _I.MERGED: "并案",
    _I.WITHDRAWN: "撤回",
    _I.ARCHIVED: "归档",
}

_HANDLED_BY_SOMEBODY = Stage(3, "办理中", "being handled")
STAGES: dict[IssueState, Stage] = {
    _I.REPORTED: Stage(1, "已提交", "submitted"),
    _I.NEEDS_INFO: Stage(1, "已提交,需您补充", "submitted, your answer is needed"),
    _I.TRIAGED: Stage(2, "已受理", "accepted"),
    _I.REJECTED: Stage(6, "已关闭,请查看去向", "closed, with where to go instead"),
    _I.DISPATCHED: _HANDLED_BY_SOMEBODY,
    _I.RETURNED: _HANDLED_BY_SOMEBODY,
    _I.ARBITRATING: _HANDLED_BY_SOMEBODY,
    _I.IN_PROGRESS: _HANDLED_BY_SOMEBODY,
    _I.DELIBERATING: Stage(3, "办理中·协商", "being handled, deliberation"),
    _I.MEDIATING: Stage(3, "办理中·调解", "being handled, mediation"),
    _I.IN_PROJECT: Stage(3, "办理中·书记项目", "being handled, secretary's project"),
    _I.SUSPENDED: Stage(3, "办理中·挂账", "on hold until a date, with the reason"),
    _I.HANDLED: Stage(4, "核查中", "being checked"),
    _I.RESOLVED: Stage(5, "待您确认", "waiting for your confirmation"),
    _I.CLOSED: Stage(6, "已办结", "closed"),
    _I.FORCE_CLOSED: Stage(6, "已关闭(强制)", "closed by decision, counts as unsolved"),
    _I.HANDED_OVER: Stage(3, "已移交区级平台", "handed to the district"),
    _I.MERGED: Stage(3, "已并案,随主案办理", "follows the lead issue"),
    _I.WITHDRAWN: Stage(6, "已撤回", "closed"),
    _I.ARCHIVED: Stage(6, "已归档", "closed"),
}
