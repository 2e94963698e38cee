"""Who is asked first, and why (R5, R7): a pure function of what is known about the candidates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.volunteer.domain.hours import to_hours
from services.volunteer.domain.tree import Level
from services.volunteer.domain.volunteer import Volunteer


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A volunteer as the ranking sees them; `steps` says how often the scope was widened to reach them."""

    volunteer_id: str
    person_id: str
    is_party_member: bool
    qualified: bool
    scope: Level
    steps: int
    load: int
    hundredths: int

    @property
    def reasons(self) -> tuple[str, ...]:
        """What decided the place in the ranking, in the order in which it decides."""
        return (
            f"scope={self.scope}",
            f"qualified={str(self.qualified).lower()}",
            f"open_jobs={self.load}",
            f"hours={to_hours(self.hundredths)}",
            f"party_member={str(self.is_party_member).lower()}",
        )


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Who is to be asked; `lead_rule_unmet` when somebody could be, but no set of them has both kinds."""

    chosen: tuple[Candidate, ...]
    lead_rule_unmet: bool


def candidate(volunteer: Volunteer, *, scope: Level, steps: int, qualification: str | None, day: date) -> Candidate:
    """Look at a volunteer as a candidate; open offers weigh as much as jobs, so two requests ask different people."""
    return Candidate(
        volunteer_id=volunteer.volunteer_id,
        person_id=volunteer.person_id,
        is_party_member=volunteer.is_party_member,
        qualified=volunteer.is_qualified(qualification, day),
        scope=scope,
        steps=steps,
        load=volunteer.load,
        hundredths=volunteer.hundredths,
    )


def rank(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Order by distance, then qualified first, fewest open jobs, fewest hours, volunteer_id."""
    return tuple(
        sorted(candidates, key=lambda one: (one.steps, not one.qualified, one.load, one.hundredths, one.volunteer_id))
    )


def choose(rings: Iterable[Iterable[Candidate]], seats: int, kinds_wanted: frozenset[bool] = frozenset()) -> Choice:
    """Choose the best for the free seats, looking into a wider ring only while the seats cannot be given.

    `kinds_wanted`: the kinds (Party member or not) that must be among the chosen. If a kind is found nowhere, nobody is
    asked: a job that may not be done is no job to offer.
    """
    found: tuple[Candidate, ...] = ()
    chosen: tuple[Candidate, ...] = ()
    for ring in rings:
        found = (*found, *rank(ring))
        chosen = _best(found, seats, kinds_wanted)
        if len(chosen) == seats:
            break
    return Choice(chosen=chosen, lead_rule_unmet=bool(found) and not chosen)


def _best(ranked: tuple[Candidate, ...], seats: int, kinds_wanted: frozenset[bool]) -> tuple[Candidate, ...]:
    """Return the best of the ranked; where a wanted kind is missing, its best takes the place of the last."""
    chosen = ranked[:seats]
    for kind in kinds_wanted - {one.is_party_member for one in chosen}:
        other = next((one for one in ranked if one.is_party_member is kind), None)
        if other is None:
            return ()
        chosen = (*chosen[:-1], other)
    return chosen
