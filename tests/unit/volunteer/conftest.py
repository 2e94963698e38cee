"""The tree and the six volunteers of the common fixture, and a dispatch for the bike shed in each state."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.volunteer import domain
from services.volunteer.domain import Level

B09 = ("C01", "C01-G03", "C01-G03-E07", "C01-G03-E07-B09")
B10 = (*B09[:3], "C01-G03-E07-B10")
E08 = ("C01", "C01-G03", "C01-G03-E08")
INSPECTION = domain.Qualification(qualification="hazard_inspection", valid_until=date(2026, 12, 31))


@pytest.fixture
def now():
    return datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people():
    known = {
        "V-2001": (B09, True, (INSPECTION,), 40.0),
        "V-2002": (B09, False, (INSPECTION,), 12.0),
        "V-2003": (B09, True, (), 60.0),
        "V-2004": (B09, False, (), 0.0),
        "V-2005": (B10, True, (INSPECTION,), 5.0),
        "V-2006": (E08, False, (INSPECTION,), 8.0),
    }
    return {
        number: domain.register(number, number, path, is_party_member=member, qualifications=held, opening_hours=hours)[
            0
        ]
        for number, (path, member, held, hours) in known.items()
    }


@pytest.fixture
def rings(people, now):
    """Everybody who may be asked, unit by unit outwards, as the repository yields them."""

    def of(dispatch):
        seen = {offer.volunteer_id for offer in dispatch.offers}
        for steps, near in enumerate(dispatch.reach):
            inside = [one for one in people.values() if near.org_unit_id in one.path and one.volunteer_id not in seen]
            ring = [
                domain.candidate(
                    one, scope=near.scope, steps=steps, qualification=dispatch.qualification, day=domain.day_of(now)
                )
                for one in inside
            ]
            required = dispatch.policy is domain.Policy.REQUIRED
            seen |= {one.volunteer_id for one in inside}
            yield [one for one in ring if one.qualified or not required]

    return of


@pytest.fixture
def requested(now):
    """IS-0101 asks for two volunteers, one Party member and one non-member, inspectors if there are."""
    reach = zip((Level.BUILDING, Level.ESTATE, Level.GRID, Level.COMMUNITY), reversed(B09), strict=True)
    return domain.Dispatch(
        dispatch_id="DP-0101",
        issue_id="IS-0101",
        round=1,
        category="bike_shed",
        needed=2,
        hours_estimate=3.0,
        qualification="hazard_inspection",
        policy=domain.Policy.PREFERRED,
        dual_lead=True,
        urgent=False,
        reach=tuple(domain.Reach(scope=scope, org_unit_id=unit) for scope, unit in reach),
        requested_at=now,
        title="振徽苑9栋非机动车棚",
    )


@pytest.fixture
def offering(requested, rings, now):
    """V-2002 and V-2001 have been asked."""
    return domain.fill(requested, rings(requested), now)[0]


@pytest.fixture
def filled(offering, now):
    """V-2002 and V-2001 have accepted."""
    dispatch, _ = domain.accept(offering, "V-2002", now)
    return domain.accept(dispatch, "V-2001", now)[0]


@pytest.fixture
def completed(filled, now):
    """V-2002 and V-2001 have served three hours each."""
    return domain.complete(filled, {"V-2001": 3.0, "V-2002": 3.0}, now)[0]
