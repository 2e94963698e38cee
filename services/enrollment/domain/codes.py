"""The closed sets of words that courses are described with."""

from enum import StrEnum


class Theme(StrEnum):
    """The six themes of courses."""

    PARTY_BUILDING = "party_building"
    COMMUNITY_BUILDING = "community_building"
    VOLUNTEER_SERVICE = "volunteer_service"
    ORGANISATION_INCUBATION = "organisation_incubation"
    URBAN_MANAGEMENT = "urban_management"
    COMMUNITY_DELIBERATION = "community_deliberation"


class CourseKind(StrEnum):
    """What a course trains; only practicums and skill courses are assessed."""

    GENERAL = "general"
    PRACTICUM = "practicum"
    SKILL = "skill"


class Audience(StrEnum):
    """Whom a course is made for."""

    COMMUNITY_CADRE = "community_cadre"
    ESTATE_TWO_COMMITTEES = "estate_two_committees"
    RESIDENT_BACKBONE = "resident_backbone"
    ORDINARY_PARTY_MEMBER = "ordinary_party_member"
    SOCIAL_ORG_LEADER = "social_org_leader"


class DemandSource(StrEnum):
    """Why a course exists."""

    PLAN = "plan"
    SURVEY = "survey"
    TRAINING_NEED = "training_need"


class SessionFormat(StrEnum):
    """The six forms of teaching."""

    LECTURE = "lecture"
    GROUP_DISCUSSION = "group_discussion"
    FIELD_TEACHING = "field_teaching"
    STUDY_VISIT = "study_visit"
    THEME_SALON = "theme_salon"
    HANDS_ON_TRAINING = "hands_on_training"


class CourseCancelReason(StrEnum):
    """Why a course is not taught; a code, because it travels in an event."""

    TOO_FEW_LEARNERS = "too_few_learners"
    INSTRUCTOR_UNAVAILABLE = "instructor_unavailable"
    VENUE_UNAVAILABLE = "venue_unavailable"
    NO_LONGER_NEEDED = "no_longer_needed"


class EnrollmentCancelReason(StrEnum):
    """Why a place was given up; a code, because it travels in an event."""

    PERSONAL = "personal"
    SCHEDULE_CONFLICT = "schedule_conflict"
    STAFF_DECISION = "staff_decision"
    COURSE_CANCELLED = "course_cancelled"
