"""Commands and questions in, views out."""

from services.issues.schemas.deliberation import CastVote, CloseVote, OpenDeliberation
from services.issues.schemas.group import (
    FindSimilar,
    ListSupports,
    Merge,
    Relapse,
    Reopen,
    Support,
    Unmerge,
    WithdrawSupport,
    similar_view,
)
from services.issues.schemas.issue import (
    Act,
    Confirm,
    ReportIssue,
    RequestHelp,
    RequestOrgTree,
    Resolve,
    SetDeadline,
    Triage,
)
from services.issues.schemas.project import AcceptProject, StartSecretaryProject
from services.issues.schemas.questions import (
    GetDeliberation,
    GetIssue,
    GetProject,
    ListIssues,
    answer,
    issue_view,
    view,
)

__all__ = [
    "AcceptProject",
    "Act",
    "CastVote",
    "CloseVote",
    "Confirm",
    "FindSimilar",
    "GetDeliberation",
    "GetIssue",
    "GetProject",
    "ListIssues",
    "ListSupports",
    "Merge",
    "OpenDeliberation",
    "Relapse",
    "Reopen",
    "ReportIssue",
    "RequestHelp",
    "RequestOrgTree",
    "Resolve",
    "SetDeadline",
    "StartSecretaryProject",
    "Support",
    "Triage",
    "Unmerge",
    "WithdrawSupport",
    "answer",
    "issue_view",
    "similar_view",
    "view",
]
