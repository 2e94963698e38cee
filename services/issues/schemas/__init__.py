"""Commands and questions in, views out."""

from services.issues.schemas.deliberation import CastVote, CloseVote, OpenDeliberation
from services.issues.schemas.issue import Confirm, ReportIssue, RequestHelp, RequestOrgTree, Resolve, Triage
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
    "CastVote",
    "CloseVote",
    "Confirm",
    "GetDeliberation",
    "GetIssue",
    "GetProject",
    "ListIssues",
    "OpenDeliberation",
    "ReportIssue",
    "RequestHelp",
    "RequestOrgTree",
    "Resolve",
    "StartSecretaryProject",
    "Triage",
    "answer",
    "issue_view",
    "view",
]
