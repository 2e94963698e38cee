"""Reports, work lists and answers as callers see them: what is right, and what is refused with what is allowed."""

import base64
import io
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook

from services.issues import repository
from shared.actor import Actor
from shared.clock import COMMUNITY_TIME
from shared.errors import Forbidden, InvalidInput, NotFound, Refusal
from tests.support.many import units

pytestmark = pytest.mark.server
BUILDING, ESTATE = "C01-G01-E01-B01", "C01-G01-E01"
TODAY = datetime.now(COMMUNITY_TIME).date()
DAYS = {"since": (TODAY - timedelta(days=6)).isoformat(), "until": TODAY.isoformat()}
RESIDENT = Actor(id="R-1001", roles=("resident",))
CALLER = Actor(id="P-0020", roles=("verifier",))
UNIT_STAFF = Actor(id="P-0009", roles=("unit",))


@pytest.fixture(autouse=True)
def tree(store):
    store.database["org_units"].insert_many([repository.org_units.to_document(unit) for unit in units()])


def reported(desk, **fields):
    told = {"reporter": "R-1001", "building_id": BUILDING, "text": "电价太高", **fields}
    return desk.command("report_issue", **told)["issue_id"]


def triaged(desk, **fields):
    issue_id = reported(desk, **fields)
    desk.command("triage", issue_id, category="electricity_price_dispute")
    return issue_id


def closed(desk, *steps, **fields):
    """One issue through as many rounds as there are answers."""
    issue_id = triaged(desk, **fields)
    desk.command("act", issue_id, by="P-0001")
    for step in steps:
        desk.command("resolve", issue_id, by="P-0002")
        desk.command("confirm", issue_id, satisfaction=step)
    return issue_id


# -- story 10


def test_an_issue_of_two_rounds_counts_once_with_its_final_and_its_first_satisfaction(desk):
    closed(desk, 2, 4)

    satisfaction = desk.ask("satisfaction_report", **DAYS)["total"]
    issues = desk.ask("issue_report", **DAYS)["total"]

    assert (satisfaction["cases"], satisfaction["final"]["4"], satisfaction["first"]["2"]) == (1, 1, 1)
    assert sum(satisfaction["final"].values()) == sum(satisfaction["first"].values()) == 1
    assert satisfaction["reopened"] == {"count": 1, "of": 1, "percent": 100.0}
    assert issues["states"] == {"closed": 1}
    assert issues["days_open"] == {"cases": 1, "mean": 0.0, "median": 0.0, "p90": 0}


def test_a_repeated_report_on_the_same_asset_is_counted(desk):
    closed(desk, 5, asset_id="LIFT-1")
    closed(desk, 5, asset_id="LIFT-1")
    closed(desk, 5, asset_id="LIFT-2")

    assert desk.ask("satisfaction_report", **DAYS)["total"]["repeated"] == {"count": 1, "of": 3, "percent": 33.3}


def test_the_same_command_twice_counts_once(desk):
    issue_id = triaged(desk)
    desk.command("act", issue_id, by="P-0001")
    desk.command("resolve", issue_id, by="P-0002")
    desk.command("confirm", issue_id, satisfaction=5)
    for _ in range(2):
        desk.command("record_call_back", issue_id, reached=True, solved="partly", command_id="call-1", of=CALLER)

    assert len(desk.ask("get_issue", issue_id)["feedback"]) == 2
    assert desk.ask("satisfaction_report", **DAYS)["total"]["solved"] == {"count": 0, "of": 1, "percent": 0.0}


def test_who_sees_an_issue_masked_sees_no_answers(desk):
    issue_id = closed(desk, 5, sensitive=True)

    assert "feedback" not in desk.ask("get_issue", issue_id, of=Actor(id="R-9999", roles=("resident",)))
    assert "feedback" in desk.ask("get_issue", issue_id, of=RESIDENT)


def test_visits_are_counted_round_by_round(desk):
    visitor = Actor(id="P-0007", roles=("visitor",))
    told = {"building_id": BUILDING, "visitors": ["P-0007"], "dimensions": ["living_needs"], "consent": True}
    for round_no in (1, 1, 2):
        desk.command("record_visit", round_no=round_no, held_on=TODAY.isoformat(), **told, of=visitor)

    answer = desk.ask("visit_report", of=visitor)

    assert [(row["group"], row["visits"]) for row in answer["rows"]] == [("1", 2), ("2", 1)]
    assert answer["total"]["visits"] == 3
    assert desk.ask("visit_report", 2, of=visitor)["total"]["visits"] == 1
    with pytest.raises(Forbidden):
        desk.ask("visit_report", of=RESIDENT)


# -- work lists


def test_the_work_list_shows_the_most_pressing_first_and_no_word_of_a_resident(desk):
    later = triaged(desk, text="张三家的电表")
    sooner = reported(desk, urgent=True)

    [first, second] = desk.ask("worklist", unit=ESTATE, of=UNIT_STAFF)["items"]

    assert (first["issue_id"], first["clock"], second["issue_id"], second["clock"]) == (
        sooner,
        "accept",
        later,
        "ladder",
    )
    assert first["stage"] == {"number": 1, "zh": "已提交", "en": "submitted"}
    assert (second["state_zh"], second["state_en"], second["title"]) == ("已受理", "triaged", "C01-G01-E01-B01电价争议")
    assert (second["overdue"], second["warning"]) == (False, False)
    assert "张三" not in str(second)
    assert set(second) & {"text", "reporter_ref", "remark", "feedback"} == set()


def test_of_a_sensitive_issue_the_work_list_shows_only_where_it_is(desk):
    triaged(desk, sensitive=True)

    [row] = desk.ask("worklist", of=UNIT_STAFF)["items"]

    assert (row["title"], row["category"], row["hazard"]) == ("-B01一户居民", None, None)


def test_without_what_is_below_only_the_unit_itself_is_listed(desk):
    triaged(desk)

    assert desk.ask("worklist", unit=ESTATE, include_below=False)["items"] == []
    assert len(desk.ask("worklist", unit=BUILDING, include_below=False)["items"]) == 1


def test_due_soon_lists_the_clocks_of_the_kinds_asked_for(desk):
    accept = reported(desk, urgent=True)  # half an hour
    ladder = triaged(desk)  # a day

    def shown(**asked):
        return [row["issue_id"] for row in desk.ask("due_soon", **asked)["items"]]

    assert shown(within_hours=1) == [accept]
    assert shown(within_hours=25, kinds=["ladder", "sign"]) == [ladder]
    assert shown(within_hours=25, unit="C01-G02") == []


# -- files


def test_a_report_is_exported_with_its_total_last(desk):
    closed(desk, 5)

    file = desk.ask("export_report", "issue_report", **DAYS, by="category", format="xlsx")
    rows = list(load_workbook(io.BytesIO(base64.b64decode(file["content"]))).active.values)

    assert file["filename"] == f"issue_report_{DAYS['since']}_{DAYS['until']}.xlsx"
    assert rows[0][:4] == ("分组", "上报", "在办", "超期")
    assert [row[:4] for row in rows[1:]] == [("electricity_price_dispute", 1, 0, 0), ("合计", 1, 0, 0)]


def test_no_rate_is_exported_without_what_it_is_a_share_of(desk):
    closed(desk, 3)

    file = desk.ask("export_report", "satisfaction_report", **DAYS, format="csv", lang="en")
    [headings, total] = base64.b64decode(file["content"]).decode("utf-8-sig").splitlines()
    shown = dict(zip(headings.split(","), total.split(","), strict=True))

    assert (shown["group"], shown["solved (%)"], shown["solved of"]) == ("total", "100.0", "1")
    assert (shown["satisfied (%)"], shown["satisfied of"], shown["unreachable (%)"]) == ("90.0", "1", "0.0")


def test_a_work_list_is_exported_with_real_dates(desk):
    triaged(desk)

    file = desk.ask("export_report", "worklist", unit=ESTATE)
    [headings, row] = load_workbook(io.BytesIO(base64.b64decode(file["content"]))).active.iter_rows()

    due = next(cell for head, cell in zip(headings, row, strict=True) if head.value == "截止时间")
    assert due.is_date
    assert due.value > datetime.now(COMMUNITY_TIME).replace(tzinfo=None)


# -- what is refused


def test_bad_questions_are_refused_with_what_is_allowed(desk):
    backwards = {"since": DAYS["until"], "until": DAYS["since"]}
    refused = [
        ("issue_report", backwards, Refusal, "until must lie 0 to 1099 days after since"),
        ("satisfaction_report", {"since": "2020-01-01", "until": "2025-01-01"}, Refusal, "until must lie 0 to 1099"),
        ("issue_report", {**DAYS, "unit": "C01-G77"}, NotFound, "there is no OrgUnit C01-G77"),
        ("satisfaction_report", {**DAYS, "unit": "C01-G77"}, NotFound, "there is no OrgUnit C01-G77"),
        ("worklist", {"unit": "C01-G77"}, NotFound, "there is no OrgUnit C01-G77"),
        ("worklist", {"after": "IS-0101"}, Refusal, "after must be the `next` of the page before"),
        ("issue_report", {**DAYS, "by": "weather"}, InvalidInput, "unit, category, state, month, source"),
        ("issue_report", {**DAYS, "category": "weather"}, Refusal, "bike_shed"),
        ("issue_report", {"since": "soon", "until": DAYS["until"]}, InvalidInput, "Not a valid date"),
        ("issue_report", {}, InvalidInput, "Missing data for required field"),
        ("due_soon", {"within_hours": 0}, InvalidInput, "greater than or equal to 0.1"),
        ("due_soon", {"within_hours": 5, "kinds": ["confirm"]}, InvalidInput, "kinds"),
        ("export_report", {"report": "issue_report", **DAYS, "format": "pdf"}, InvalidInput, "xlsx, csv"),
        ("export_report", {"report": "weather"}, InvalidInput, "issue_report, satisfaction_report, worklist"),
        ("export_report", {"report": "issue_report"}, InvalidInput, "Missing data for required field"),
        ("export_report", {"report": "worklist", **DAYS}, InvalidInput, "allowed are"),
    ]
    for name, asked, error, says in refused:
        with pytest.raises(error) as caught:
            desk.ask(name, **asked)
        assert says in str(caught.value), (name, asked, str(caught.value))


def test_residents_see_rates_of_many_and_nothing_else(desk):
    closed(desk, 5)

    for name, asked in (("issue_report", DAYS), ("worklist", {}), ("due_soon", {"within_hours": 1})):
        with pytest.raises(Forbidden):
            desk.ask(name, **asked, of=RESIDENT)
    with pytest.raises(Refusal, match="shown from 10 cases on"):
        desk.ask("satisfaction_report", **DAYS, of=RESIDENT)
    with pytest.raises(Forbidden):
        desk.ask("export_report", "issue_report", **DAYS, of=RESIDENT)


def test_refused_calls_change_nothing(desk, store):
    issue_id = closed(desk, 5)
    before = store.database["issues"].find_one({"_id": issue_id})
    refused = [
        ({"reached": False, "solved": "yes"}, CALLER, "leave out contacted, solved and satisfied"),
        ({"reached": True, "solved": "perhaps"}, CALLER, "yes, partly, no"),
        ({"reached": True, "satisfied": "very"}, CALLER, "satisfied, basically, dissatisfied"),
        ({"reached": True, "channel": "automatic"}, CALLER, "wechat, sms, voice, door"),
        ({"reached": True}, Actor(id="P-0001", roles=("verifier",)), "does not verify"),
        ({"reached": True}, RESIDENT, "administrator, triage, verifier"),
        ({"reached": True, "by": "P-0099"}, CALLER, "only an administrator acts for somebody else"),
        ({"reached": True, "expected_revision": 1}, CALLER, "changed since you looked"),
    ]

    for said, actor, says in refused:
        with pytest.raises(Exception, match=r".") as caught:
            desk.command("record_call_back", issue_id, **said, of=actor)
        assert says in str(caught.value), (said, str(caught.value))
    with pytest.raises(Refusal, match="asked thirty days after closing"):
        desk.command("answer_durability", issue_id, holds=True, of=RESIDENT)

    assert store.database["issues"].find_one({"_id": issue_id}) == before
