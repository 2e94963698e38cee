"""E1, E2, E4 and E5 after every step of any mix of enrolling, leaving, confirming and time passing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.enrollment import domain
from services.enrollment.events import EnrollmentCancelled, EnrollmentLapsed, LearnerEnrolled, LearnerPromoted
from shared.errors import Refusal

people = st.sampled_from([f"L-{number:02d}" for number in range(1, 8)])


class Seats(RuleBasedStateMachine):
    @initialize(capacity=st.integers(1, 3))
    def open(self, capacity):
        self.now = datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        self.course = domain.Course(
            course_id="CO-0001",
            title="课程",
            theme=domain.Theme.URBAN_MANAGEMENT,
            course_kind=domain.CourseKind.GENERAL,
            capacity=capacity,
            audience=(domain.Audience.COMMUNITY_CADRE,),
            state=domain.CourseState.OPEN,
        )
        self.tickets = {}
        self.ended = []
        self.promoted = []

    def take(self, decision, *arguments):
        """Apply a decision, or leave everything as it was when it is refused; remember how offers begin and end."""
        offers = {offer.person_id for offer in self.course.offers}
        line = [waiting.person_id for waiting in self.course.waiting if waiting.person_id not in arguments]
        try:
            self.course, facts = decision(self.course, *arguments, self.now)
        except Refusal:
            return ()
        facts = facts if isinstance(facts, tuple) else (facts,)
        promoted = [fact for fact in facts if isinstance(fact, LearnerPromoted)]
        assert [fact.person_id for fact in promoted] == line[: len(promoted)], "first come, first offered (R12)"
        self.promoted += promoted
        ends = (LearnerEnrolled, EnrollmentCancelled, EnrollmentLapsed)
        self.ended += [fact for fact in facts if isinstance(fact, ends) and fact.person_id in offers]
        return facts

    @rule(person_id=people)
    def enroll(self, person_id):
        for _ in self.take(domain.enroll, person_id):
            self.tickets[person_id] = self.course.tickets

    @rule(person_id=people)
    def cancel(self, person_id):
        facts = self.take(domain.cancel, person_id, domain.EnrollmentCancelReason.PERSONAL)
        assert all(fact.person_id != person_id for fact in facts[1:]), "a seat never goes back to the one who left"

    @rule(person_id=people)
    def confirm(self, person_id):
        self.take(domain.confirm, person_id)

    @precondition(lambda self: self.course.offers)
    @rule(data=st.data())
    def confirm_an_offer(self, data):
        self.take(domain.confirm, data.draw(st.sampled_from(self.course.offers)).person_id)

    @rule(hours=st.sampled_from([1, 12, 24]))
    def pass_time(self, hours):
        self.now += timedelta(hours=hours)

    @rule(person_id=people)
    def lapse(self, person_id):
        self.take(domain.lapse, person_id)

    @rule()
    def lapse_what_is_due(self):
        for offer in [offer for offer in self.course.offers if offer.expires_at <= self.now]:
            self.take(domain.lapse, offer.person_id)

    @invariant()
    def e1_seats_never_exceed_the_capacity_and_fill_it_under_demand(self):
        numbers = [place.seat_no for place in self.course.held]
        assert len(numbers) == len(set(numbers)) <= self.course.capacity
        assert set(numbers) <= set(range(1, self.course.capacity + 1))
        assert not self.course.waiting or len(numbers) == self.course.capacity

    @invariant()
    def e2_nobody_waits_beside_a_free_seat(self):
        assert not (self.course.waiting and self.course.free)

    @invariant()
    def e3_every_offer_ends_once(self):
        assert len(self.ended) + len(self.course.offers) == len(self.promoted)

    @invariant()
    def e4_a_person_has_one_place(self):
        everybody = [place.person_id for place in self.course.places]
        assert len(everybody) == len(set(everybody))
        assert not set(everybody) & set(self.course.lapsed)

    @invariant()
    def e5_tickets_never_change_and_order_the_list(self):
        assert all(place.ticket == self.tickets[place.person_id] for place in self.course.places)
        waiting = [place.ticket for place in self.course.waiting]
        assert waiting == sorted(waiting)


Seats.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
TestSeats = Seats.TestCase
