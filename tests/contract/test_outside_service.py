"""A service that knows stock nameko only takes our events and sends us its own."""

import json

import pytest
from nameko.exceptions import UnknownService

from tests.contract.known import EXAMPLES
from tests.support.bus import publish_raw
from tests.support.eventually import eventually

pytestmark = [pytest.mark.server, pytest.mark.timeout(120)]
PERSON = "V-2001"
BUILDING = "C01-B09"
TREE = [
    {"org_unit_id": "C01", "level": "community", "secretary_id": "P-0001", "label_zh": "滨湖世纪社区"},
    {"org_unit_id": BUILDING, "level": "building", "parent_id": "C01", "secretary_id": "P-0009", "label_zh": "9栋"},
]
COMPLETED = next(example for example in EXAMPLES if example.type == "course.completed").event
BARE = {
    "enrollment_id": f"CO-9001/{PERSON}",
    "course_id": "CO-9001",
    "person_id": PERSON,
    "theme": "volunteer_service",
    "qualification": "mediation",
    "hours": 8.0,
    "completed_at": "2025-03-28T17:00:00+08:00",
}
EVENT = {**COMPLETED, "id": "0195d9c1-7000-7000-8000-000000000001", "subject": BARE["enrollment_id"], "data": BARE}


@pytest.fixture
def school(system):
    """Run the outside service."""
    system.start("school", target="tests.contract.outside:School", wait=False)
    eventually(lambda: answers(system))
    return system


def answers(system):
    try:
        return system.call("school", "heard_of", "issue.resolved") == []
    except UnknownService:
        return False


def start(system, *names, **env):
    """Start services of ours and give them the tree and a volunteer."""
    for name in names:
        system.start(name, wait=False, **env)
    for process in system.processes:
        if process.service in names:
            process.wait_ready()
    with system.rpc() as rpc:
        rpc.volunteer.import_org_tree(units=TREE)
        rpc.volunteer.register(
            person_id=PERSON, volunteer_id=PERSON, org_unit_id=BUILDING, is_party_member=True, qualifications=[]
        )


def handled(system, service, handler):
    """Return what the inbox of a handler of ours remembers."""
    return list(system.database(service).processed_events.find({"handler": handler}))


def deliveries(system):
    """Count how often course.completed reached volunteer."""
    return sum(row["deliveries"] for row in handled(system, "volunteer", "on_course_completed"))


def resolve_an_issue(system):
    """Walk an issue from the report to the end of the work."""
    eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
    with system.rpc() as rpc:
        issue_id = rpc.issues.report_issue(reporter="R-1001", building_id=BUILDING, text="垃圾站点无人清理")["issue_id"]
        rpc.issues.triage(issue_id, category="waste_station")
        rpc.issues.request_help(issue_id, needed=1, hours_estimate=1)
        [offer] = system.recorder.wait_for("dispatch.offered", 1)
        rpc.volunteer.respond_dispatch(offer["data"]["dispatch_id"], PERSON, accept=True)
        eventually(lambda: rpc.issues.get_issue(issue_id)["state"] == "in_progress")
        rpc.issues.resolve(issue_id, by="P-0009")
    return issue_id


def test_it_hears_of_a_resolved_issue_beside_our_own_consumer(school):
    start(school, "issues", "volunteer", "notify")

    issue_id = resolve_an_issue(school)

    [event] = eventually(lambda: school.call("school", "heard_of", "issue.resolved"))
    assert (event["source"], event["type"], event["subject"]) == ("issues", "issue.resolved", issue_id)
    assert event["data"]["issue_id"] == issue_id
    assert event == school.recorder.wait_for("issue.resolved", 1)[0]
    eventually(lambda: handled(school, "notify", "on_issue_resolved"))
    assert school.parked() == []


def test_it_may_come_after_us(system):
    start(system, "issues", "volunteer")
    system.start("school", target="tests.contract.outside:School", wait=False)
    eventually(lambda: answers(system))

    issue_id = resolve_an_issue(system)

    [event] = eventually(lambda: system.call("school", "heard_of", "issue.resolved"))
    assert event["subject"] == issue_id


@pytest.mark.parametrize("payload", [BARE, EVENT], ids=["bare", "cloudevent"])
def test_a_completed_course_it_tells_enrollments_audience_twice_counts_once(school, payload):
    start(school, "volunteer")

    for _ in range(2):
        school.call("school", "tell_enrollments_audience", payload)

    eventually(lambda: deliveries(school) == 2)
    counts_once(school)
    assert len(handled(school, "volunteer", "on_course_completed")) == 1


@pytest.mark.parametrize("payload", [BARE, EVENT], ids=["bare", "cloudevent"])
def test_a_completed_course_dispatched_from_the_shell_twice_counts_once(system, payload):
    start(system, "volunteer")

    for _ in range(2):
        system.dispatch("enrollment", "course.completed", payload)

    eventually(lambda: deliveries(system) == 2)
    [qualified] = system.recorder.wait_for("volunteer.qualified", 1)
    assert qualified["data"]["source_course_id"] == "CO-9001"
    assert len(handled(system, "volunteer", "on_course_completed")) == 1


@pytest.mark.parametrize("payload", [BARE, {**EVENT, "source": "school"}], ids=["bare", "cloudevent"])
def test_its_own_exchange_is_heard_where_the_settings_name_it(school, payload):
    start(school, "volunteer", EXTRA_SOURCES=json.dumps({"school": ["course.completed"]}))

    for _ in range(2):
        school.call("school", "tell_own_audience", payload)

    eventually(lambda: deliveries(school) == 2)
    counts_once(school)


def test_its_own_exchange_is_not_heard_where_no_setting_names_it(school):
    start(school, "volunteer")

    school.call("school", "tell_own_audience", BARE)
    school.call("school", "tell_enrollments_audience", {**BARE, "course_id": "CO-9002"})

    eventually(lambda: deliveries(school) == 1)
    [row] = handled(school, "volunteer", "on_course_completed")
    assert row["event_id"] == f"course.completed:CO-9002:{PERSON}"


def test_the_same_completion_under_other_ids_counts_once(school):
    start(school, "volunteer", EXTRA_SOURCES=json.dumps({"school": ["course.completed"]}))

    school.call("school", "tell_enrollments_audience", BARE)
    school.call("school", "tell_enrollments_audience", EVENT)
    school.call("school", "tell_own_audience", {**EVENT, "id": "school-1", "source": "school"})

    eventually(lambda: deliveries(school) == 3)
    counts_once(school)
    results = sorted(row["result"] for row in handled(school, "volunteer", "on_course_completed"))
    assert results == ["done", "duplicate_business_key", "duplicate_business_key"]


def test_what_another_language_publishes_in_binary_mode_counts_too(system):
    start(system, "volunteer")
    headers = {f"ce-{name}": value for name, value in EVENT.items() if name not in ("data", "datacontenttype")}
    binary = (json.dumps(BARE).encode(), "application/json; charset=utf-8", headers)
    structured = (json.dumps(EVENT).encode(), "application/cloudevents+json", {})

    for body, content_type, more in (binary, structured):
        publish_raw(
            system.place.amqp_uri,
            "enrollment.events",
            "course.completed",
            body,
            content_type=content_type,
            headers=more,
        )

    eventually(lambda: deliveries(system) == 2)
    system.recorder.wait_for("volunteer.qualified", 1)
    assert [row["event_id"] for row in handled(system, "volunteer", "on_course_completed")] == [EVENT["id"]]


def counts_once(system):
    """Check the one qualification, in our service and in what the outside one hears of it."""
    system.recorder.wait_for("volunteer.qualified", 1)
    [heard] = eventually(lambda: system.call("school", "heard_of", "volunteer.qualified"))
    assert (heard["data"]["volunteer_id"], heard["data"]["qualification"]) == (PERSON, "mediation")
    [held] = system.call("volunteer", "volunteer_card", PERSON)["qualifications"]
    assert held["qualification"] == "mediation"
    assert system.parked() == []
