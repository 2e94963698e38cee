"""Reports of hotline, sensor and district platform over the bus: once each, and parked where they cannot be taken."""

import json
import uuid
from typing import Any

import pytest

from tests.e2e.fixture import B09
from tests.integration.issues.city import City
from tests.support.eventually import eventually

pytestmark = pytest.mark.server


def send(city: City, **changes: Any) -> str:
    """Send a report of the hotline and return its number."""
    number = f"12345-{uuid.uuid4().hex[:8]}"
    data = {"report_id": number, "source_system": "hotline", "text": "电动车乱停", "building_id": B09, **changes}
    data = {name: value for name, value in data.items() if value is not None}
    city.system.dispatch("hotline", "report.submitted", data)
    return str(data["report_id"])


def issues_of(city: City, number: str) -> list[dict[str, Any]]:
    return list(city.system.database("issues").issues.find({"client_id": f"hotline:{number}"}))


def test_a_report_makes_one_issue_however_often_it_is_sent(city: City) -> None:
    number = send(city, category="bike_shed", severity="high", external_no="HF-17")
    [issue] = eventually(lambda: issues_of(city, number))
    send(city, report_id=number, text="电动车还是乱停")
    after = send(city)

    eventually(lambda: issues_of(city, after))
    assert [one["_id"] for one in issues_of(city, number)] == [issue["_id"]]
    assert (issue["source"], issue["category"], issue["priority"]) == ("hotline", "bike_shed", "urgent")
    assert issue["told"]["external_no"] == "HF-17"
    assert city.get(f"requests/{issue['_id']}.json").json()[0]["status"] == "open"


def send_enveloped(city: City, **data: Any) -> None:
    """Send a report with an envelope and so with an id of its own, whatever its number."""
    kind = "report.submitted"
    envelope = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "hotline", "type": kind}
    report = {"source_system": "hotline", "text": "电动车乱停", "building_id": B09, **data}
    city.system.dispatch("hotline", kind, {**envelope, "data": report})


def test_a_report_under_the_number_of_somebody_elses_is_parked_and_not_lost(city: City) -> None:
    number = f"12345-{uuid.uuid4().hex[:8]}"
    send_enveloped(city, report_id=number, reporter_ref="H-1")
    eventually(lambda: issues_of(city, number))
    send_enveloped(city, report_id=number, reporter_ref="H-2", text="别的事")

    def parked() -> list[dict[str, Any]]:
        listed = city.call("parked", type="report.submitted")["items"]
        return [one for one in listed if f"hotline:{number}" in one["detail"]]

    [row] = eventually(parked)
    assert row["reason"] == "invalid"
    assert [one["reporter_ref"] for one in issues_of(city, number)] == ["hotline:H-1"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"building_id": "C01-G03-E07-B99"}, "our tree has no such building"),
        ({"building_id": "C01-G03-E07"}, "our tree has no such building"),
        ({"building_id": None}, "a report names one building"),
        ({"category": "gossip"}, "category"),
        ({"text": ""}, "text"),
    ],
)
def test_what_cannot_be_taken_is_parked_with_the_reason(city: City, changes: dict[str, Any], said: str) -> None:
    before = city.issues()
    number = send(city, **changes)

    def mine() -> list[dict[str, Any]]:
        listed = city.call("parked", type="report.submitted")["items"]
        return [one for one in listed if number in str(city.call("show_parked", one["parked_id"]))]

    [row] = eventually(mine)
    assert row["reason"] == "invalid"
    assert said in json.dumps(row, ensure_ascii=False)
    assert city.issues() == before
