"""Commands and questions in, views out."""

from services.issues.schemas.calendar import ListSpecialDays, SetSpecialDays, year_view
from services.issues.schemas.deliberation import CastVote, CloseVote, OpenDeliberation
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
    "GetDeliberation",
    "GetIssue",
    "GetProject",
    "ListIssues",
    "ListSpecialDays",
    "OpenDeliberation",
    "ReportIssue",
    "RequestHelp",
    "RequestOrgTree",
    "Resolve",
    "SetDeadline",
    "SetSpecialDays",
    "StartSecretaryProject",
    "Triage",
    "answer",
    "issue_view",
    "view",
    "year_view",
]
