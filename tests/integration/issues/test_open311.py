"""The endpoint on the running service: where a report lands, what is refused, and what nobody is told."""

import concurrent.futures
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
import requests

from services.issues.domain.api_clients import REQUESTS_A_MINUTE
from tests.integration.issues.city import B10, City
from tests.support.eventually import eventually

pytestmark = pytest.mark.server
PERSONAL = {"first_name": "小梅", "last_name": "王", "phone": "13812345678", "email": "xiaomei@example.org"}


def refusal(answer: requests.Response) -> tuple[int, str]:
    [error] = answer.json()
    assert error["code"] == answer.status_code
    return answer.status_code, error["description"]


# -- where it lands


def test_a_point_lands_at_the_nearest_building_and_is_kept_for_triage(city: City) -> None:
    stored = city.stored(city.report(address_id=None, lat="31.7211", long="117.2801"))

    assert stored["building_id"] == B10
    assert stored["told"]["point"] == {"lat": 31.7211, "long": 117.2801}


def test_a_chinese_map_point_is_converted_before_anybody_looks_for_a_building(city: City) -> None:
    shifted = {"lat": "31.718022935899562", "long": "117.28550281004892", "coordinate_system": "gcj02"}

    point = city.stored(city.report(address_id=None, **shifted))["told"]["point"]

    assert (point["lat"], point["long"]) == pytest.approx((31.72, 117.28), abs=1e-6)


def test_an_address_lands_at_the_one_building_of_this_name(city: City) -> None:
    assert city.stored(city.report(address_id=None, address_string="振徽苑10栋"))["building_id"] == B10


def test_contact_data_and_account_are_kept_nowhere(city: City) -> None:
    issue_id = city.report(account_id="13912345678", media_url="https://photos.example.org/1.jpg", **PERSONAL)

    database = city.system.database("issues")
    kept = [str(row) for name in database.list_collection_names() for row in database[name].find()]
    words = [*PERSONAL.values(), "13912345678"]
    assert [word for word in words for row in kept if word in row and word != "王"] == []
    assert [word for word in words if len(word) > 1 and word in city.process.log.read_text()] == []
    assert city.stored(issue_id)["reporter_ref"].startswith("open311:reporting-app:")


def test_the_fact_of_a_report_carries_no_word_of_it(city: City) -> None:
    issue_id = city.report(description="三单元502的王小梅摔倒了")

    reported = eventually(lambda: city.system.recorder.of("issue.reported", issue_id=issue_id))
    assert "摔倒" not in str(reported)


# -- once


@pytest.mark.parametrize("by_header", [False, True])
def test_the_same_number_again_is_the_same_request(city: City, by_header: bool) -> None:
    number = f"once-{by_header}"
    own = {"headers": {"Idempotency-Key": number}} if by_header else {"client_id": number}

    first, again = city.post(**own), city.post(**own)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_same_number_at_once_makes_one_issue(city: City) -> None:
    before = city.issues()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: city.post(client_id="race"), range(8)))

    assert {answer.json()[0]["service_request_id"] for answer in answers} == {
        answers[0].json()[0]["service_request_id"]
    }
    assert city.issues() == before + 1


def test_two_clients_may_use_the_same_number(city: City) -> None:
    other = city.new_key("another-app", source="hotline")

    ours, theirs = city.report(client_id="1"), city.report(client_id="1", api_key=other)

    assert ours != theirs
    assert city.stored(theirs)["source"] == "hotline"


# -- what is refused


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"api_key": None}, 403, "api_key was not provided"),
        ({"api_key": "wrong"}, 403, "api_key is not valid; ask the community for one"),
        ({"jurisdiction_id": "sfgov.org"}, 404, "jurisdiction_id sfgov.org was not found; this is C01"),
        ({"service_code": None}, 400, "service_code: was not provided"),
        ({"service_code": "gossip"}, 404, "service_code gossip was not found; there are bike_shed,"),
        ({"service_code": "special_group_support"}, 404, "service_code special_group_support was not found"),
        ({"address_id": None}, 400, "lat: was not provided; a request needs one of lat and long, address_string"),
        ({"address_id": "C01-G03-E07"}, 400, "address_id: C01-G03-E07 is not a building of this community"),
        ({"address_id": None, "address_string": "白宫"}, 400, "address_string: no building is called 白宫"),
        (
            {"address_id": None, "lat": "30", "long": "117"},
            400,
            "no building of ours stands within 200 m of this point",
        ),
        ({"attribute[on_fire]": None}, 400, "attribute[on_fire]: "),
        ({"attribute[on_fire]": "yes"}, 400, "请"),
        ({"attribute[owner]": "me"}, 400, "attribute[owner]: no such question; there are on_fire, wanted"),
        ({"description": "字" * 4001}, 400, "description: Longer than maximum length 4000."),
    ],
)
def test_what_is_refused_says_why_in_both_formats_and_changes_nothing(
    city: City, sent: dict, status: int, said: str
) -> None:
    before = city.issues()

    plain, tree = city.post(**sent), ET.fromstring(city.post("xml", **sent).content)

    assert refusal(plain)[0] == status
    assert refusal(plain)[1].startswith(said)
    assert (tree.tag, tree.findtext("error/description")) == ("errors", refusal(plain)[1])
    assert city.issues() == before


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("services/gossip.json", {}, 404, "service_code gossip was not found"),
        ("services.json", {"jurisdiction_id": "x"}, 404, "jurisdiction_id x was not found"),
        ("requests/IS-9999.json", {}, 404, "service_request_id IS-9999 was not found"),
        ("tokens/T-1.json", {}, 404, "token T-1 was not found"),
        ("requests.json", {"status": "done"}, 400, "status: done is not one of open, closed"),
        ("requests.json", {"service_code": "gossip"}, 404, "service_code gossip was not found"),
        ("requests.json", {"start_date": "2025-03-03"}, 400, "start_date: must be a date-time with zone"),
        ("requests.json", {"page_size": "1001"}, 400, "page_size: must be a whole number from 1 to 1000"),
        ("people.json", {}, 404, "/open311/v2/people.json was not found; there are discovery, services"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    city: City, path: str, query: dict, status: int, said: str
) -> None:
    answer = city.get(path, **query)

    assert refusal(answer)[0] == status
    assert refusal(answer)[1].startswith(said)


def test_one_key_asks_at_most_so_often_and_is_told_how_long_to_wait(city: City) -> None:
    key = city.new_key("busy")
    answers = []
    while not answers or (answers[-1].status_code != 429 and len(answers) < 3 * REQUESTS_A_MINUTE):
        answers.append(city.post(api_key=key, client_id="busy"))

    assert refusal(answers[-1]) == (429, f"at most {REQUESTS_A_MINUTE} requests a minute with one api_key")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert city.post().status_code == 201  # another key is not held back


def test_a_revoked_key_opens_nothing_and_no_key_is_ever_shown_again(city: City) -> None:
    key = city.new_key("former")
    city.call("revoke_api_key", "former")

    assert refusal(city.post(api_key=key))[0] == 403
    shown = city.call("list_api_clients")
    assert {one["client"]: one["active"] for one in shown["items"]}["former"] is False
    database = city.system.database("issues")
    kept = [str(row) for name in database.list_collection_names() for row in database[name].find()]
    assert not any(key in text for text in (*kept, str(shown), city.process.log.read_text()))


# -- what nobody is told


def test_a_request_that_turns_out_to_tell_of_a_person_in_need_is_not_found_any_more(city: City) -> None:
    issue_id = city.report()
    city.call("triage", issue_id, category="special_group_support")

    assert city.get(f"requests/{issue_id}.json").status_code == 404
    assert city.get("requests.json", service_request_id=issue_id).json() == []
    assert issue_id not in city.get("requests.json").text
    assert issue_id not in city.get("servicerequestupdates.json").text


def test_the_list_tells_place_and_category_and_no_word(city: City) -> None:
    issue_id = city.report(description="邻居老张家的车")

    [row] = city.get(f"requests/{issue_id}.json").json()

    assert (row["description"], row["address"], row["agency_responsible"]) == ("振徽苑9栋非机动车棚",) + (
        "振徽苑9栋",
    ) * 2
    assert (row["lat"], row["long"]) == (31.72, 117.28)
    assert "老张" not in city.get("requests.json", extensions="true").text


def test_what_has_no_field_is_told_where_asked(city: City) -> None:
    issue_id = city.report()
    city.call("triage", issue_id, category="bike_shed")

    [row] = city.get(f"requests/{issue_id}.json", extensions="true").json()

    assert row["extended_attributes"]["state"] == "triaged"
    assert datetime.fromisoformat(row["expected_datetime"]) > datetime.now(UTC)
    assert "extended_attributes" not in city.get(f"requests/{issue_id}.json").json()[0]


# -- long lists


def test_pages_lead_through_the_whole_list_newest_first(city: City) -> None:
    made = [city.report(client_id=f"page-{number}") for number in range(5)]
    seen: list[str] = []
    url: str | None = f"{city.url}/requests.json?page_size=2&status=open"
    while url is not None and not set(made) <= set(seen):
        answer = requests.get(url, timeout=20)
        assert len(answer.json()) <= 2
        seen += [row["service_request_id"] for row in answer.json()]
        url = answer.links.get("next", {}).get("url")

    assert [one for one in seen if one in made] == made[::-1]
    assert len(seen) == len(set(seen))
