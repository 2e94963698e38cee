"""Commands and questions in, views out."""

from services.issues.schemas.calendar import ListSpecialDays, SetSpecialDays, year_view
from services.issues.schemas.categories import (
    ExportCategories,
    GetCategory,
    ImportCategories,
    ListCategories,
    category_view,
    import_view,
)
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
from services.issues.schemas.tables import categories_of, default_categories, table_of

__all__ = [
    "AcceptProject",
    "Act",
    "CastVote",
    "CloseVote",
    "Confirm",
    "ExportCategories",
    "GetCategory",
    "GetDeliberation",
    "GetIssue",
    "GetProject",
    "ImportCategories",
    "ListCategories",
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
    "categories_of",
    "category_view",
    "default_categories",
    "import_view",
    "issue_view",
    "table_of",
    "view",
    "year_view",
]
