import dataclasses
from datetime import date

import pytest

from services.issues import domain


@pytest.fixture
def inspection(now):
    return domain.Inspection(
        inspection_id="HI-0001",
        building_id="C01-G03-E07-B09",
        held_on=date(2025, 3, 3),
        inspectors=("V-2001",),
        items=(
            domain.InspectedItem(item="extinguishers", state=domain.ItemState.IN_ORDER),
            domain.InspectedItem(item="wires", state=domain.ItemState.NOT_IN_ORDER, text="三楼飞线"),
            domain.InspectedItem(item="stairs", state=domain.ItemState.FIXED_ON_SPOT),
        ),
        recorded_at=now,
        recorded_by="P-0007",
    )


def test_what_is_not_in_order_becomes_an_issue(inspection, now):
    recorded = domain.link_issues(domain.record_inspection(inspection, now), {1: "IS-0001"})

    assert (recorded.to_report, recorded.is_open) == ((1,), True)
    assert [item.issue_id for item in recorded.items] == [None, "IS-0001", None]


def test_an_inspection_of_tomorrow_is_refused(inspection, now):
    with pytest.raises(domain.InspectionInTheFuture):
        domain.record_inspection(dataclasses.replace(inspection, held_on=date(2025, 3, 4)), now)


def test_what_was_put_right_closes_the_inspection_once(inspection, now):
    done = domain.reinspect(domain.record_inspection(inspection, now), ("wires",), now.date())

    assert (done.is_open, done.items[1].put_right_on) == (False, date(2025, 3, 3))
    with pytest.raises(domain.NothingLeftToCheck):
        domain.reinspect(done, ("wires",), now.date())


def test_what_was_in_order_cannot_be_put_right(inspection, now):
    with pytest.raises(domain.NotOfThisInspection) as refused:
        domain.reinspect(domain.record_inspection(inspection, now), ("stairs",), now.date())
    assert refused.value.details["open"] == ["wires"]
