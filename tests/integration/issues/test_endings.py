"""What volunteers hear when an issue ends without the resident's answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.fixture import B09, TREE, VOLUNTEERS
from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import T0, System

pytestmark = pytest.mark.server
ENDINGS = {
    "issue.force_closed": {"reason": "overtaken"},
    "issue.handed_over": {"to": "district_platform", "reference_no": "HO-1"},
    "issue.withdrawn": {"stays_open": False},
}


@pytest.fixture(scope="module")
def volunteers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give volunteer with the tree and two volunteers of one building."""
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("volunteers"), clock=T0, services=("volunteer",))
    try:
        system.start("volunteer")
        system.call("volunteer", "import_org_tree", units=TREE)
        for volunteer_id, _, unit, member, _, _ in VOLUNTEERS[:2]:
            system.call(
                "volunteer",
                "register",
                person_id=volunteer_id,
                volunteer_id=volunteer_id,
                org_unit_id=unit,
                is_party_member=member,
            )
        yield system
    finally:
        system.stop()
        place.remove()


def ask(system: System, issue_id: str) -> str:
    """Ask one volunteer to help with an issue and return the dispatch."""
    wanted = {"issue_id": issue_id, "category": "waste_station", "needed": 1, "hours_estimate": 2, "building_id": B09}
    system.dispatch("issues", "issue.help_requested", {**wanted, "round": 1, "request_no": 1})
    dispatch_id = issue_id.replace("IS-", "DP-")
    eventually(lambda: system.database("volunteer").dispatches.find_one({"_id": dispatch_id}))
    return dispatch_id


def serve(system: System, dispatch_id: str) -> str:
    """Let whoever was asked accept and serve two hours, and return who it was."""
    [offer] = system.call("volunteer", "get_dispatch", dispatch_id)["offers"]
    system.call("volunteer", "respond_dispatch", dispatch_id, offer["volunteer_id"], accept=True)
    system.call("volunteer", "complete_dispatch", dispatch_id, hours_by_volunteer={offer["volunteer_id"]: 2})
    return str(offer["volunteer_id"])


def state(system: System, dispatch_id: str) -> Any:
    return system.call("volunteer", "get_dispatch", dispatch_id)["state"]


@pytest.mark.parametrize("kind", sorted(ENDINGS))
def test_open_offers_go_back_and_work_done_counts(volunteers: System, kind: str) -> None:
    number = sorted(ENDINGS).index(kind)
    asked, served = ask(volunteers, f"IS-01{number}0"), ask(volunteers, f"IS-02{number}0")
    volunteer_id = serve(volunteers, served)

    for issue_id in (f"IS-01{number}0", f"IS-02{number}0"):
        for _ in range(2):
            volunteers.dispatch("issues", kind, {"issue_id": issue_id, "round": 1, **ENDINGS[kind]})

    eventually(lambda: (state(volunteers, asked), state(volunteers, served)) == ("withdrawn", "verified"))
    volunteers.settled()
    rows = volunteers.call("volunteer", "hours_ledger", dispatch_id=served)["items"]
    assert [(row["volunteer_id"], row["hours"]) for row in rows] == [(volunteer_id, 2.0)]
    assert volunteers.database("volunteer").volunteers.find_one({"open_offers": {"$gt": 0}}) is None
    assert volunteers.database("volunteer").deadlines.count_documents({}) == 0
    assert volunteers.parked() == []


def test_what_stays_open_for_safety_keeps_its_helpers(volunteers: System) -> None:
    dispatch_id = ask(volunteers, "IS-0900")

    volunteers.dispatch("issues", "issue.withdrawn", {"issue_id": "IS-0900", "round": 1, "stays_open": True})
    volunteers.settled()

    assert state(volunteers, dispatch_id) == "offering"


def test_work_that_ends_after_the_issue_counts_at_once(volunteers: System) -> None:
    dispatch_id = ask(volunteers, "IS-0901")
    [offer] = volunteers.call("volunteer", "get_dispatch", dispatch_id)["offers"]
    volunteers.call("volunteer", "respond_dispatch", dispatch_id, offer["volunteer_id"], accept=True)

    volunteers.dispatch("issues", "issue.force_closed", {"issue_id": "IS-0901", "round": 1, "reason": "overtaken"})
    eventually(lambda: volunteers.database("volunteer").issue_copies.find_one({"_id": "IS-0901", "state": "closed"}))
    done = volunteers.call("volunteer", "complete_dispatch", dispatch_id, hours_by_volunteer={offer["volunteer_id"]: 1})

    assert done["state"] == "verified"
