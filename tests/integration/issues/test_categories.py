"""Categories and special days on two replicas of the service, which start on an empty database at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from nameko.exceptions import RemoteError

from tests.e2e.fixture import B09, TREE
from tests.support.categories import CATEGORIES
from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import T0, System

pytestmark = pytest.mark.server
SAFE_LIFT = {"trapped": "no", "lift_no": "1号梯", "symptoms": ["noise"]}
PARKING = {"about": ["fees"]}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start two replicas whose clock stands at T0, a Monday at 09:00, and tell them the tree."""
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("office"), clock=T0, services=("issues", "volunteer"))
    system.start("issues", replicas=2)
    for number, unit in enumerate(TREE, start=1):
        system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": number, "active": True})
    eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
    yield system
    system.stop()
    place.remove()


@pytest.fixture
def issues(office: System) -> Iterator[Any]:
    with office.rpc() as rpc:
        yield rpc.issues


def refused(call: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """Return the code and the sentence of a refusal."""
    with pytest.raises(RemoteError) as error:
        call(*args, **kwargs)
    return error.value.exc_type, error.value.value


def report(issues: Any, **more: Any) -> dict[str, Any]:
    return issues.report_issue(reporter="R-1001", building_id=B09, text="电梯有异响", **more)


def row(issues: Any, code: str, **change: Any) -> dict[str, Any]:
    """The row of a category as it is exported, with a change."""
    [found] = [one for one in issues.export_categories()["table"] if one["code"] == code]
    return {**found, **change}


def documents(office: System, code: str) -> list[str]:
    """The versions of a category in the database, in order."""
    found = office.database("issues").categories.find({"code": code}, sort=[("version", 1)])
    return [document["_id"] for document in found]


def test_two_replicas_on_an_empty_database_begin_with_the_default_table_once(office, issues):
    assert office.database("issues").categories.count_documents({"version": 1}) == len(CATEGORIES)
    listed = issues.list_categories(limit=3, retired=True)

    assert [one["code"] for one in listed["items"]] == sorted(CATEGORIES)[:3]
    assert listed["next"] == sorted(CATEGORIES)[2]
    following = issues.list_categories(after=listed["next"], retired=True)
    assert [one["code"] for one in following["items"]] == sorted(CATEGORIES)[3:]
    assert following["next"] is None


def test_a_report_under_a_category_keeps_the_checked_answers(office, issues):
    issue = report(issues, category="lift_maintenance", answers={**SAFE_LIFT, "since": "2025-03-02T23:30:00Z"})

    stored = issues.get_issue(issue["issue_id"])
    assert stored["answers"] == {**SAFE_LIFT, "since": "2025-03-03T07:30:00+08:00"}
    assert (stored["answers_to"], stored["title"]) == ("lift_maintenance@1", "振徽苑9栋电梯维修")


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        ({"category": "lift_maintenance", "answers": {"trapped": "yes"}}, "StopAnswer", "119"),
        ({"category": "lift_maintenance", "answers": {"trapped": "no"}}, "AnswersNotValid", "lift_no"),
        ({"category": "unicorns"}, "CategoryUnknown", "lift_maintenance"),
        ({"answers": {"trapped": "no"}}, "NoCategoryToAnswer", "category"),
    ],
)
def test_a_report_that_is_refused_leaves_nothing(*, office, issues, more, code, told):
    before = office.database("issues").issues.count_documents({})

    kind, sentence = refused(report, issues, **more)

    assert kind == code
    assert told in sentence
    assert office.database("issues").issues.count_documents({}) == before


def test_an_issue_stays_with_the_version_it_was_sorted_by(office, issues):
    old, new, late = (report(issues)["issue_id"] for _ in range(3))
    issues.triage(old, category="neighbour_dispute")

    answer = issues.import_categories(
        table=[row(issues, "neighbour_dispute", label_zh="邻里矛盾", qualification="law")]
    )

    assert (answer["changed"], answer["versions"]) == (["neighbour_dispute"], {"neighbour_dispute": 2})
    code, sentence = refused(issues.triage, late, category="neighbour_dispute", category_version=1)
    assert (code, "in force is 2" in sentence) == ("VersionNotInForce", True)
    assert issues.get_issue(late)["state"] == "reported"
    issues.triage(new, category="neighbour_dispute", category_version=2)
    for issue_id in (old, new):
        issues.request_help(issue_id, needed=1)
    requests = [office.recorder.wait_for("issue.help_requested", 1, issue_id=one)[0]["data"] for one in (old, new)]
    assert [one["qualification"] for one in requests] == ["mediation", "law"]
    assert [issues.get_issue(one)["title"] for one in (old, new)] == ["振徽苑9栋邻里纠纷", "振徽苑9栋邻里矛盾"]
    assert issues.get_category("neighbour_dispute", version=1)["label_zh"] == "邻里纠纷"


def test_one_wrong_row_keeps_the_whole_table_out(office, issues):
    before = office.database("issues").categories.count_documents({})
    rows = [row(issues, "parking", label_zh="停车"), row(issues, "other", route="teleport")]

    code, sentence = refused(issues.import_categories, table=rows)

    assert code == "TableNotValid"
    assert all(part in sentence for part in ("'row': 2", "'column': 'route'", "deliberation, volunteers"))
    assert office.database("issues").categories.count_documents({}) == before


def test_a_dry_run_says_what_would_happen_and_writes_nothing(office, issues):
    fresh = {**row(issues, "parking"), "code": "street_light", "label_zh": "路灯"}

    answer = issues.import_categories(table=[fresh, row(issues, "other")], retire=["parking"], dry_run=True)

    assert (answer["added"], answer["unchanged"], answer["retired"]) == (["street_light"], ["other"], ["parking"])
    assert documents(office, "street_light") == []
    assert documents(office, "parking") == ["parking@1"]


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_what_is_exported_and_imported_changes_nothing(office, issues, form):
    before = office.database("issues").categories.count_documents({})

    answer = issues.import_categories(**issues.export_categories(format=form))

    assert (answer["added"], answer["changed"], answer["versions"]) == ([], [], {})
    assert office.database("issues").categories.count_documents({}) == before


def test_the_same_table_from_many_at_once_makes_one_version(office, issues):
    table = [row(issues, "waste_station", label_zh="垃圾分类站")]

    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(office.call, "issues", "import_categories", table=table) for _ in range(6)]
    answers = [call.result() for call in calls]

    assert sorted(len(answer["changed"]) for answer in answers) == [0, 0, 0, 0, 0, 1]
    assert documents(office, "waste_station") == ["waste_station@1", "waste_station@2"]


def test_different_tables_at_once_become_versions_one_after_another(office, issues):
    tables = [[row(issues, "bike_shed", label_zh=f"车棚{number}")] for number in range(6)]

    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(office.call, "issues", "import_categories", table=table) for table in tables]
    versions = sorted(call.result()["versions"]["bike_shed"] for call in calls)

    assert versions == [2, 3, 4, 5, 6, 7]
    assert documents(office, "bike_shed") == [f"bike_shed@{number}" for number in range(1, 8)]


def test_a_retired_category_is_refused_from_now_on_and_still_shown_where_it_was_used(office, issues):
    used, late = (report(issues)["issue_id"] for _ in range(2))
    issues.triage(used, category="fire_hazard")

    assert issues.import_categories(retire=["fire_hazard"])["retired"] == ["fire_hazard"]
    assert issues.import_categories(retire=["fire_hazard"])["retired"] == []

    code, sentence = refused(issues.triage, late, category="fire_hazard")
    assert (code, "in use are" in sentence) == ("CategoryRetired", True)
    assert issues.get_issue(used)["title"] == "振徽苑9栋消防隐患"
    assert "fire_hazard" not in [one["code"] for one in issues.list_categories()["items"]]
    retired = {one["code"]: one["active"] for one in issues.list_categories(retired=True)["items"]}
    assert retired["fire_hazard"] is False


def test_special_days_move_the_deadlines_of_what_is_reported_afterwards(office, issues):
    before = report(issues)
    closed = {"day": "2025-03-04", "working": False, "name_zh": "停电检修"}

    assert issues.set_special_days(days=[closed]) == {"changed_years": [2025]}
    assert issues.set_special_days(days=[closed]) == {"changed_years": []}
    after = report(issues)
    assert issues.set_special_days(remove=["2025-03-04"]) == {"changed_years": [2025]}
    again = report(issues)

    # Monday 09:00 and a working day: Tuesday 09:00, or with Tuesday closed Wednesday 09:00.
    assert [one["next_due_at"] for one in (before, after, again)] == [
        "2025-03-04T09:00:00+08:00",
        "2025-03-05T09:00:00+08:00",
        "2025-03-04T09:00:00+08:00",
    ]
    assert issues.get_issue(before["issue_id"])["next_due_at"] == "2025-03-04T09:00:00+08:00"


def test_the_days_of_a_year_say_where_they_come_from(office, issues):
    issues.set_special_days(
        days=[
            {"day": "2031-10-01", "working": False, "name_zh": "国庆节"},
            {"day": "2026-02-24", "working": False, "name_zh": "停电检修"},
        ]
    )

    known = {day["day"]: day["source"] for day in issues.list_special_days(2026)["days"]}
    assert (known["2026-02-23"], known["2026-02-24"]) == ("package", "office")
    entered = issues.list_special_days(2031)
    assert (entered["known"], entered["known_from"], len(entered["days"])) == (True, ["office"], 1)
    assert issues.list_special_days(2032) == {"year": 2032, "known": False, "known_from": [], "days": []}
