"""I10: what residents say stays in the database of issues, whatever is called with it and whatever becomes of the call.

The plan of a secretary's project is published on purpose, but not where the issue is guarded, as it is here.
"""

import base64
import dataclasses
import io
import json
import typing
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

import pytest
from marshmallow import validate
from nameko.exceptions import RemoteError
from PIL import Image

from services.issues.service import IssuesService
from tests.e2e.fixture import B09, set_up_community
from tests.support import telling
from tests.support.lines import LINES
from tests.support.office import calls_of
from tests.support.system import T0
from tests.support.telling import SECRET

pytestmark = pytest.mark.server

WORDS = ("李桂兰", "13955501234", "1203室", "透析")  # a name, a phone number, a room, the reason of a need
IDS = {"building_id": B09, "reporter": "R-1001", "person": "R-1007", "person_id": "R-1001"}
TAKEN = 40  # commands that took words and kept them; what a rule refused shows only that a refusal keeps quiet
NOT_WORDS = {"data"}  # base64, which is refused where it is anything else
LATER = T0 + timedelta(days=20)
SIMPLE = {bool: False, int: 1, float: 1.0, datetime: LATER.isoformat(), date: LATER.date().isoformat()}


def free_text(hint: Any) -> bool:
    """Whether a field takes words: a text without a rule for its letters."""
    if get_origin(hint) is Annotated:
        inner, *rules = get_args(hint)
        return free_text(inner) and not any(isinstance(one, validate.Regexp) for one in rules)
    return hint in (str, Any)


class Form:
    """Fills a command with values that are allowed, with the secret wherever words are."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids
        self.filled: set[tuple[str, str]] = set()

    def fill(self, of: type[Any]) -> dict[str, Any]:
        hints = typing.get_type_hints(of, include_extras=True)
        names = [one.name for one in dataclasses.fields(of) if one.name not in ("command_id", "expected_revision")]
        return {name: self._value(of.__name__, name, hints[name]) for name in names}

    def _value(self, of: str, name: str, hint: Any) -> Any:
        if name == "data":
            out = io.BytesIO()
            Image.new("RGB", (32, 32)).save(out, "JPEG", comment=SECRET.encode())
            return base64.b64encode(out.getvalue()).decode()
        if free_text(hint):
            self.filled.add((of, name))
            return SECRET
        if get_origin(hint) is Annotated:
            return self._ruled(of, name, *get_args(hint))
        return self._plain(of, name, hint)

    def _ruled(self, of: str, name: str, inner: Any, *rules: Any) -> Any:
        if any(isinstance(one, validate.Regexp) for one in rules):
            return self._ids.get(name, "P-0009")
        lowest = next((one.min for one in rules if isinstance(one, validate.Range) and one.min is not None), None)
        if lowest is not None and inner in (int, float):
            return lowest
        excluded = [one for rule in rules if isinstance(rule, validate.NoneOf) for one in rule.iterable]
        if isinstance(inner, type) and issubclass(inner, Enum):
            return next(one.value for one in inner if one not in excluded)
        return self._value(of, name, inner)

    def _plain(self, of: str, name: str, hint: Any) -> Any:
        arguments = get_args(hint)
        if get_origin(hint) in (tuple, list):
            return [self._value(of, name, arguments[0])]
        if get_origin(hint) is dict:
            return {"a": self._value(of, name, arguments[1])}
        if arguments:  # a value or none
            return self._value(of, name, next(one for one in arguments if one is not type(None)))
        if dataclasses.is_dataclass(hint):
            return self.fill(typing.cast("type[Any]", hint))
        return next(iter(hint)).value if issubclass(hint, Enum) else SIMPLE[hint]


def fields_for_words(of: type[Any]) -> Iterator[tuple[str, str]]:
    """Name every field of a command that takes words, in the objects inside it too."""
    for name, hint in typing.get_type_hints(of, include_extras=True).items():
        if name not in NOT_WORDS and free_text(hint):
            yield of.__name__, name
        for inner in parts(hint):
            yield from fields_for_words(inner) if dataclasses.is_dataclass(inner) else ()
            if inner is not hint and name not in NOT_WORDS and free_text(inner):
                yield of.__name__, name


def parts(hint: Any) -> Iterator[Any]:
    """Name what a type is made of."""
    if get_origin(hint) is Annotated:
        yield from parts(get_args(hint)[0])
        return
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint
    for one in get_args(hint):
        yield one
        yield from parts(one)


class Attempts:
    """Calls with the secret, refused or not."""

    def __init__(self, issues: Any) -> None:
        self._issues = issues
        self.done: set[str] = set()
        self.refused: dict[str, str] = {}

    def told(self, name: str, /, *ids: str, **values: Any) -> dict[str, Any]:
        """Call what belongs to a story, and so may not be refused."""
        answer: dict[str, Any] = getattr(self._issues, name)(*ids, **values)
        self.done.add(name)
        return answer

    def __call__(self, name: str, /, *ids: str, **values: Any) -> dict[str, Any]:
        """Call; a refusal is an answer too, and leaves its trace in the log."""
        try:
            return self.told(name, *ids, **values)
        except RemoteError as refusal:
            self.refused[name] = str(refusal)
            return {}


def traces(text: str) -> list[str]:
    """Return the words that are in a text, as they are or as JSON escapes them."""
    return [word for word in WORDS if word in text or json.dumps(word)[1:-1] in text]


def everything_in(database: Any) -> str:
    return "\n".join(str(one) for name in database.list_collection_names() for one in database[name].find({}))


def test_no_word_of_a_resident_leaves_the_database_of_issues(story):
    story.settings["LOG_LEVEL"] = "DEBUG"
    story.start_all()
    with story.rpc() as rpc:
        set_up_community(story, rpc)
        call = Attempts(rpc.issues)
        photo = Form({}).fill(calls_of(IssuesService)["attach_photo"].takes)
        ids = {**IDS, **telling.project(call.told, photo)}
        telling.outside_unit(call.told)
        telling.topic(call.told)
        telling.applied_project(call.told)
        telling.mediation(call.told)
        telling.own_unit(call.told)
        telling.visits(call.told)
        commands = {name: one.takes for name, one in calls_of(IssuesService).items() if one.kind == "command"}
        form = Form(ids)
        for name, takes in sorted(commands.items()):
            values = form.fill(takes)
            call(name, **values)
            call(name, **{**values, "nonsense": SECRET})
            call(name, **dict.fromkeys(values, SECRET))
        assert [one for one in call.refused.values() if "internal_error" in one.lower()] == []
        expected = {field for takes in commands.values() for field in fields_for_words(takes)}
        assert expected <= form.filled
        call("erase_person", person="R-1001", reason="own_wish")
    story.settled()

    kept = everything_in(story.database("issues"))
    assert traces(kept) == list(WORDS), "the words never arrived, so their absence elsewhere says nothing"
    words = {name for name, takes in commands.items() if any(fields_for_words(takes))}
    LINES.append(f"words taken by {len(words & call.done)} commands, refused by {sorted(words - call.done)}")
    assert len(words & call.done) >= TAKEN
    assert len(story.recorder.events) > 10

    assert traces("\n".join(json.dumps(one, ensure_ascii=False) for one in story.recorder.events.values())) == []
    for process in story.processes:
        assert "call refused" in process.log.read_text() or process.service != "issues"
        assert traces(process.log.read_text()) == [], f"in the log of {process.service}"
        assert traces(process.get("/metrics").text) == [], f"in the metrics of {process.service}"
    for service in ("volunteer", "enrollment", "notify"):
        assert traces(everything_in(story.database(service))) == [], f"in the database of {service}"
