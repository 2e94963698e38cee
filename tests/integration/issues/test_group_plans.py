"""Every question about groups is answered from an index, already in order."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from services.issues import domain, repository
from services.issues.repository import groups
from shared import config
from shared.store import Store
from tests.support.reports import BUILDING, ESTATE, triaged
from tests.support.servers import Place

pytestmark = pytest.mark.server
DRAFT = domain.Draft(text="电梯坏了", building_id=BUILDING.org_unit_id, estate_id=ESTATE.org_unit_id, asset_id="LIFT-9")
ASSET, BUILDING_WHERE, ESTATE_WHERE = groups.near(DRAFT)
NEWEST = [("reported_at", -1)]
BY_ID = [("_id", 1)]
WORKER = "P-0050"  # who reports for many
QUESTIONS = {
    "open issues on an asset": ("issues", ASSET, NEWEST, 100, "asset_id_1_state_1_reported_at_1"),
    "open issues in a building": ("issues", BUILDING_WHERE, NEWEST, 100, "building_id_1_state_1_reported_at_1"),
    "open issues in an estate": ("issues", ESTATE_WHERE, NEWEST, 100, "estate_id_1_state_1_reported_at_1"),
    "the own part of a group": ("issues", groups.own_part("IS-0100", WORKER), BY_ID, 1, "lead_issue_id_1__id_1"),
    "members of a lead": (
        "issues",
        {"lead_issue_id": "IS-0100", "_id": {"$gt": "IS-0103"}},
        BY_ID,
        50,
        "lead_issue_id_1__id_1",
    ),
    "closed on an asset": (
        "issues",
        groups.closed_on("LIFT-9", "lift_maintenance"),
        [("closed_at", -1)],
        1,
        "asset_id_1_category_1_closed_at_1",
    ),
    "a report that came before": ("issues", {"client_id": "wx-7"}, [], 1, "client_id_1"),
    "supporters of an issue": ("supports", {"issue_id": "IS-0001"}, [("since", 1)], 2500, "issue_id_1_since_1"),
    "what a person supports": (
        "supports",
        {"person_id": "R-101", "_id": {"$gt": "IS-0003/R-101"}},
        BY_ID,
        50,
        "person_id_1__id_1",
    ),
}
HERE, ELSEWHERE = 60, 600  # issues of the estate, and of others: as it is in a community


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Make the database of issues with those of one estate and of others in it, each with one supporter."""
    place = Place.make()
    settings = dataclasses.replace(config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix)
    made = Store("issues", settings)
    made.ensure_indexes(repository.COLLECTIONS)
    with made.transaction() as tx:
        for number in range(1, HERE + ELSEWHERE + 1):
            issue = triaged(number, asset_id="LIFT-9", client_id=f"wx-{number}")
            repository.issues.save(tx, issue if number <= HERE else _elsewhere(number, issue))
            repository.supports.save(tx, _support(issue))
    yield made
    made.client.close()
    place.remove()


def _elsewhere(number: int, issue: domain.Issue) -> domain.Issue:
    """Put the issue into another estate; every second one is resolved with a lead, every fifth one closed."""
    lead = f"IS-{number // 10 * 10:04d}"
    resolved, closed = number % 2 == 0, number % 5 == 0
    state = domain.IssueState.CLOSED if closed else domain.IssueState.RESOLVED if resolved else issue.state
    return dataclasses.replace(
        issue,
        state=state,
        building_id="C01-G03-E08-B01",
        estate_id="C01-G03-E08",
        asset_id=f"LIFT-{number % 12 + 100}" if number % 3 else issue.asset_id,
        reporter_ref=WORKER,
        lead_issue_id=lead if resolved else None,
        closed_at=issue.reported_at if closed else None,
    )


def _support(issue: domain.Issue) -> domain.Support:
    return domain.support(issue, issue, f"R-{int(issue.issue_id[3:]) % 3 + 100}-s", issue.reported_at)[2]


def stages(plan: dict[str, Any]) -> set[str]:
    inner = [plan["inputStage"]] if "inputStage" in plan else plan.get("inputStages", [])
    named = {plan["stage"], plan.get("indexName", plan["stage"])}
    return named.union(*(stages(one) for one in inner))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_scans_an_index_and_sorts_nothing(store, question):
    name, where, order, limit, index = QUESTIONS[question]

    explained = store.collection(name).find(where, sort=order or None, limit=limit).explain()
    used = stages(explained["queryPlanner"]["winningPlan"])

    assert {"IXSCAN", index} <= used
    assert not used & {"COLLSCAN", "SORT"}


def test_candidates_are_the_newest_100_of_a_place_each_once(store):
    draft = dataclasses.replace(DRAFT, estate_id="C01-G03-E08", asset_id=None)

    with store.transaction() as tx:
        here = repository.candidates(tx, dataclasses.replace(DRAFT, asset_id=None))
        there = repository.candidates(tx, draft)

    assert sorted(one.issue_id for one in here) == [f"IS-{number:04d}" for number in range(1, HERE + 1)]
    assert len(there) == HERE + groups.MOST_COMPARED
