"""An issue goes to outside units, is done, checked, and done again: on real servers, as its people would do it."""

from collections.abc import Iterator

import pytest

from tests.integration.issues.outside import UNITS, Office, offices, words

pytestmark = pytest.mark.server
SECRET = "住户说钥匙在门垫下"


def announced(office: Office, issue_id: str) -> list[str]:
    """Return what was announced about an issue, in its order."""
    office.system.settled()
    events = [event for event in office.system.recorder.events.values() if event.get("subject") == issue_id]
    ordered = sorted(events, key=lambda event: int(event["sequence"]))
    return [event["type"].removeprefix("issue.") for event in ordered]


def ticked(office: Office, issue_id: str) -> list[str]:
    """Return what the category asks to be ticked, after everything that it refuses has been tried in vain."""
    before = office.do("get_issue", issue_id)
    conditions: list[str] = office.do("get_category", "waste_station")["closing_condition_zh"]
    for ticks, proof, code in [
        ([], ["PH-2"], "conditions_not_met"),
        ([*conditions, "很满意"], ["PH-2"], "unknown_condition"),
        (conditions, [], "proof_missing"),
    ]:
        assert office.call("report_done", issue_id, "U-0072", ticks, proof, "已清运")["error"]["code"] == code
    assert office.do("get_issue", issue_id) == before
    return conditions


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a service of one replica."""
    yield from offices(tmp_path_factory.mktemp("units"), replicas=1)


def test_the_register_takes_the_same_units_again_and_changes_nothing(office: Office) -> None:
    assert office.do("set_units", UNITS) == {"changed": 0, "unchanged": 3}
    assert office.do("get_unit", "PC-0007") | {"categories": [], "revision": 1} == office.do("get_unit", "PC-0007")
    moved = {**UNITS[0], "persons": ["U-0071", "U-0072", "U-0073"]}
    assert office.do("set_units", [moved, UNITS[1]]) == {"changed": 1, "unchanged": 1}
    assert office.do("get_unit", "PC-0007")["revision"] == 2
    office.do("set_units", UNITS)


def test_units_are_listed_by_kind_by_what_they_may_handle_and_in_pages(office: Office) -> None:
    def ids(**asked: object) -> list[str]:
        return [unit["unit_id"] for unit in office.do("list_units", **asked)["items"]]

    assert ids() == ["DEP-0003", "PC-0007", "UT-0001"]
    assert ids(kind="utility") == ["UT-0001"]
    assert ids(category="waste_station") == ["DEP-0003", "PC-0007", "UT-0001"]
    assert ids(category="bike_shed") == ["PC-0007", "UT-0001"]
    first = office.do("list_units", limit=2)
    assert first["next"] == "PC-0007"
    assert [unit["unit_id"] for unit in office.do("list_units", limit=2, after="PC-0007")["items"]] == ["UT-0001"]


def test_a_refused_dispatch_changes_nothing(office: Office) -> None:
    issue_id = office.triaged()
    before = office.do("get_issue", issue_id)
    for args, code in [
        (("C01-G03-E07",), "unit_of_our_tree"),
        (("PC-9999",), "not_found"),
        (("PC-0007", [{"unit": "PC-0007", "task": "x"}]), "already_in_it"),
        (("PC-0007", [{"unit": "C01", "task": "x"}]), "unit_of_our_tree"),
        (({"$ne": 1},), "invalid_input"),
    ]:
        assert office.call("dispatch", issue_id, *args)["error"]["code"] == code
    assert office.do("get_issue", issue_id) == before
    assert office.system.recorder.of("issue.dispatched", issue_id=issue_id) == []


def test_from_dispatch_over_a_ruling_and_a_failed_check_to_resolved(office: Office) -> None:
    issue_id = office.triaged()
    office.do("dispatch", issue_id, "PC-0007", [{"unit": "DEP-0003", "task": "清运"}], "东门")
    office.do("return_issue", issue_id, "PC-0007", "U-0071", "not_responsible", SECRET, ["PH-1"])
    office.do("dispatch", issue_id, "UT-0001")
    refused = office.do("return_issue", issue_id, "UT-0001", "U-0011", "beyond_authority", SECRET)
    assert refused["state"] == "arbitrating"
    office.do("rule", issue_id, "PC-0007", "P-0001", SECRET)
    again = office.call("return_issue", issue_id, "PC-0007", "U-0071", "duplicate", SECRET)["error"]
    assert again["code"] == "may_not_return_again"
    office.do("sign", issue_id, "PC-0007", "U-0071")
    office.do("record_contact", issue_id, "U-0071", reached=False, how="phone", note=SECRET)
    office.do("record_contact", issue_id, "U-0071", reached=True, how="door")
    office.do("add_assisting", issue_id, "DEP-0003", "清运")
    office.do("end_assisting", issue_id, "DEP-0003")
    office.do("assign", issue_id, reason="expertise", person="U-0072", by="U-0071")
    office.do("add_update", issue_id, "U-0072", text="周四清运", public=True, promised_for="2025-03-06")
    rest = ("suspend", issue_id, "2025-06-01T00:00:00+08:00", "parts", "等待配件")
    assert office.call(*rest, by="U-0011")["error"]["code"] == "not_of_the_unit"
    ticks = ticked(office, issue_id)
    office.do("report_done", issue_id, "U-0072", ticks, ["PH-2"], "已清运")
    failed = office.do("fail_check", issue_id, "P-0300", "partly_done", SECRET)
    assert (failed["state"], failed["failed_checks"][0]["by"]) == ("in_progress", "P-0300")
    assert office.call("act", issue_id, "P-0300")["error"]["code"] == "verifier_may_not_handle"
    assert office.call("act", issue_id, "U-0071")["error"]["code"] == "not_of_the_unit"
    office.do("report_done", issue_id, "U-0071", ticks, ["PH-3"], answer="已全部清运")
    assert office.call("resolve", issue_id, "U-0072")["error"]["code"] == "handler_may_not_verify"
    office.do("resolve", issue_id, "P-0300")

    assert announced(office, issue_id) == [
        "reported",
        "triaged",
        "dispatched",
        "returned",
        "dispatched",
        "returned",
        "arbitration_opened",
        "arbitrated",
        "dispatched",
        "signed",
        "contacted",
        "contacted",
        "assisting_added",
        "assisting_ended",
        "assigned",
        "updated",
        "handled",
        "check_failed",
        "handled",
        "resolved",
    ]
    assert SECRET not in words(office.system)
    assert SECRET not in office.system.of("issues")[0].log.read_text(encoding="utf-8")


def test_the_diary_is_read_in_pages_and_what_is_inside_stays_there(office: Office) -> None:
    issue_id = office.dispatched()
    office.do("sign", issue_id, "PC-0007", "U-0071")
    for number in range(12):
        office.do("add_update", issue_id, "U-0071", text=f"第{number}天", public=number % 2 == 0)

    page = office.do("list_updates", issue_id, limit=5)
    rest = office.do("list_updates", issue_id, limit=500, after=page["next"])
    public = office.do("list_updates", issue_id, public_only=True)["items"]

    assert [entry["number"] for entry in page["items"] + rest["items"]] == list(range(1, 13))
    assert (page["next"], rest["next"]) == (5, None)
    assert [entry["text"] for entry in public] == [f"第{number}天" for number in range(0, 12, 2)]


def test_a_unit_finds_what_it_is_to_handle(office: Office) -> None:
    theirs = [office.dispatched("UT-0001") for _ in range(3)]
    office.do("return_issue", theirs[0], "UT-0001", "U-0011", "duplicate", photos=["PH-1"])

    page = office.do("list_issues", lead_unit="UT-0001", limit=1)
    rest = office.do("list_issues", lead_unit="UT-0001", after=page["next"])

    assert [issue["issue_id"] for issue in page["items"] + rest["items"]] == theirs[1:]
    assert office.do("list_issues", lead_unit="UT-0001", state="returned")["items"] == []
