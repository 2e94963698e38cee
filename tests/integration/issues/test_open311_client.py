"""Open311 clients that others wrote create, list and follow an issue on the running service.

What was checked, and with what:

- `three` 0.8.0 (Code for America, PyPI), JSON: discovery, services, a definition, create with a key, read by id, list
  by status with a page size, token, follow to closed, a wrong key. It is of 2013 and asks itertools for `ifilter`,
  which Python 3 calls `filter`; that one name is lent to it, nothing of it is changed.
- `georeport` 0.3.1 (PyPI, of 2025), JSON and XML: services, a definition, lists by id, status and dates, read by id. It
  cannot create.
- FixMyStreet's `Open311.pm`, read as a specification: the parameters that it posts to `requests.xml`, how it reads the
  answer, its list of ids, and how it reads mySociety's updates. It is Perl and is not run.
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
from georeport import GeoReport

from tests.integration.issues.city import ANSWERS, City

pytestmark = pytest.mark.server


@pytest.fixture
def three_client(city: City, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    from three import Three

    client = Three(city.url, api_key=city.key, jurisdiction="C01")
    yield client
    client.session.close()


def only(answer: list[Any]) -> Any:
    [one] = answer
    return one


def test_three_creates_and_follows_a_request_to_its_end(city: City, three_client: Any) -> None:
    bike_shed = only([one for one in three_client.services() if one["service_code"] == "bike_shed"])
    assert bike_shed["service_name"] == "非机动车棚"
    assert bike_shed["metadata"] is True
    asked = {one["code"]: one for one in three_client.services("bike_shed")["attributes"]}
    assert [code for code, one in asked.items() if one["required"]] == ["on_fire", "wanted"]
    assert "tidying" in [value["key"] for value in asked["wanted"]["values"]]

    made = only(
        three_client.post(
            "bike_shed",
            lat=31.7201,
            long=117.2801,
            name="Mei Wang",
            phone="13812345678",
            email="mei@example.org",
            account_id="user-17",
            description="9栋门口电动车乱停",
            **ANSWERS,
        )
    )
    issue_id = made["service_request_id"]

    assert only(three_client.request(issue_id))["status"] == "open"
    assert issue_id in [one["service_request_id"] for one in three_client.requests(status="open", count=10)]
    assert issue_id in [one["service_request_id"] for one in three_client.requests("bike_shed")]
    assert only(three_client.token(issue_id))["service_request_id"] == issue_id

    city.solve(issue_id)
    waiting = only(three_client.request(issue_id))
    assert (waiting["status"], waiting["status_notes"]) == ("open", "已办结待居民确认")

    city.call("confirm", issue_id, satisfaction=5)
    ended = only(three_client.request(issue_id))
    assert ended["status"] == "closed"
    assert datetime.fromisoformat(ended["updated_datetime"]) >= datetime.fromisoformat(ended["requested_datetime"])
    assert issue_id in [one["service_request_id"] for one in three_client.requests(status="closed")]
    assert issue_id not in [one["service_request_id"] for one in three_client.requests(status="open")]


def test_three_finds_the_endpoint_by_its_discovery_document(city: City, three_client: Any) -> None:
    found = three_client.discovery()

    assert only(found["endpoints"])["url"] == city.url


def test_three_is_told_that_its_key_is_wrong(city: City, three_client: Any) -> None:
    before = city.issues()

    error = only(three_client.post("bike_shed", address="振徽苑9栋", api_key="wrong"))

    assert three_client.post_response.status_code == 403
    assert error == {"code": 403, "description": "api_key is not valid; ask the community for one"}
    assert city.issues() == before


@pytest.mark.parametrize("output_format", ["json", "xml"])
def test_georeport_lists_and_reads(city: City, output_format: str) -> None:
    ids = [city.report(client_id=f"georeport-{output_format}-{number}") for number in range(2)]
    client = GeoReport(city.url, jurisdiction="C01", output_format=output_format)

    codes = {one["service_code"] for one in client.get_service_list()}
    since = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert "bike_shed" in codes
    assert "special_group_support" not in codes
    assert client.get_service_definition("bike_shed")["service_code"] == "bike_shed"
    named = client.get_service_requests(service_request_id=",".join(ids), status="closed")
    assert {one["service_request_id"] for one in named} == set(ids)
    listed = client.get_service_requests(service_code="bike_shed", status="open", start_date=since)
    assert set(ids) <= {one["service_request_id"] for one in listed}
    read = client.get_service_request(ids[0])
    assert (read["service_request_id"], read["address"]) == (ids[0], "振徽苑9栋")
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request("IS-9999")


def test_what_fixmystreet_posts_is_taken_and_its_updates_are_read(city: City) -> None:
    posted = {
        "jurisdiction_id": "C01",
        "api_key": city.key,
        "lat": "31.7201",
        "long": "117.2801",
        "email": "mei@example.org",
        "description": "title:  Bikes\n\ndetail: before the door\n\nurl: https://fms.example.org/1\n",
        "service_code": "bike_shed",
        "first_name": "Mei",
        "last_name": "Wang",
        "phone": "13812345678",
        "media_url": "https://fms.example.org/photo/1.jpeg",
        "attribute[on_fire]": "no",
        "attribute[wanted]": "tidying",
    }
    answer = ET.fromstring(requests.post(f"{city.url}/requests.xml", data=posted, timeout=20).content)
    issue_id = answer.findtext("request/service_request_id")
    assert issue_id is not None
    city.solve(issue_id)

    listed = ET.fromstring(city.get("requests.xml", service_request_id=f"{issue_id},IS-9999").content)
    updates = ET.fromstring(city.get("servicerequestupdates.xml", jurisdiction_id="C01").content)

    assert [one.text for one in listed.findall("request/service_request_id")] == [issue_id]
    own = [one for one in updates.findall("request_update") if one.findtext("service_request_id") == issue_id]
    assert [one.findtext("status") for one in own] == ["for_triage", "investigating", "in_progress", "action_scheduled"]
    assert len({one.findtext("update_id") for one in updates.findall("request_update")}) == len(updates)
    assert all(datetime.fromisoformat(one.findtext("updated_datetime")).tzinfo for one in own)
