"""What a person has learned, whether they are a volunteer yet or not."""

from dataclasses import dataclass, replace
from datetime import date

from services.volunteer.domain.days import months_later
from services.volunteer.domain.volunteer import AlreadyRegistered, Volunteer, with_qualification
from services.volunteer.events import VolunteerQualified
from shared.errors import AlreadyHandled

VALID_MONTHS = 24  # how long a qualification lasts from the day of completion (R13)


@dataclass(frozen=True, kw_only=True)
class Completion:
    """A course completed by a person."""

    course_id: str
    qualification: str | None
    completed_on: date
    title: str | None = None

    @property
    def valid_until(self) -> date:
        """The last day on which the qualification from this course counts."""
        return months_later(self.completed_on, VALID_MONTHS)


@dataclass(frozen=True, kw_only=True)
class LearningRecord:
    """A person's completions and volunteer number; registering and completing both write it, none misses the other."""

    record_id: str
    person_id: str
    volunteer_id: str | None = None
    completions: tuple[Completion, ...] = ()
    revision: int = 0


def record_id(person_id: str) -> str:
    """Return the id of a person's record; a person and a volunteer may bear the same number, their documents not."""
    return f"learning/{person_id}"


def empty_record(person_id: str) -> LearningRecord:
    """Return the record of a person nothing is known about."""
    return LearningRecord(record_id=record_id(person_id), person_id=person_id)


def complete_course(record: LearningRecord, completion: Completion) -> LearningRecord:
    """Keep a completion; raises AlreadyHandled when the person completed this course before."""
    if any(kept.course_id == completion.course_id for kept in record.completions):
        raise AlreadyHandled("this completion is on record", course_id=completion.course_id, person_id=record.person_id)
    return replace(record, completions=(*record.completions, completion))


def join(record: LearningRecord, volunteer_id: str) -> LearningRecord:
    """Note under which number the person serves; raises AlreadyRegistered."""
    if record.volunteer_id is not None:
        raise AlreadyRegistered("a person registers once", person_id=record.person_id, volunteer_id=record.volunteer_id)
    return replace(record, volunteer_id=volunteer_id)


def apply_learning(
    volunteer: Volunteer, completions: tuple[Completion, ...]
) -> tuple[Volunteer, tuple[VolunteerQualified, ...]]:
    """Give the volunteer what the completed courses qualify for.

    A qualification that is valid as long already stays as it is, and nothing is announced.
    """
    facts: tuple[VolunteerQualified, ...] = ()
    for completion in completions:
        if completion.qualification:
            volunteer, more = _qualify(volunteer, completion, completion.qualification)
            facts += more
    return volunteer, facts


def _qualify(
    volunteer: Volunteer, completion: Completion, qualification: str
) -> tuple[Volunteer, tuple[VolunteerQualified, ...]]:
    valid_until = completion.valid_until
    if volunteer.is_qualified(qualification, valid_until):
        return volunteer, ()
    fact = VolunteerQualified(
        volunteer_id=volunteer.volunteer_id,
        qualification=qualification,
        valid_until=valid_until,
        source_course_id=completion.course_id,
        person_id=volunteer.person_id,
        title=completion.title,
    )
    return with_qualification(volunteer, qualification, valid_until), (fact,)
