"""The tables of transitions: of issues (rows of lifecycles.md in their order), deliberations, mediations, projects."""

from enum import StrEnum

from services.issues.domain.states import ENDED, KEPT, OPEN, UNHANDLED, UNSOLVED, IssueState
from services.issues.domain.table import BY_ITSELF, LifeCycle, Row


class DeliberationState(StrEnum):
    """Whether the roll may still vote, or how the vote ended."""

    OPEN = "open"
    PASSED = "passed"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class ProjectState(StrEnum):
    """Whether the secretary still answers for the project."""

    RUNNING = "running"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class MediationState(StrEnum):
    """Whether the mediator is still at work."""

    OPEN = "open"
    AGREED = "agreed"
    FAILED = "failed"


_I = IssueState
_STAFF = ("triage", "dispatcher", "secretary", "unit")
ISSUE = LifeCycle[IssueState](
    "issue",
    (
        Row(
            command="report_issue",
            to=(_I.REPORTED,),
            guard="client_id is new; no answer stops the form",
            facts=("issue.reported",),
        ),
        Row(
            command="ask_info",
            states=(_I.REPORTED,),
            to=(_I.NEEDS_INFO,),
            who=("triage",),
            guard="at most twice; pauses the accept clock",
            facts=("issue.info_requested",),
        ),
        Row(
            command="give_info",
            states=(_I.NEEDS_INFO,),
            to=(_I.REPORTED,),
            guard="the reporter or a proxy on record",
            facts=("issue.info_given",),
        ),
        Row(
            command="triage",
            states=(_I.REPORTED, _I.NEEDS_INFO),
            to=(_I.TRIAGED,),
            who=("triage",),
            guard="category version, priority, route, responsible unit",
            facts=("issue.triaged", "hazard.flagged"),
        ),
        Row(
            command="reject",
            states=(_I.REPORTED, _I.NEEDS_INFO),
            to=(_I.REJECTED,),
            who=("triage",),
            guard="reason and where to go instead; a complaint needs a second person",
            facts=("issue.approval_requested", "issue.rejected"),
        ),
        Row(
            command="merge",
            states=(_I.REPORTED, _I.TRIAGED),
            to=(_I.MERGED,),
            who=("triage",),
            guard="or the reporter agrees; same place or asset and class; the lead is open and not merged itself, "
            "the member leads no group; nothing guarded; at most 200 members",
            facts=("issue.merged",),
        ),
        Row(
            command="unmerge",
            states=(_I.MERGED,),
            to=(_I.REPORTED, _I.TRIAGED, _I.IN_PROGRESS),
            who=("triage",),
            guard="or the reporter; everything comes back, in_progress only where volunteers were found meanwhile",
            facts=("issue.unmerged",),
        ),
        Row(
            command="follow",
            states=(_I.MERGED,),
            to=(_I.RESOLVED, _I.FORCE_CLOSED, _I.HANDED_OVER, _I.REPORTED, _I.TRIAGED, _I.IN_PROGRESS, _I.MERGED),
            who=(BY_ITSELF,),
            guard="the lead is resolved, force_closed or handed over: the member too, as an issue of its own; "
            "the lead is rejected or withdrawn: the member comes back, of a withdrawn lead's one leads the others",
            facts=("issue.resolved", "issue.force_closed", "issue.handed_over", "issue.unmerged", "issue.merged"),
        ),
        Row(
            command="relapse",
            states=(_I.REPORTED, _I.TRIAGED),
            to=(_I.MERGED,),
            who=("triage",),
            guard="the same asset and class as an issue closed within 30 days, which is reopened and leads",
            facts=("issue.reopened", "issue.assigned", "issue.merged"),
        ),
        Row(
            command="support",
            states=(*UNSOLVED, _I.MERGED),
            guard="once each; not the reporter; nothing guarded",
        ),
        Row(
            command="withdraw_support",
            states=(*UNSOLVED, _I.MERGED),
            guard="who supports it",
        ),
        Row(
            command="dispatch",
            states=(_I.TRIAGED, _I.RETURNED, _I.DISPATCHED),
            to=(_I.DISPATCHED,),
            who=("dispatcher",),
            guard="one lead unit; not the same unit again for the same reason; after the third return nobody, "
            "see rule; away from a unit that has not signed in time",
            facts=("issue.dispatched",),
        ),
        Row(
            command="act",
            states=(_I.TRIAGED, _I.IN_PROJECT),
            to=(_I.IN_PROGRESS,),
            who=("secretary", "unit"),
            guard="a person of our own tree begins; the ladder stops",
            facts=("issue.started",),
        ),
        Row(
            command="act",
            states=(_I.IN_PROGRESS,),
            who=("secretary", "unit"),
            guard="a person of the unit that it came up to takes it on; the ladder stops",
            facts=("issue.started",),
        ),
        Row(
            command="dispatch_filled",
            states=(_I.TRIAGED, _I.IN_PROJECT),
            to=(_I.IN_PROGRESS,),
            who=(BY_ITSELF,),
            guard="volunteers found for the present round; the ladder stops",
        ),
        Row(
            command="dispatch_filled",
            states=(_I.IN_PROGRESS, _I.DELIBERATING, _I.MERGED),
            who=(BY_ITSELF,),
            guard="a vote that is under way goes on; a member waits on, and comes back as begun",
        ),
        Row(
            command="sign",
            states=(_I.DISPATCHED,),
            to=(_I.IN_PROGRESS,),
            who=("unit",),
            guard="the lead unit; the contact clock starts",
            facts=("issue.signed",),
        ),
        Row(
            command="return_issue",
            states=(_I.DISPATCHED,),
            to=(_I.RETURNED, _I.ARBITRATING),
            who=("unit",),
            guard="reason and evidence, inside the return window, not after arbitration; "
            "the third return, or a second unit's, opens arbitration",
            facts=("issue.returned", "issue.arbitration_opened"),
        ),
        Row(
            command="rule",
            states=(_I.ARBITRATING,),
            to=(_I.DISPATCHED,),
            who=("community_secretary",),
            guard="that unit may not return it again",
            facts=("issue.arbitrated", "issue.dispatched"),
        ),
        Row(
            command="record_contact",
            states=(_I.IN_PROGRESS,),
            who=("unit", "secretary"),
            facts=("issue.contacted",),
        ),
        Row(
            command="add_update",
            states=UNSOLVED,
            who=_STAFF,
            facts=("issue.updated",),
        ),
        Row(
            command="assign",
            states=(_I.TRIAGED, _I.IN_PROGRESS),
            who=_STAFF,
            guard="to another unit of our own tree",
            facts=("issue.assigned",),
        ),
        Row(
            command="add_assisting",
            states=(_I.IN_PROGRESS,),
            who=("dispatcher", "secretary"),
            guard="an outside unit that is not in it yet",
            facts=("issue.assisting_added",),
        ),
        Row(
            command="end_assisting",
            states=(_I.IN_PROGRESS,),
            who=("dispatcher", "secretary"),
            facts=("issue.assisting_ended",),
        ),
        Row(
            command="open_deliberation",
            states=(_I.TRIAGED, _I.IN_PROGRESS),
            to=(_I.DELIBERATING,),
            who=("secretary", "triage"),
            guard="the topic passes the check: may we decide it, who is affected, who must vote",
            facts=("deliberation.opened",),
        ),
        Row(
            command="close_vote",
            states=(_I.DELIBERATING,),
            to=(_I.TRIAGED, _I.IN_PROGRESS),
            who=("secretary", "triage"),
            guard="computed from the votes and the rule",
            facts=("deliberation.passed", "deliberation.rejected", "deliberation.lapsed"),
        ),
        Row(
            command="start_secretary_project",
            states=(_I.TRIAGED, _I.IN_PROGRESS),
            to=(_I.IN_PROJECT,),
            who=("secretary",),
            guard="goal, measures, deadline, acceptance items; the ladder stops",
            facts=("secretary_project.started",),
        ),
        Row(
            command="accept_project",
            states=(_I.IN_PROJECT, _I.IN_PROGRESS),
            to=(_I.RESOLVED,),
            who=("secretary", "verifier"),
            guard="not the leader, nobody who handled it; all items met, else it stays",
            facts=("secretary_project.accepted", "secretary_project.returned", "issue.resolved"),
        ),
        Row(
            command="refer_mediation",
            states=(_I.IN_PROGRESS,),
            to=(_I.MEDIATING,),
            who=("mediator",),
            guard="both parties agree to it",
            facts=("mediation.opened",),
        ),
        Row(
            command="conclude_mediation",
            states=(_I.MEDIATING,),
            to=(_I.IN_PROGRESS,),
            who=("mediator",),
            guard="a written agreement, or failure",
            facts=("mediation.concluded",),
        ),
        Row(
            command="suspend",
            states=(_I.IN_PROGRESS,),
            to=(_I.SUSPENDED,),
            who=("unit", "secretary"),
            guard="a dispatcher approves; once, at most a year, public reason",
            facts=("issue.approval_requested", "issue.suspended"),
        ),
        Row(
            command="resume",
            states=(_I.SUSPENDED,),
            to=(_I.IN_PROGRESS,),
            who=(BY_ITSELF,),
            guard="at the date",
            facts=("issue.resumed",),
        ),
        Row(
            command="extend",
            states=(_I.IN_PROGRESS,),
            who=("unit", "secretary"),
            guard="two approve; before the due date, at most twice; the first due date is kept",
            facts=("issue.approval_requested", "issue.extended"),
        ),
        Row(
            command="report_done",
            states=(_I.IN_PROGRESS,),
            to=(_I.HANDLED,),
            who=("unit", "secretary"),
            guard="closing condition of the category, proof, public answer",
            facts=("issue.handled",),
        ),
        Row(
            command="fail_check",
            states=(_I.HANDLED,),
            to=(_I.IN_PROGRESS,),
            who=("verifier",),
            guard="nobody who handled it",
            facts=("issue.check_failed",),
        ),
        Row(
            command="request_help",
            states=(_I.TRIAGED, _I.IN_PROJECT, _I.IN_PROGRESS),
            who=("secretary", "triage", "unit"),
            guard="not after a rejected vote",
            facts=("issue.help_requested",),
        ),
        Row(
            command="resolve",
            states=(_I.HANDLED, _I.IN_PROJECT, _I.IN_PROGRESS),
            to=(_I.RESOLVED,),
            who=("verifier",),
            guard="nobody who handled it; no project under way; the wait for the resident starts",
            facts=("issue.resolved",),
        ),
        Row(
            command="confirm",
            states=(_I.RESOLVED,),
            to=(_I.CLOSED, _I.IN_PROGRESS),
            guard="the reporter, a proxy on record, each member of a group; "
            "3 to 5 closes, 1 or 2 begins the next round",
            facts=("issue.confirmed", "issue.closed", "issue.reopened", "issue.assigned"),
        ),
        Row(
            command="confirm_automatically",
            states=(_I.RESOLVED,),
            to=(_I.CLOSED,),
            who=(BY_ITSELF,),
            guard="after seven days; never counts as solved",
            facts=("issue.confirmed", "issue.closed"),
        ),
        Row(
            command="reopen",
            states=(_I.CLOSED, _I.FORCE_CLOSED),
            to=(_I.IN_PROGRESS,),
            guard="the reporter or a proxy within 30 days, or a relapse on the same asset; "
            "the second reopening goes one level up",
            facts=("issue.reopened", "issue.assigned"),
        ),
        Row(
            command="escalate",
            states=UNSOLVED,
            who=(BY_ITSELF,),
            guard="the time of a level is over; once per level and round",
            facts=("issue.escalated",),
        ),
        Row(
            command="hand_over",
            states=UNSOLVED,
            to=(_I.HANDED_OVER,),
            who=(BY_ITSELF,),
            guard="the time of the highest level is over",
            facts=("issue.handed_over",),
        ),
        Row(
            command="set_deadline",
            states=UNSOLVED,
            who=(),
            guard="an administrator",
            facts=("issue.deadline_set",),
        ),
        Row(
            command="force_close",
            states=UNSOLVED,
            to=(_I.FORCE_CLOSED,),
            who=("secretary", "dispatcher"),
            guard="a second person; reason, public mark, counts as unsolved",
            facts=("issue.approval_requested", "issue.force_closed"),
        ),
        Row(
            command="approve",
            states=UNSOLVED,
            who=("dispatcher", "secretary", "triage"),
            guard="somebody else than who asked or approved, with the role of the kind; "
            "the last one takes the row of what was proposed",
            facts=("issue.rejected", "issue.suspended", "issue.extended", "issue.force_closed"),
        ),
        Row(
            command="decline",
            states=UNSOLVED,
            who=("dispatcher", "secretary", "triage"),
            guard="a proposal waits; it stays on record",
            facts=("issue.approval_declined",),
        ),
        Row(
            command="withdraw",
            states=UNHANDLED,
            to=(_I.WITHDRAWN, *UNHANDLED),
            guard="the reporter; a safety category stays open without the reporter",
            facts=("issue.withdrawn",),
        ),
        Row(
            command="acknowledge_hand_over",
            states=(_I.HANDED_OVER,),
            who=("dispatcher",),
            guard="the district's own number, once",
            facts=("issue.hand_over_acknowledged",),
        ),
        Row(
            command="record_district_result",
            states=(_I.HANDED_OVER,),
            who=("dispatcher",),
            guard="once",
            facts=("issue.district_reported",),
        ),
        Row(
            command="archive",
            states=ENDED,
            to=(_I.ARCHIVED,),
            who=(BY_ITSELF,),
            guard="retention over; what is personal is cut",
            facts=("issue.archived",),
        ),
    ),
)

BESIDE = LifeCycle[IssueState](  # whatever the work is doing: the state stays
    "issue",
    (
        Row(
            command="attach_photo",
            states=(*OPEN, _I.CLOSED),
            who=(*_STAFF, "verifier"),
            guard="or the reporter, a proxy on record, who works on it; 6 of the resident, 12 of the handler",
        ),
        Row(
            command="redact_photo",
            states=KEPT,
            who=_STAFF,
            guard="rectangles inside the photo; what is black stays black",
        ),
        Row(
            command="set_visibility",
            states=KEPT,
            who=("triage",),
            guard="a reason, which stays here",
            facts=("issue.visibility_set",),
        ),
        Row(
            command="set_proxy",
            states=(*OPEN, _I.CLOSED),
            who=_STAFF,
            guard="or the reporter; how they agreed; at most five at a time",
        ),
        Row(
            command="end_proxy",
            states=KEPT,
            who=_STAFF,
            guard="or the reporter, or the proxy",
        ),
    ),
)

_D = DeliberationState
DELIBERATION = LifeCycle(
    "deliberation",
    (
        Row(command="cast_vote", states=(_D.OPEN,)),
        Row(command="close_vote", states=(_D.OPEN,), to=(_D.PASSED, _D.REJECTED, _D.LAPSED)),
    ),
)

_P = ProjectState
PROJECT = LifeCycle(
    "secretary's project",
    (Row(command="accept_project", states=(_P.RUNNING, _P.RETURNED), to=(_P.ACCEPTED, _P.RETURNED)),),
)

_M = MediationState
MEDIATION = LifeCycle(
    "mediation",
    (Row(command="conclude_mediation", states=(_M.OPEN,), to=(_M.AGREED, _M.FAILED)),),
)
