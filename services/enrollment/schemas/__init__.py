"""Commands and questions in, views out."""

from services.enrollment.schemas.commands import (
    AcademyReport,
    CancelCourse,
    CancelEnrollment,
    CompleteLearner,
    ConfirmPromotion,
    Enroll,
    FinishCourse,
    GetCourse,
    ListCourses,
    OpenCourse,
    PlanCourse,
    RecordAttendance,
    ScheduleSession,
)
from services.enrollment.schemas.views import (
    course_row,
    course_summary,
    course_view,
    finished_view,
    place_view,
    report_view,
    session_view,
)

__all__ = [
    "AcademyReport",
    "CancelCourse",
    "CancelEnrollment",
    "CompleteLearner",
    "ConfirmPromotion",
    "Enroll",
    "FinishCourse",
    "GetCourse",
    "ListCourses",
    "OpenCourse",
    "PlanCourse",
    "RecordAttendance",
    "ScheduleSession",
    "course_row",
    "course_summary",
    "course_view",
    "finished_view",
    "place_view",
    "report_view",
    "session_view",
]
