"""A volunteer: where they live, what they can do, what they have on their hands, what they have given."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.volunteer.domain.hours import star_at, to_hundredths
from services.volunteer.events import VolunteerRegistered
from shared.errors import Refusal

MAX_OPEN_OFFERS = 3  # offers one person may have to think about at the same time (V4); ours


class AlreadyRegistered(Refusal):
    """This person, or this number, is registered as a volunteer."""


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """What a volunteer may do, to the end of a day."""

    qualification: str
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class Volunteer:
    """A volunteer. `pools` and `load` are derived, and kept because candidates are found by them."""

    volunteer_id: str
    person_id: str
    org_unit_id: str
    path: tuple[str, ...]
    is_party_member: bool
    qualifications: tuple[Qualification, ...] = ()
    pools: tuple[str, ...] = ()
    open_offers: int = 0
    open_jobs: int = 0
    load: int = 0
    opening_hundredths: int = 0
    hundredths: int = 0
    star: int = 0
    revision: int = 0

    def is_qualified(self, qualification: str | None, day: date) -> bool:
        """Whether the volunteer holds the qualification on the day."""
        return any(held.qualification == qualification and held.valid_until >= day for held in self.qualifications)


def pool(org_unit_id: str, qualification: str | None = None) -> str:
    """Return the name of everybody in a unit, or of everybody in it who ever had the qualification."""
    return f"{org_unit_id}|{qualification}" if qualification else org_unit_id


def register(
    volunteer_id: str,
    person_id: str,
    path: tuple[str, ...],
    *,
    is_party_member: bool,
    qualifications: Iterable[Qualification] = (),
    opening_hours: float = 0.0,
) -> tuple[Volunteer, VolunteerRegistered]:
    """Make a person a volunteer of the unit at the end of the path.

    Hours from earlier records count in the total; the stars they are worth are held, not awarded again.
    """
    opening = to_hundredths(opening_hours)
    volunteer = Volunteer(
        volunteer_id=volunteer_id,
        person_id=person_id,
        org_unit_id=path[-1],
        path=path,
        is_party_member=is_party_member,
        qualifications=tuple(qualifications),
        opening_hundredths=opening,
        hundredths=opening,
        star=star_at(opening),
    )
    fact = VolunteerRegistered(
        volunteer_id=volunteer_id, person_id=person_id, org_unit_id=path[-1], is_party_member=is_party_member
    )
    return _derived(volunteer), fact


def with_qualification(volunteer: Volunteer, qualification: str, valid_until: date) -> Volunteer:
    """Give or replace a qualification."""
    others = tuple(held for held in volunteer.qualifications if held.qualification != qualification)
    given = Qualification(qualification=qualification, valid_until=valid_until)
    return _derived(replace(volunteer, qualifications=(*others, given)))


def burden(volunteer: Volunteer, *, offers: int, jobs: int) -> Volunteer:
    """Add to, or take from, what the volunteer has on their hands."""
    return _derived(
        replace(volunteer, open_offers=volunteer.open_offers + offers, open_jobs=volunteer.open_jobs + jobs)
    )


def _derived(volunteer: Volunteer) -> Volunteer:
    names = [None, *(held.qualification for held in volunteer.qualifications)]
    pools = tuple(pool(unit, name) for unit in volunteer.path for name in names)
    return replace(volunteer, pools=pools, load=volunteer.open_offers + volunteer.open_jobs)
