"""The tables of what hangs on an issue: deliberations, secretaries' projects, mediations."""

from enum import StrEnum

from services.issues.domain.table import LifeCycle, Row


class DeliberationState(StrEnum):
    """Whether the topic is only proposed, the roll may still vote, or how the vote ended."""

    PROPOSED = "proposed"
    OPEN = "open"
    PASSED = "passed"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ProjectState(StrEnum):
    """Whether the project is applied for, whether the secretary still answers for it, and how it ended."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class MediationState(StrEnum):
    """Whether the mediator is still at work."""

    OPEN = "open"
    AGREED = "agreed"
    FAILED = "failed"


_D = DeliberationState
_BY_OFFICERS = ("secretary", "triage")
_DECIDED = (_D.PASSED, _D.REJECTED)
DELIBERATION = LifeCycle(
    "deliberation",
    (
        Row(command="propose_topic", to=(_D.PROPOSED,)),
        Row(
            command="set_roll",
            states=(_D.PROPOSED,),
            who=_BY_OFFICERS,
            guard="each person once; floor area that adds up; may be set again",
        ),
        Row(
            command="open_deliberation",
            states=(_D.PROPOSED,),
            to=(_D.OPEN,),
            guard="a roll; notice before the meeting; the topic passes the check again",
            facts=("deliberation.opened",),
        ),
        Row(
            command="postpone_deliberation",
            states=(_D.OPEN,),
            who=_BY_OFFICERS,
            guard="to a later moment",
            facts=("deliberation.postponed",),
        ),
        Row(
            command="register_vote_proxy",
            states=(_D.OPEN,),
            who=_BY_OFFICERS,
            guard="authorised in writing; not too many votes in one hand",
        ),
        Row(
            command="cast_vote",
            states=(_D.OPEN,),
            who=_BY_OFFICERS,
            guard="the voter, a proxy on record, or an officer for a vote on paper; once, before the closing moment",
        ),
        Row(
            command="close_vote",
            states=(_D.OPEN,),
            to=(_D.PASSED, _D.REJECTED, _D.LAPSED, _D.WITHDRAWN),
            guard="at the closing moment by itself; withdrawn where the issue has ended meanwhile",
            facts=("deliberation.passed", "deliberation.rejected", "deliberation.lapsed", "deliberation.withdrawn"),
        ),
        Row(
            command="withdraw_topic",
            states=(_D.PROPOSED, _D.OPEN),
            to=(_D.WITHDRAWN,),
            guard="announced only where people were asked already",
            facts=("deliberation.withdrawn",),
        ),
        Row(
            command="record_minutes",
            states=(_D.OPEN, *_DECIDED, _D.LAPSED),
            who=_BY_OFFICERS,
            guard="until somebody has signed",
        ),
        Row(command="sign_resolution", states=_DECIDED, guard="a person on the roll, once"),
        Row(
            command="publish_resolution",
            states=_DECIDED,
            who=_BY_OFFICERS,
            guard="signed by somebody, once; objections are taken until the notice ends",
        ),
        Row(command="object_resolution", states=_DECIDED, guard="while the notice hangs, each person once"),
        Row(
            command="name_executor",
            states=(_D.PASSED,),
            who=_BY_OFFICERS,
            guard="until it is evaluated",
        ),
        Row(
            command="evaluate_deliberation",
            states=(_D.PASSED,),
            who=("secretary", "verifier"),
            guard="an executor is named and is somebody else; once",
        ),
    ),
)

_P = ProjectState
_UNDER_WAY = (_P.RUNNING, _P.RETURNED)
PROJECT = LifeCycle(
    "secretary's project",
    (
        Row(command="apply_project", to=(_P.DRAFT,), who=("secretary",), guard="led by a secretary of any level"),
        Row(
            command="approve_project",
            states=(_P.DRAFT,),
            to=(_P.APPROVED, _P.CANCELLED),
            who=("secretary",),
            guard="neither the leader nor who applied",
        ),
        Row(
            command="start_approved_project",
            states=(_P.APPROVED,),
            to=(_P.RUNNING,),
            who=("secretary",),
            guard="as `start_secretary_project`, which needs no application",
            facts=("secretary_project.started",),
        ),
        Row(command="add_project_member", states=(_P.APPROVED, *_UNDER_WAY), who=("secretary",)),
        Row(command="remove_project_member", states=(_P.APPROVED, *_UNDER_WAY), who=("secretary",)),
        Row(
            command="set_milestones",
            states=(_P.DRAFT, _P.APPROVED, *_UNDER_WAY),
            who=("secretary",),
            guard="none after the deadline; what was reported stays",
        ),
        Row(
            command="report_milestone",
            states=_UNDER_WAY,
            guard="the leader or a member; once a month at least",
        ),
        Row(
            command="accept_project",
            states=_UNDER_WAY,
            to=(_P.ACCEPTED, _P.RETURNED),
            guard="nobody who led it, was a member or worked on its issues",
            facts=("secretary_project.accepted", "secretary_project.returned"),
        ),
        Row(
            command="cancel_project",
            states=(_P.DRAFT, _P.APPROVED, *_UNDER_WAY),
            to=(_P.CANCELLED,),
            guard="announced only where it had started",
            facts=("secretary_project.cancelled",),
        ),
    ),
)

_M = MediationState
MEDIATION = LifeCycle(
    "mediation",
    (
        Row(command="record_mediation_session", states=(_M.OPEN,), who=("mediator",), guard="its own mediator"),
        Row(
            command="conclude_mediation",
            states=(_M.OPEN,),
            to=(_M.AGREED, _M.FAILED),
            guard="its own mediator; signed by every party, or a reason",
            facts=("mediation.concluded",),
        ),
    ),
)
