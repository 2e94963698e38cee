"""Where an issue stands, in the two words of the specification and the finer ones of mySociety's extension.

Closed means "it has been resolved" in the specification. So an issue that waits for the resident's answer is open, and
so is one that went on to the district. Of an open one no extended status is said that mySociety's clients take as
closed (`fixed`, `internal_referral`).
"""

from dataclasses import dataclass

from services.issues.domain import Issue, IssueState, Outcome

OPEN, CLOSED = "open", "closed"
_S = IssueState


@dataclass(frozen=True)
class Standing:
    """What others are told of a state: `status` of the specification, `extended` of mySociety, a note to people."""

    status: str
    extended: str
    note: str


STANDINGS: dict[IssueState, Standing] = {
    _S.REPORTED: Standing(OPEN, "for_triage", "已上报"),
    _S.NEEDS_INFO: Standing(OPEN, "for_triage", "待补充"),
    _S.TRIAGED: Standing(OPEN, "investigating", "已受理"),
    _S.REJECTED: Standing(CLOSED, "no_further_action", "不予受理"),
    _S.DISPATCHED: Standing(OPEN, "investigating", "已派单待签收"),
    _S.RETURNED: Standing(OPEN, "investigating", "退单待改派"),
    _S.ARBITRATING: Standing(OPEN, "investigating", "权属裁定"),
    _S.IN_PROGRESS: Standing(OPEN, "in_progress", "办理中"),
    _S.DELIBERATING: Standing(OPEN, "in_progress", "办理中·协商"),
    _S.MEDIATING: Standing(OPEN, "in_progress", "办理中·调解"),
    _S.IN_PROJECT: Standing(OPEN, "in_progress", "办理中·书记项目"),
    _S.SUSPENDED: Standing(OPEN, "planned", "办理中·挂账"),
    _S.HANDLED: Standing(OPEN, "action_scheduled", "已处置待核查"),
    _S.RESOLVED: Standing(OPEN, "action_scheduled", "已办结待居民确认"),
    _S.CLOSED: Standing(CLOSED, "fixed", "办结，居民已确认"),
    _S.FORCE_CLOSED: Standing(CLOSED, "no_further_action", "强制结案"),
    _S.HANDED_OVER: Standing(OPEN, "in_progress", "已移交区级平台"),
    _S.MERGED: Standing(CLOSED, "duplicate", "已并案，随主案办理"),
    _S.WITHDRAWN: Standing(CLOSED, "cancelled", "已撤回"),
    _S.ARCHIVED: Standing(CLOSED, "closed", "已归档"),
}
UNCONFIRMED = Standing(CLOSED, "closed", "办结，未获居民确认")
ELSEWHERE = Standing(CLOSED, "not_councils_responsibility", "不予受理，请向其他部门反映")


def standing(issue: Issue) -> Standing:
    """Say where an issue stands; solved is only what a person confirmed, and what belongs elsewhere is told apart."""
    if issue.state is IssueState.CLOSED and issue.satisfaction is None:
        return UNCONFIRMED
    if issue.state is IssueState.REJECTED and issue.outcome is Outcome.NOT_OURS:
        return ELSEWHERE
    return STANDINGS[issue.state]


def states(*statuses: str) -> list[str]:
    """Return the states that are told as one of these statuses, all where none is named."""
    return [state for state in IssueState if not statuses or STANDINGS[state].status in statuses]
