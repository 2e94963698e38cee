from datetime import date

import pytest

from services.volunteer import domain
from services.volunteer.domain.days import months_later
from services.volunteer.events import VolunteerQualified
from shared.errors import AlreadyHandled


def completion(course_id="CO-0501", day=date(2025, 3, 1), qualification="hazard_inspection"):
    return domain.Completion(course_id=course_id, qualification=qualification, completed_on=day)


def test_a_completed_course_qualifies_a_volunteer_for_twenty_four_months(people):
    volunteer, [qualified] = domain.apply_learning(people["V-2003"], (completion(),))

    assert qualified == VolunteerQualified(
        volunteer_id="V-2003",
        qualification="hazard_inspection",
        valid_until=date(2027, 3, 1),
        source_course_id="CO-0501",
        person_id="V-2003",
    )
    assert volunteer.is_qualified("hazard_inspection", date(2027, 3, 1))
    assert not volunteer.is_qualified("hazard_inspection", date(2027, 3, 2))
    assert "C01-G03|hazard_inspection" in volunteer.pools


def test_an_earlier_completion_that_arrives_late_does_not_shorten_a_qualification(people):
    volunteer, _ = domain.apply_learning(people["V-2003"], (completion(),))

    after, facts = domain.apply_learning(volunteer, (completion("CO-0400", date(2024, 6, 1)),))

    assert (after, facts) == (volunteer, ())


def test_a_later_completion_prolongs_a_qualification(people):
    volunteer, _ = domain.apply_learning(people["V-2003"], (completion(),))

    volunteer, [qualified] = domain.apply_learning(volunteer, (completion("CO-0600", date(2025, 9, 1)),))

    assert qualified.valid_until == date(2027, 9, 1)
    assert len(volunteer.qualifications) == 1


def test_a_course_without_a_qualification_changes_nothing_but_the_record(people):
    plain = completion(qualification=None)

    assert domain.apply_learning(people["V-2003"], (plain,)) == (people["V-2003"], ())
    assert domain.complete_course(domain.empty_record("P-1"), plain).completions == (plain,)


def test_the_same_completion_is_kept_once():
    record = domain.complete_course(domain.empty_record("P-1"), completion())

    with pytest.raises(AlreadyHandled):
        domain.complete_course(record, completion(day=date(2025, 3, 2)))


def test_months_end_where_the_month_ends():
    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_later(date(2025, 3, 20), 24) == date(2027, 3, 20)
    assert months_later(date(2025, 12, 31), 2) == date(2026, 2, 28)
