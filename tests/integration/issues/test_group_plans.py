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
QUESTIONS = {
    "open issues on an asset": ("issues", ASSET, [("reported_at", -1)]),
    "open issues in a building": ("issues", BUILDING_WHERE, [("reported_at", -1)]),
    "open issues in an estate": ("issues", ESTATE_WHERE, [("reported_at", -1)]),
    "the own part of a group": ("issues", groups.own_part("IS-0001", "R-7"), [("_id", 1)]),
    "members of a lead": ("issues", {"lead_issue_id": "IS-0001", "_id": {"$gt": "IS-0003"}}, [("_id", 1)]),
    "closed on an asset": ("issues", groups.closed_on("LIFT-9", "lift_maintenance"), [("closed_at", -1)]),
    "supporters of an issue": ("supports", {"issue_id": "IS-0001"}, [("since", 1)]),
    "what a person supports": ("supports", {"person_id": "R-1", "_id": {"$gt": "IS-0003/R-1"}}, [("_id", 1)]),
}


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Make the database of issues with 60 issues in it, some of them supported."""
    settings = dataclasses.replace(config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix)
    made = Store("issues", settings)
    made.ensure_indexes(repository.COLLECTIONS)
    with made.transaction() as tx:
        for number in range(1, 61):
            repository.issues.save(tx, triaged(number, asset_id=f"LIFT-{number % 10}"))
            repository.supports.save(tx, _support(number))
    yield made
    made.client.close()


def _support(number: int) -> domain.Support:
    issue = triaged(number)
    return domain.support(issue, issue, f"R-{number % 3 + 100}", issue.reported_at)[2]


def stages(plan: dict[str, Any]) -> set[str]:
    inner = [plan["inputStage"]] if "inputStage" in plan else plan.get("inputStages", [])
    return {plan["stage"]}.union(*(stages(one) for one in inner))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_scans_an_index_and_sorts_nothing(store, question):
    name, where, order = QUESTIONS[question]

    explained = store.collection(name).find(where).sort(order).limit(100).explain()
    used = stages(explained["queryPlanner"]["winningPlan"])

    assert "IXSCAN" in used
    assert not used & {"COLLSCAN", "SORT"}


def test_candidates_are_each_loaded_once_and_at_most_100_of_a_place(store):
    with store.transaction() as tx:
        found = repository.candidates(tx, DRAFT)

    assert sorted(one.issue_id for one in found) == [f"IS-{number:04d}" for number in range(1, 61)]
    with store.transaction() as tx:
        for number in range(61, 201):
            repository.issues.save(tx, triaged(number))
    with store.transaction() as tx:
        assert len(repository.candidates(tx, dataclasses.replace(DRAFT, asset_id=None))) == groups.MOST_COMPARED
