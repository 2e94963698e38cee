"""The rules of issues, pure: (entity, arguments, now) → (entity, fact), or a refusal."""

from services.issues.domain.categories import Category, Hazard, Level, Priority, QualificationPolicy, Route
from services.issues.domain.closing import (
    Answer,
    Via,
    accept_project,
    awaits_answer,
    confirm,
    confirm_automatically,
    resolve,
)
from services.issues.domain.deliberation import (
    Deliberation,
    Question,
    Voter,
    cast_vote,
    close_vote,
    open_deliberation,
    voter_id,
)
from services.issues.domain.help import HelpWanted, LeadRule, dispatch_filled, request_help
from services.issues.domain.issue import (
    Assessment,
    Issue,
    Outcome,
    Report,
    Source,
    check_same_report,
    report_issue,
    triage,
)
from services.issues.domain.lifecycle import IssueState
from services.issues.domain.org_unit import OrgUnit, update_org_unit
from services.issues.domain.project import AcceptanceItem, Plan, Project, start_secretary_project
from services.issues.domain.voting import Choice, VotingRule
from services.issues.domain.who import acting_person, authorise, casting_person, may_see

__all__ = [
    "AcceptanceItem",
    "Answer",
    "Assessment",
    "Category",
    "Choice",
    "Deliberation",
    "Hazard",
    "HelpWanted",
    "Issue",
    "IssueState",
    "LeadRule",
    "Level",
    "OrgUnit",
    "Outcome",
    "Plan",
    "Priority",
    "Project",
    "QualificationPolicy",
    "Question",
    "Report",
    "Route",
    "Source",
    "Via",
    "Voter",
    "VotingRule",
    "accept_project",
    "acting_person",
    "authorise",
    "awaits_answer",
    "cast_vote",
    "casting_person",
    "check_same_report",
    "close_vote",
    "confirm",
    "confirm_automatically",
    "dispatch_filled",
    "may_see",
    "open_deliberation",
    "report_issue",
    "request_help",
    "resolve",
    "start_secretary_project",
    "triage",
    "update_org_unit",
    "voter_id",
]
