"""What commands answer, over RPC with tokens: to whom, what is remembered of it, and what an erasure leaves of that."""

import base64
import io
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from shared.actor import Actor, issue_token
from tests.e2e.fixture import B09, TREE
from tests.support import telling
from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.servers import Place
from tests.support.system import T0, System

pytestmark = pytest.mark.server

KEY = "a key for tests only, as long as it should be"
AGES = timedelta(days=36500)
WORDS = "水漏到李桂兰床上"
ADMINISTRATOR = Actor(id="local-shell", roles=("administrator",))
RESIDENT, NEIGHBOUR = (Actor(id=one, roles=("resident",)) for one in ("R-1001", "R-1007"))
TRIAGE = Actor(id="P-0100", roles=("triage",))
DISPATCHER = Actor(id="P-0002", roles=("dispatcher",))  # may send a guarded issue on, and may not read it
UNIT = {"unit_id": "U-1", "kind": "utility", "label_zh": "供电所", "label_en": "power", "persons": ["W-1"]}
CAME_BEFORE = {
    "reporter": "R-1001",
    "building_id": B09,
    "text": telling.SECRET,
    "client_id": "wx-3",
    "category": "waste_station",
    "answers": {"what": ["smell"], "place": telling.SECRET},
}


class Refused(Exception):
    """What a call was refused with."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["value"])
        self.code, self.error = error["code"], error


@dataclass
class Counter:
    """Calls issues as people with tokens do, and looks into its database."""

    system: System
    caller: RawCaller

    def call(self, name: str, actor: Actor = ADMINISTRATOR, **values: Any) -> Any:
        """Return the answer; raises Refused."""
        answer = self.caller.call(
            "issues", name, headers={"nameko.auth_token": issue_token(actor, KEY, AGES)}, **values
        )
        if answer["error"]:
            raise Refused(answer["error"])
        return answer["result"]

    def reported(self, visibility: str = "public", **report: Any) -> str:
        """Report an issue with words in it, triage it, and say who may see it."""
        made = self.call("report_issue", RESIDENT, reporter="R-1001", building_id=B09, text=WORDS, **report)
        self.call("triage", TRIAGE, issue_id=made["issue_id"], category="waste_station")
        if visibility != "public":
            self.call("set_visibility", TRIAGE, issue_id=made["issue_id"], visibility=visibility, reason="当事人要求")
        return str(made["issue_id"])

    def looks(self, issue_id: str) -> list[tuple[str, str, str]]:
        """Return who looked at an issue, through which call, and saw what."""
        found = self.system.database("issues").looks.find({"issue_id": issue_id}).sort("_id", 1)
        return [(one["by"], one["call"], one["saw"]) for one in found]

    def remembered(self, command_id: str) -> Any:
        """Return what is stored of a call."""
        return self.system.database("issues").processed_commands.find_one({"_id": command_id})

    def issue(self, issue_id: str) -> Any:
        """Return an issue as it is stored."""
        return self.system.database("issues").issues.find_one({"_id": issue_id})

    def holding(self, words: str) -> list[str]:
        """Name the collections of issues that hold words anywhere in a document."""
        database = self.system.database("issues")
        return [
            name
            for name in database.list_collection_names()
            if any(words in str(document) for document in database[name].find({}))
        ]


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Give two replicas of issues that know the tree and one outside unit, and take calls with tokens only."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("counter"), clock=T0, services=("issues",))
    try:
        system.start("issues", replicas=2, AUTH_KEY=KEY)
        for unit in TREE:
            system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
        eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
        caller = RawCaller(place.amqp_uri)
        made = Counter(system, caller)
        made.call("set_units", units=[UNIT])
        yield made
        caller.close()
    finally:
        system.stop()
        place.remove()


def photo() -> str:
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


def new_id() -> str:
    return str(uuid.uuid4())


# -- to whom


def test_who_commands_a_masked_issue_is_shown_what_the_question_shows_them(counter: Counter) -> None:
    issue_id = counter.reported("masked")
    answer = counter.call("dispatch", DISPATCHER, issue_id=issue_id, lead_unit="U-1", note="小心狗")
    asked = counter.call("get_issue", DISPATCHER, issue_id=issue_id)
    assert answer == {name: value for name, value in asked.items() if name != "revision"}
    assert answer["masked"] is True
    assert WORDS not in str(answer)
    assert counter.looks(issue_id)[-2:] == [("P-0002", "dispatch", "masked"), ("P-0002", "get_issue", "masked")]


@pytest.mark.parametrize("visibility", ["private", "hidden"])
def test_who_may_not_look_at_an_issue_gets_its_number_from_a_command(counter: Counter, visibility: str) -> None:
    issue_id = counter.reported(visibility)
    answer = counter.call("dispatch", DISPATCHER, issue_id=issue_id, lead_unit="U-1")
    assert answer == {"issue_id": issue_id, "masked": True}
    assert counter.issue(issue_id)["lead_unit"] == "U-1"
    with pytest.raises(Refused, match="only to those whom it concerns"):
        counter.call("get_issue", DISPATCHER, issue_id=issue_id)
    assert counter.looks(issue_id)[-2:] == [("P-0002", "dispatch", "refused"), ("P-0002", "get_issue", "refused")]


def test_whom_the_issue_concerns_is_answered_whole_and_reads_who_was_answered(counter: Counter) -> None:
    made = counter.call("report_issue", RESIDENT, reporter="R-1001", building_id=B09, text=WORDS, sensitive=True)
    triaged = counter.call("triage", TRIAGE, issue_id=made["issue_id"], category="waste_station")
    assert (made["text"], made["masked"], triaged["text"], triaged["masked"]) == (WORDS, False, WORDS, False)
    log = counter.call("access_log", RESIDENT, issue_id=made["issue_id"])["items"]
    assert [(one["by"], one["call"], one["saw"]) for one in log] == [
        ("R-1001", "report_issue", "whole"),
        ("P-0100", "triage", "whole"),
    ]


def test_a_public_issue_is_answered_whole_to_everybody_and_no_look_is_written(counter: Counter) -> None:
    issue_id = counter.reported()
    answer = counter.call("support", NEIGHBOUR, issue_id=issue_id, person="R-1007")
    assert (answer["text"], answer["masked"], counter.looks(issue_id)) == (WORDS, False, [])


def test_a_report_that_came_before_is_shown_only_to_whom_it_concerns(counter: Counter) -> None:
    report = {"reporter": "R-1001", "building_id": B09, "text": WORDS, "client_id": "wx-2", "sensitive": True}
    issue_id = counter.call("report_issue", RESIDENT, **report)["issue_id"]
    again = counter.call("report_issue", NEIGHBOUR, **report)
    assert (again["issue_id"], again["masked"]) == (issue_id, True)
    assert WORDS not in str(again)
    assert counter.looks(issue_id)[-1] == ("R-1007", "report_issue", "masked")


def test_a_refused_command_leaves_no_look(counter: Counter) -> None:
    issue_id = counter.reported("masked")
    before = counter.looks(issue_id)
    with pytest.raises(Refused):
        counter.call("dispatch", DISPATCHER, issue_id=issue_id, lead_unit="U-404")
    assert counter.looks(issue_id) == before


def test_nothing_is_done_where_the_look_could_not_be_written(counter: Counter) -> None:
    """The look stands in the transaction of the command; with its collection refused, so is the command."""
    issue_id = counter.reported("masked")
    before, database = counter.issue(issue_id), counter.system.database("issues")
    database.command("collMod", "looks", validator={"never": {"$exists": True}})
    try:
        with pytest.raises(Refused):
            counter.call("dispatch", DISPATCHER, issue_id=issue_id, lead_unit="U-1")
    finally:
        database.command("collMod", "looks", validator={})
    assert counter.issue(issue_id) == before


# -- what is remembered


def test_a_repeat_gets_the_first_answer_and_is_no_second_look(counter: Counter) -> None:
    issue_id, command = counter.reported("masked"), new_id()
    first = counter.call("dispatch", DISPATCHER, issue_id=issue_id, lead_unit="U-1", command_id=command)
    looks = counter.looks(issue_id)
    assert counter.call("dispatch", DISPATCHER, issue_id=issue_id, lead_unit="U-1", command_id=command) == first
    assert counter.looks(issue_id) == looks
    assert counter.remembered(command)["answer"] == first


@pytest.mark.parametrize(
    "other",
    [NEIGHBOUR, DISPATCHER, ADMINISTRATOR, Actor(id="P-0100", roles=("triage",), on_behalf_of="R-1007")],
    ids=lambda one: f"{one.id}-for-{one.on_behalf_of}",
)
def test_a_repeat_by_somebody_else_is_refused_and_tells_nothing(counter: Counter, other: Actor) -> None:
    issue_id, command = counter.reported("private"), new_id()
    news = {"issue_id": issue_id, "visibility": "hidden", "reason": "当事人要求", "command_id": command}
    assert counter.call("set_visibility", TRIAGE, **news)["text"] == WORDS
    with pytest.raises(Refused, match="somebody else") as refused:
        counter.call("set_visibility", other, **news)
    assert refused.value.code == "id_of_another_command"
    assert refused.value.error["retryable"] is False
    assert refused.value.error["details"] == {"command_id": command}


def test_who_called_cannot_be_read_from_what_is_remembered(counter: Counter) -> None:
    command = new_id()
    counter.call("erase_person", Actor(id="R-1099"), person="R-1099", reason="own_wish", command_id=command)
    assert "R-1099" not in str(counter.remembered(command))


# -- what an erasure leaves


def lived(counter: Counter) -> str:
    """Let issues with the marker in every kind of answer come to their end; return the command that made one."""
    command = new_id()

    def told(name: str, **values: Any) -> Any:
        return counter.call(name, **values)

    telling.own_unit(told)
    secret = telling.SECRET
    issue_id = told("report_issue", **CAME_BEFORE, command_id=command)["issue_id"]
    told("triage", issue_id=issue_id, category="waste_station")
    told("attach_photo", issue_id=issue_id, kind="before", data=photo(), caption=secret, by="R-1001")
    told("set_proxy", issue_id=issue_id, person="R-1007", relation="neighbour", consent=secret)
    told("act", issue_id=issue_id, by="P-0009", note=secret)
    told("add_update", issue_id=issue_id, by="P-0009", text=secret, public=True)
    told("record_contact", issue_id=issue_id, by="P-0009", reached=True, how="phone", note=secret)
    told("resolve", issue_id=issue_id, by="P-0008")
    told("confirm", issue_id=issue_id, satisfaction=5, reason=secret)
    voted_on = telling.report(told, "waste_station")
    roll = [{"person_id": "R-1001", "area": 90}]
    vote = told("open_deliberation", issue_id=voted_on, rule="council_simple", topic="装灯", roll=roll)
    key = {"deliberation_id": vote["deliberation_id"]}
    told("cast_vote", **key, person_id="R-1001", choice="for")
    told("close_vote", **key)
    told("sign_resolution", **key, by="R-1001")
    told("publish_resolution", **key)
    told("object_resolution", **key, text=secret, by="R-1001")
    told("withdraw", issue_id=voted_on, reason=secret)
    finding = {"text": secret, "dimension": "living_needs", "resident": "R-1001", "handled_on_spot": True}
    told(
        "record_visit",
        building_id=B09,
        visitors=["P-0009"],
        dimensions=["living_needs"],
        consent=True,
        findings=[finding],
    )
    return command


def test_after_an_erasure_no_collection_holds_the_words_and_a_repeat_does_nothing_again(counter: Counter) -> None:
    command = lived(counter)
    assert {"issues", "processed_commands", "updates", "visits", "albums", "objections"} <= set(
        counter.holding(telling.SECRET)
    )
    counter.call("erase_person", person="R-1001", reason="own_wish")

    assert counter.holding(telling.SECRET) == []
    assert counter.holding("wx-3") == []
    issues = counter.system.database("issues").issues.count_documents({})
    again = counter.call("report_issue", **CAME_BEFORE, command_id=command)
    assert again == {"erased": True}
    assert counter.system.database("issues").issues.count_documents({}) == issues


def test_an_erasure_cuts_what_a_voter_and_a_proxy_were_answered_about_a_vote_that_is_over(counter: Counter) -> None:
    cast, paper, kept = new_id(), new_id(), new_id()
    roll = [{"person_id": person, "area": 90} for person in ("R-2001", "R-2002", "R-2003")]
    issue_id = counter.reported()
    vote = counter.call("open_deliberation", issue_id=issue_id, rule="council_simple", topic="装灯", roll=roll)
    key = {"deliberation_id": vote["deliberation_id"]}
    signed = {"proxy": "R-2009", "authorisation": "档案柜3"}
    counter.call("cast_vote", **key, person_id="R-2001", choice="against", command_id=cast)
    counter.call("register_vote_proxy", **key, person_id="R-2002", **signed, command_id=paper)
    counter.call("cast_vote", **key, person_id="R-2003", choice="for", command_id=kept)
    counter.call("close_vote", **key)

    for person in ("R-2001", "R-2009"):
        counter.call("erase_person", person=person, reason="own_wish")

    assert [counter.remembered(one)["answer"] for one in (cast, paper)] == [{"erased": True}] * 2
    assert counter.remembered(kept)["answer"]["person_id"] == "R-2003"
