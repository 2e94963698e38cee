import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import HazardFlagged, IssueTriaged
from shared.errors import StateNotAllowed
from tests.support.categories import CATEGORIES
from tests.support.times import TIMES


def test_triage_gives_category_route_unit_and_due_date_and_flags_the_hazard(reported, assessment, building, now):
    issue, [triaged, flagged] = domain.triage(reported, assessment, building, now, TIMES)

    assert triaged == IssueTriaged(
        issue_id="IS-0101",
        category="bike_shed",
        priority="normal",
        route="deliberation",
        responsible_unit="C01-G03-E07-B09",
        due_at=now + timedelta(hours=2),
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
    )
    assert flagged == HazardFlagged(issue_id="IS-0101", hazard_type="flying_wire_charging", severity="high")
    assert (issue.state, issue.first_due_at, issue.due_at) == (
        domain.IssueState.TRIAGED,
        triaged.due_at,
        triaged.due_at,
    )


def test_without_a_hazard_there_is_one_fact(reported, assessment, building, now):
    _, facts = domain.triage(reported, dataclasses.replace(assessment, hazard=None), building, now, TIMES)

    [triaged] = facts
    assert triaged.due_at == now + timedelta(hours=24)


@pytest.mark.parametrize(
    ("level", "normal", "hazard"),
    [("building", 24, 2), ("estate", 48, 4), ("grid", 72, 8), ("community", 120, 24)],
)
def test_the_ladder_depends_on_level_and_class(*, reported, assessment, building, now, level, normal, hazard):
    unit = dataclasses.replace(building, level=domain.Level(level))
    harmless = dataclasses.replace(assessment, hazard=None)

    _, [usual, *_] = domain.triage(reported, harmless, unit, now, TIMES)
    _, [urgent, *_] = domain.triage(reported, assessment, unit, now, TIMES)

    assert (usual.due_at - now, urgent.due_at - now) == (timedelta(hours=normal), timedelta(hours=hazard))


@pytest.mark.parametrize(
    ("category", "route"),
    [
        ("bike_shed", "deliberation"),
        ("lift_maintenance", "deliberation"),
        ("electricity_price_dispute", "deliberation"),
        ("neighbour_dispute", "volunteers"),
        ("special_group_support", "volunteers"),
        ("child_care", "volunteers"),
        ("waste_station", "volunteers"),
    ],
)
def test_the_route_follows_the_category(*, reported, assessment, building, now, category, route):
    found = dataclasses.replace(assessment, category=CATEGORIES[category])

    _, [triaged, *_] = domain.triage(reported, found, building, now, TIMES)

    assert triaged.route == route


def test_triage_may_choose_another_route(reported, assessment, building, now):
    found = dataclasses.replace(assessment, route=domain.Route.VOLUNTEERS)

    issue, [triaged, *_] = domain.triage(reported, found, building, now, TIMES)

    assert (issue.route, triaged.route) == (domain.Route.VOLUNTEERS, "volunteers")


def test_support_of_a_special_group_is_sensitive_from_triage_on(reported, assessment, building, now):
    found = dataclasses.replace(assessment, category=CATEGORIES["special_group_support"], hazard=None)

    issue, [triaged] = domain.triage(reported, found, building, now, TIMES)

    assert (issue.sensitive, triaged.title) == (True, "9栋一户居民")


def test_an_issue_is_triaged_once(triaged, assessment, building, now):
    with pytest.raises(StateNotAllowed) as refused:
        domain.triage(triaged, assessment, building, now, TIMES)

    assert (refused.value.details["state"], refused.value.details["command"]) == ("triaged", "triage")
    assert "start_secretary_project" in refused.value.details["allowed"]
