from datetime import date

import pytest

from services.volunteer import domain
from services.volunteer.events import VolunteerRegistered


def test_a_person_becomes_a_volunteer_of_a_unit_with_the_hours_they_bring():
    volunteer, fact = domain.register("V-2001", "P-1", ("C01", "C01-G03"), is_party_member=True, opening_hours=40.0)

    assert fact == VolunteerRegistered(
        volunteer_id="V-2001", person_id="P-1", org_unit_id="C01-G03", is_party_member=True
    )
    assert (volunteer.hundredths, volunteer.opening_hundredths, volunteer.star) == (4000, 4000, 0)
    assert volunteer.pools == ("C01", "C01-G03")


def test_who_learned_before_registering_is_qualified_at_once():
    kept = domain.Completion(course_id="CO-0501", qualification="hazard_inspection", completed_on=date(2025, 3, 20))
    record = domain.complete_course(domain.empty_record("P-1"), kept)

    joined = domain.join(record, "V-0101")
    volunteer, _ = domain.register("V-0101", "P-1", ("C01",), is_party_member=False)
    volunteer, [qualified] = domain.apply_learning(volunteer, joined.completions)

    assert joined.volunteer_id == "V-0101"
    assert (qualified.qualification, qualified.valid_until) == ("hazard_inspection", date(2027, 3, 20))
    assert volunteer.is_qualified("hazard_inspection", date(2025, 3, 21))


def test_a_person_registers_once():
    joined = domain.join(domain.empty_record("P-1"), "V-0101")

    with pytest.raises(domain.AlreadyRegistered) as refused:
        domain.join(joined, "V-0102")

    assert refused.value.details["volunteer_id"] == "V-0101"
