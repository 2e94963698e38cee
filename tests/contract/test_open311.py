"""What Open311 clients receive has the fields of the specification, in both formats, and nothing of a resident.

The lists below are copied from the tables of GeoReport v2 (open311.org), the types from its published JSON Schemas
(github.com/open311/schema-validation) and, of updates, from mySociety's adapter.
"""

import json
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from deploy.contract.schemas import shape
from services.issues import domain, open311
from services.issues.domain.places import Point
from services.issues.domain.questions import Datatype, Question, Value
from services.issues.domain.working_time import Span, Unit
from services.issues.open311 import Whereabouts
from shared.http import Problem, Request
from tests.contract.known import CATALOGUE
from tests.support.categories import CATEGORIES
from tests.support.times import NOW, TIMES

SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = ["variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"]
REQUEST = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]
UPDATE = ["update_id", "service_request_id", "status", "description", "updated_datetime", "media_url"]
DISCOVERY = ["changeset", "contact", "key_service", "endpoints"]
ENDPOINT = ["specification", "url", "changeset", "type", "formats"]
TEXT, MAYBE = {"type": "string"}, {"type": ["string", "null"]}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
REQUEST_SCHEMA = {
    "type": "object",
    "required": REQUEST,
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(REQUEST, MAYBE),
        "service_request_id": TEXT,
        "service_code": TEXT,
        "status": {"enum": ["open", "closed"]},
        "description": {"type": ["string", "null"], "maxLength": 4000},
        "requested_datetime": MOMENT,
        "updated_datetime": MOMENT,
        "expected_datetime": {"anyOf": [MOMENT, {"type": "null"}]},
        "lat": {"type": ["number", "null"]},
        "long": {"type": ["number", "null"]},
    },
}
WORDS = "9栋三单元502王小梅反映楼道飞线"


def question(code, datatype, *, values=(), required=True):
    return Question(
        code=code, label_zh=f"{code}?", label_en=code, datatype=Datatype(datatype), required=required, values=values
    )


CATEGORY = replace(
    CATEGORIES["bike_shed"],
    keywords=("电动车", "充电"),
    questions=(
        question("place", "singlevaluelist", values=(Value(key="stairs", name_zh="楼道", name_en="stairs"),)),
        question("since", "datetime", required=False),
    ),
)


@pytest.fixture
def issue():
    building = domain.OrgUnit(
        org_unit_id="C01-G03-E07-B09",
        level=domain.Level.BUILDING,
        parent_id="C01-G03-E07",
        secretary_id="P-0009",
        place_zh="振徽苑9栋",
        tree_revision=1,
    )
    report = domain.Report(
        reporter="open311:app:1",
        text=WORDS,
        source=domain.Source.OPEN311,
        client_id=None,
        sensitive=False,
        category=CATEGORIES["bike_shed"],
        form=False,
    )
    made, _ = domain.report_issue("IS-0101", report, building=building, estate=None, now=NOW, times=TIMES)
    return made


def both(root, value):
    """Render as JSON and as XML, and read both."""
    plain = json.loads(open311.render(root, value, "json").body)
    reply = open311.render(root, value, "xml")
    assert reply.body.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    return plain, ET.fromstring(reply.body)


def names(element):
    return [child.tag for child in element]


def test_the_service_list():
    plain, tree = both("services", [open311.service(CATEGORY)])

    assert [list(one) for one in plain] == [SERVICE]
    assert (plain[0]["metadata"], plain[0]["type"], plain[0]["keywords"]) == (True, "realtime", "电动车,充电")
    assert tree.tag == "services"
    assert names(tree) == ["service"]
    assert names(tree[0]) == SERVICE
    assert tree.findtext("service/metadata") == "true"


def test_a_service_definition():
    plain, tree = both("service_definition", open311.definition(CATEGORY))

    assert list(plain) == ["service_code", "attributes"]
    chosen, free = plain["attributes"]
    assert list(chosen) == ATTRIBUTE
    assert list(free) == ATTRIBUTE[:-1]  # values belong to lists only
    assert (chosen["variable"], chosen["required"], chosen["order"], free["order"]) == (True, True, 1, 2)
    assert chosen["values"] == [{"key": "stairs", "name": "楼道"}]
    assert tree.tag == "service_definition"
    assert names(tree.find("attributes")) == ["attribute", "attribute"]
    assert names(tree.find("attributes/attribute")) == ATTRIBUTE
    assert names(tree.find("attributes/attribute/values/value")) == ["key", "name"]
    assert tree.findtext("attributes/attribute/datatype_description") == ""


@pytest.mark.parametrize("state", list(domain.IssueState))
def test_a_request_of_every_state(issue, state):
    where = Whereabouts(point=Point(lat=31.72, long=117.28), agency="振徽苑9栋")
    row = open311.service_request(replace(issue, state=state), where, extended=False)

    plain, tree = both("service_requests", [row])

    jsonschema.validate(plain[0], REQUEST_SCHEMA)
    assert list(plain[0]) == REQUEST
    assert tree.tag == "service_requests"
    assert names(tree) == ["request"]
    assert names(tree[0]) == REQUEST
    assert datetime.fromisoformat(tree.findtext("request/requested_datetime")) == issue.reported_at
    assert (tree.findtext("request/lat"), tree.findtext("request/zipcode")) == ("31.72", "")


def test_a_request_says_place_and_category_and_never_the_residents_words(issue):
    row = open311.service_request(issue, Whereabouts(), extended=True)

    said = open311.render("service_requests", [row], "json").body

    assert row["description"] == "振徽苑9栋非机动车棚"
    assert WORDS not in said
    assert issue.reporter_ref not in said
    assert row["extended_attributes"]["state"] == "reported"
    assert (row["lat"], row["long"], row["media_url"]) == (None, None, None)


def test_a_rest_is_told_with_its_end_and_the_reason_for_everybody(issue):
    resting = replace(issue, state=domain.IssueState.SUSPENDED, public_reason="等待备件")
    resting = resting.start(domain.ClockKind.SUSPENSION, Span(30, Unit.NATURAL_DAY), NOW, TIMES)

    row = open311.service_request(resting, Whereabouts(), extended=False)

    assert (row["status"], row["status_notes"]) == ("open", "办理中·挂账至2025-04-02：等待备件")


def test_who_is_public(issue):
    assert open311.is_public(issue)
    assert not open311.is_public(replace(issue, sensitive=True))
    assert not open311.is_public(replace(issue, category=None))
    for hidden in ("masked", "private", "hidden"):
        assert not open311.is_public(replace(issue, visibility=domain.Visibility(hidden)))


def test_an_update():
    fact = {
        "id": "01955a3e",
        "type": "issue.resolved",
        "time": "2025-03-03T09:00:00+08:00",
        "data": {"issue_id": "IS-1", "round": 1},
    }

    plain, tree = both("service_request_updates", [open311.update(fact)])

    assert [list(one) for one in plain] == [UPDATE]
    assert (plain[0]["status"], plain[0]["service_request_id"]) == ("action_scheduled", "IS-1")
    assert names(tree) == ["request_update"]
    assert names(tree[0]) == UPDATE


@pytest.mark.parametrize("kind", open311.TOLD)
def test_every_fact_that_is_told_is_announced_and_names_its_issue(kind):
    [event] = [event for event in CATALOGUE.announced["issues"] if event.type == kind]

    assert "issue_id" in shape(event)["required"]


def test_a_closing_without_an_answer_is_not_told_as_fixed():
    fact = {"id": "1", "type": "issue.closed", "time": "2025-03-03T09:00:00+08:00", "data": {"issue_id": "IS-1"}}

    assert open311.update(fact)["status"] == "closed"
    assert open311.update({**fact, "data": {"issue_id": "IS-1", "satisfaction": 5}})["status"] == "fixed"


def test_the_discovery_document():
    document = open311.discovery(
        "https://open311.example.org/", open311.changeset(CATEGORIES.values()), open311.settings()
    )

    plain, tree = both("discovery", document)

    assert list(plain) == names(tree) == DISCOVERY
    assert [list(one) for one in plain["endpoints"]] == [ENDPOINT]
    assert plain["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert plain["endpoints"][0]["url"] == "https://open311.example.org/open311/v2"
    assert plain["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert [one.text for one in tree.findall("endpoints/endpoint/formats/format")] == ["text/xml", "application/json"]


def test_the_changeset_sorts_after_every_one_before():
    newest = [replace(CATEGORY, version=version) for version in (1, 9)]
    changed = [newest[0], newest[1].as_version(10)]

    assert open311.changeset(newest) == "000010"
    assert open311.changeset(changed) > open311.changeset(newest)


@pytest.mark.parametrize(
    ("status", "told"), [(400, 400), (401, 403), (403, 403), (404, 404), (409, 400), (429, 429), (503, 503)]
)
def test_errors(status, told):
    problem = Problem(status=status, code="any", sentences=("lat: was not provided", "<b>&\x00"))
    request = Request(method="GET", url="/open311/v2/requests.xml", root="")

    reply = open311.refused(request, problem)
    tree = ET.fromstring(reply.body)
    plain = json.loads(open311.refused(replace(request, url="/open311/v2/requests.json"), problem).body)

    assert reply.status == told
    assert reply.content_type == "text/xml; charset=utf-8"
    assert (tree.tag, names(tree)) == ("errors", ["error", "error"])
    assert [names(one) for one in tree] == [["code", "description"]] * 2
    assert tree.findtext("error/code") == str(told)
    assert tree[1].findtext("description") == "<b>&\ufffd"
    assert [list(one) for one in plain] == [["code", "description"]] * 2


def test_in_no_format_of_ours_errors_are_xml():
    request = Request(method="GET", url="/open311/v2/requests.csv", root="")

    assert open311.refused(request, Problem(status=404, code="x", sentences=("no",))).content_type.startswith(
        "text/xml"
    )


def test_what_is_offered_is_active_and_tells_of_nobody_in_need():
    offered = open311.offered(
        every := [CATEGORY, replace(CATEGORY, code="old", active=False), replace(CATEGORY, code="care", sensitive=True)]
    )

    assert list(offered) == ["bike_shed"]
    assert list(open311.told(every)) == ["bike_shed", "old"]
