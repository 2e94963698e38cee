"""The edge of the academy: every body reads, decides, saves and announces."""

from collections.abc import Iterable
from typing import Any

from services.enrollment import domain, repository, schemas
from shared import deadlines, outbox
from shared.entrypoints import Service, command, due, query
from shared.events import Event
from shared.transaction import Transaction

HOLD = "promotion_hold"


class EnrollmentService(Service):
    """The training academy: `n.rpc.enrollment.…` in the shell."""

    name = "enrollment"
    collections = (repository.courses, repository.sessions, repository.attendances, repository.tallies)

    # -- courses and sessions

    @command(schemas.PlanCourse)
    def plan_course(self, tx: Transaction, request: schemas.PlanCourse) -> dict[str, Any]:
        """Put a course on the programme."""
        course, fact = domain.plan_course(request.as_course(tx.number("CO")))
        _save(tx, course, [fact])
        return schemas.course_summary(course)

    @command(schemas.ScheduleSession, key="course_id")
    def schedule_session(self, tx: Transaction, request: schemas.ScheduleSession) -> dict[str, Any]:
        """Give a course a session."""
        course = repository.courses.get(tx, request.course_id)
        request.check(course)
        session, fact = domain.schedule(course, request.as_session(tx.number("SE")))
        repository.sessions.save(tx, session)
        _save(tx, course, [fact])  # a guard: outcomes are decided over all the hours of the course
        return schemas.session_view(session)

    @command(schemas.OpenCourse, key="course_id")
    def open_course(self, tx: Transaction, request: schemas.OpenCourse) -> dict[str, Any]:
        """Take learners from now on."""
        course = repository.courses.get(tx, request.course_id)
        request.check(course)
        course, fact = domain.open_course(course, request.closes_at, request.invite_scope, tx.now)
        _save(tx, course, [fact])
        return schemas.course_summary(course)

    @command(schemas.CancelCourse, key="course_id")
    def cancel_course(self, tx: Transaction, request: schemas.CancelCourse) -> dict[str, Any]:
        """Give a course up before it begins."""
        before = repository.courses.get(tx, request.course_id)
        request.check(before)
        course, facts = domain.cancel_course(before, request.reason)
        _keep_holds(tx, before, course)
        _save(tx, course, facts)
        return schemas.course_summary(course)

    # -- seats

    @command(schemas.Enroll, key="course_id")
    def enroll(self, tx: Transaction, request: schemas.Enroll) -> dict[str, Any]:
        """Give a person a seat, or a place on the waiting list."""
        course = repository.courses.get(tx, request.course_id)
        request.check(course)
        course, fact = domain.enroll(course, request.person_id, tx.now)
        _save(tx, course, [fact])
        return schemas.place_view(course, request.person_id)

    @command(schemas.CancelEnrollment, key="course_id")
    def cancel_enrollment(self, tx: Transaction, request: schemas.CancelEnrollment) -> dict[str, Any]:
        """Give up a place; a seat that comes free is offered to the head of the waiting list at once."""
        before = repository.courses.get(tx, request.course_id)
        request.check(before)
        course, facts = domain.cancel(before, request.person_id, request.reason, tx.now)
        _keep_holds(tx, before, course)
        _save(tx, course, facts)
        return schemas.place_view(course, request.person_id)

    @command(schemas.ConfirmPromotion, key="course_id")
    def confirm_promotion(self, tx: Transaction, request: schemas.ConfirmPromotion) -> dict[str, Any]:
        """Take the seat that was offered."""
        before = repository.courses.get(tx, request.course_id)
        request.check(before)
        course, fact = domain.confirm(before, request.person_id, tx.now)
        _keep_holds(tx, before, course)
        _save(tx, course, [fact])
        return schemas.place_view(course, request.person_id)

    @due(HOLD)
    def on_promotion_hold_due(self, tx: Transaction, key: str) -> None:
        """End an offer that nobody confirmed, and offer the seat to the next who waits."""
        course_id, _, person_id = key.partition("/")
        before = repository.courses.get(tx, course_id)
        course, facts = domain.lapse(before, person_id, tx.now)
        _keep_holds(tx, before, course)
        _save(tx, course, facts)

    # -- presence and outcome

    @command(schemas.RecordAttendance, key="session_id")
    def record_attendance(self, tx: Transaction, request: schemas.RecordAttendance) -> dict[str, Any]:
        """Record who was present; whoever is recorded already counts once and is announced once."""
        session = repository.sessions.get(tx, request.session_id)
        course = repository.courses.get(tx, session.course_id)
        request.check(course)
        present = repository.present_at(tx, session.session_id, request.people)
        course, new, facts = domain.record_attendance(course, session, present, request.people, tx.now)
        if new:
            repository.save_attendances(tx, new)
            repository.count(tx, course.theme, person_times=len(new))
            _save(tx, course, facts)  # a guard too: no presence is added while outcomes are decided
        return {"session_id": session.session_id, "recorded": len(new), "already_recorded": len(present)}

    @command(schemas.CompleteLearner, key="course_id")
    def complete_learner(self, tx: Transaction, request: schemas.CompleteLearner) -> dict[str, Any]:
        """Complete the course for one learner (R13)."""
        course = repository.courses.get(tx, request.course_id)
        request.check(course)
        presence = repository.presence_of(tx, course.course_id, request.person_id)
        course, facts = domain.complete(course, request.person_id, presence, request.score, tx.now)
        if facts:
            repository.count(tx, course.theme, completed=len(facts))
            _save(tx, course, facts)
        return schemas.place_view(course, request.person_id)

    @command(schemas.FinishCourse, key="course_id")
    def finish_course(self, tx: Transaction, request: schemas.FinishCourse) -> dict[str, Any]:
        """Decide every outcome by presence and score (R13), and close the course."""
        before = repository.courses.get(tx, request.course_id)
        request.check(before)
        sessions = repository.sessions_of(tx, before.course_id)
        presence = repository.presence_in(tx, before.course_id, sessions)
        course, facts = domain.finish(before, sessions, presence, request.scores, tx.now)
        repository.count(tx, course.theme, completed=course.completed_count - before.completed_count)
        _keep_holds(tx, before, course)
        _save(tx, course, facts)
        return schemas.finished_view(course)

    # -- questions

    @query(schemas.GetCourse)
    def get_course(self, tx: Transaction, request: schemas.GetCourse) -> dict[str, Any]:
        """Show a course with its sessions, seats, offers, outcomes and the waiting list in order."""
        course = repository.courses.get(tx, request.course_id)
        return schemas.course_view(course, repository.sessions_of(tx, course.course_id))

    @query(schemas.ListCourses)
    def list_courses(self, tx: Transaction, request: schemas.ListCourses) -> dict[str, Any]:
        """List courses by number, in one state or all."""
        found = repository.courses_after(tx, request.state, request.after, request.limit + 1)
        items = found[: request.limit]
        more = len(found) > len(items)
        return {"items": list(map(schemas.course_row, items)), "next": items[-1].course_id if more else None}

    @query(schemas.AcademyReport)
    def academy_report(self, tx: Transaction, request: schemas.AcademyReport) -> dict[str, Any]:  # noqa: ARG002 -- it asks for everything
        """Count person-times and completions, in all and by theme."""
        return schemas.report_view(repository.all_tallies(tx))


def _save(tx: Transaction, course: domain.Course, facts: Iterable[Event]) -> None:
    repository.courses.save(tx, course)
    outbox.append(tx, *facts)


def _keep_holds(tx: Transaction, before: domain.Course, after: domain.Course) -> None:
    """Set a deadline for every new offer and clear those of offers that are gone."""
    for offer in set(before.offers) - set(after.offers):
        deadlines.clear(tx, HOLD, key=after.enrollment_id(offer.person_id))
    for offer in set(after.offers) - set(before.offers):
        deadlines.set(tx, HOLD, key=after.enrollment_id(offer.person_id), due_at=offer.expires_at)
