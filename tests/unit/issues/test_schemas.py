import dataclasses
import json
from pathlib import Path

import pytest

from services.issues import domain, events, schemas
from shared.errors import InvalidInput
from shared.events import Event
from shared.schemas import load

EXAMPLES = Path("services/issues/examples")
FACTS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event) and kind != Event]
ROLL = {"issue_id": "IS-0101", "rule": "owners_special", "topic": "车棚"}


def refused(kind, values):
    with pytest.raises(InvalidInput) as error:
        load(kind, values)
    return error.value.details["fields"]


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.type)
def test_every_fact_has_one_example_that_it_accepts(kind):
    example = json.loads((EXAMPLES / f"{kind.type}.json").read_text(encoding="utf-8"))

    fact = load(kind, example["data"])

    assert (example["type"], example["subject"], example["source"]) == (kind.type, fact.subject_id, "issues")


def test_there_is_no_example_without_a_fact():
    assert {path.stem for path in EXAMPLES.iterdir()} == {kind.type for kind in FACTS}


def test_floor_area_is_kept_exactly():
    roll = [{"person_id": "R-1", "area": 89.37}, {"person_id": "R-2", "area": 0.07}, {"person_id": "R-3", "area": 100}]

    request = load(schemas.OpenDeliberation, {**ROLL, "roll": roll})

    assert request.question.roll == {"R-1": 89_37, "R-2": 7, "R-3": 100_00}


@pytest.mark.parametrize("area", [1.005, -1, 1_000_001, float("nan"), float("inf"), "12", True, {"$gt": 0}])
def test_an_area_that_is_none_is_refused(area):
    assert "roll" in refused(schemas.OpenDeliberation, {**ROLL, "roll": [{"person_id": "R-1", "area": area}]})


def test_nobody_is_twice_on_a_roll():
    twice = [{"person_id": "R-1", "area": 1}, {"person_id": "R-1", "area": 2}]

    assert refused(schemas.OpenDeliberation, {**ROLL, "roll": twice}) == {
        "roll": ["Each person_id once; repeated: R-1."]
    }


def test_a_roll_has_at_least_one_and_at_most_2500_voters():
    full = [{"person_id": f"R-{number}", "area": 1} for number in range(2501)]

    assert "roll" in refused(schemas.OpenDeliberation, {**ROLL, "roll": []})
    assert "roll" in refused(schemas.OpenDeliberation, {**ROLL, "roll": full})
    assert load(schemas.OpenDeliberation, {**ROLL, "roll": full[:2500]}).question.roll


@pytest.mark.parametrize("satisfaction", [0, 6, 2.5, "5", None, {"$gt": ""}])
def test_satisfaction_is_a_whole_number_from_1_to_5(satisfaction):
    assert "satisfaction" in refused(schemas.Confirm, {"issue_id": "IS-0101", "satisfaction": satisfaction})


def test_a_caller_cannot_confirm_as_the_clock():
    answer = {"issue_id": "IS-0101", "satisfaction": 5, "via": "automatic"}

    assert "via" in refused(schemas.Confirm, answer)


def test_an_issue_is_solved_or_partly_solved():
    assert "resolution" in refused(schemas.Resolve, {"issue_id": "IS-0101", "resolution": "none"})
    assert load(schemas.Resolve, {"issue_id": "IS-0101"}).resolution is domain.Outcome.SOLVED


def test_an_operator_object_is_no_text():
    report = {"reporter": {"$gt": ""}, "building_id": "C01", "text": "x"}

    assert "reporter" in refused(schemas.ReportIssue, report)


def test_a_text_of_one_megabyte_is_refused():
    report = {"reporter": "R-1001", "building_id": "C01", "text": "长" * 1_000_000}

    assert "text" in refused(schemas.ReportIssue, report)


def test_acceptance_items_are_checked_once_each():
    twice = [{"item": "A1", "met": True}, {"item": "A1", "met": False}]

    assert "items" in refused(schemas.AcceptProject, {"project_id": "SP-0101", "items": twice})


def test_the_whole_view_of_an_issue_says_everything(triaged):
    shown = schemas.issue_view(triaged)

    assert (shown["text"], shown["title"], shown["state"], shown["masked"]) == (
        triaged.text,
        "振徽苑9栋非机动车棚",
        "triaged",
        False,
    )
    json.dumps(shown)


def test_the_masked_view_of_a_sensitive_issue_says_neither_who_nor_where_nor_what(triaged):
    issue = dataclasses.replace(triaged, sensitive=True)

    shown = schemas.issue_view(issue, whole=False)

    assert (shown["issue_id"], shown["state"], shown["title"], shown["masked"]) == (
        "IS-0101",
        "triaged",
        "9栋一户居民",
        True,
    )
    for secret in ("R-1001", "C01-G03-E07-B09", "飞线", "振徽苑", "wx-1", "bike_shed", "flying_wire"):
        assert secret not in json.dumps(shown, ensure_ascii=False)


def test_the_answer_of_a_command_states_no_revision_since_it_is_given_at_commit(triaged):
    shown = schemas.issue_view(triaged)

    assert "revision" in shown
    assert schemas.answer(shown) == {name: value for name, value in shown.items() if name != "revision"}


@pytest.mark.parametrize("number", ["hotline:12345-0017", "open311:app:1", "VS-0001/1", "a:"])
def test_a_report_cannot_take_the_number_that_another_system_or_a_visit_gives(number):
    values = {"reporter": "R-1008", "building_id": "C01-G03-E07-B09", "text": "灯不亮"}

    assert list(refused(schemas.ReportIssue, {**values, "client_id": number})) == ["client_id"]
    assert load(schemas.ReportIssue, {**values, "client_id": "wx-1_a.2"}).client_id == "wx-1_a.2"
