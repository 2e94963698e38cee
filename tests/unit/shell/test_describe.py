"""A service says what it offers, generated from what it takes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from marshmallow import validate

from shared.describing import fields
from shared.schemas import Command, Id, Text


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Part:
    item: Id
    met: bool


@dataclass(frozen=True, kw_only=True)
class Paint(Command):
    """Paint something."""

    thing_id: Id
    colour: Colour = Colour.RED
    times: Annotated[int, validate.Range(1, 5)] = 1
    remark: Text | None = None
    parts: Annotated[tuple[Part, ...], validate.Length(1, 50)]
    hours: dict[Id, float]


def _by_name():
    return {one["name"]: one for one in fields(Paint)}


def test_own_fields_come_before_those_every_command_has():
    assert [one["name"] for one in fields(Paint)] == [
        "thing_id", "colour", "times", "remark", "parts", "hours", "command_id", "expected_revision",
    ]  # fmt: skip


def test_a_field_says_whether_it_must_be_there_and_what_it_is_otherwise():
    found = _by_name()

    assert found["thing_id"]["required"]
    assert (found["colour"]["required"], found["colour"]["default"]) == (False, "red")
    assert (found["remark"]["required"], found["remark"]["default"]) == (False, None)


def test_a_field_says_what_is_allowed():
    found = _by_name()

    assert found["colour"]["allowed"] == "red | blue"
    assert found["times"] == {**found["times"], "type": "whole number", "allowed": "1 to 5"}
    assert found["remark"]["allowed"] == "1 to 4,000 characters"
    assert found["thing_id"]["allowed"].startswith("1 to 64 characters")


def test_a_list_of_records_names_their_fields():
    parts = _by_name()["parts"]

    assert (parts["type"], parts["allowed"]) == ("list of Part", "1 to 50 entries")
    assert [one["name"] for one in parts["fields"]] == ["item", "met"]


def test_a_mapping_names_both_sides():
    assert _by_name()["hours"]["type"] == "text → number"
