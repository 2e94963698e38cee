"""From outside values to commands and facts, and back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.schemas import Command, Id, ShortText, load, schema_class


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a fact."""

    item: Id


@dataclass(frozen=True, kw_only=True)
class Whole(Command):
    """A fact with parts."""

    parts: tuple[Part, ...]


def test_a_consumer_ignores_unknown_fields_however_deep_they_are() -> None:
    fact = load(Whole, {"parts": [{"item": "A1", "newer": 1}], "newest": 2}, ignore_unknown=True)
    assert fact == Whole(parts=(Part(item="A1"),))


def test_a_command_refuses_unknown_fields_however_deep_they_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        load(Whole, {"parts": [{"item": "A1", "newer": 1}]})
    assert refused.value.details["fields"] == {"parts": {0: {"newer": ["Unknown field."]}}}


@pytest.mark.parametrize("value", [{"$gt": ""}, 3, None, ["A1"], True])
def test_a_text_is_a_text_and_nothing_else(value: object) -> None:
    with pytest.raises(InvalidInput):
        load(Part, {"item": value})


class Colour(Enum):
    """One of two."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Everything(Command):
    """A command with a field of every kind."""

    item: Id
    note: ShortText | None = None
    count: int = 0
    share: float = 0.5
    open: bool = False
    day: date | None = None
    moment: datetime | None = None
    colour: Colour = Colour.RED
    parts: tuple[Part, ...] = ()


TEXTS = ["A1", "", "a b", "x" * 201, "red", "2025-02-30", "2025-02-28", "2025-03-03T09:00:00+08:00", "2025-03-03T09"]
OTHERS = [None, True, 1, 2**63, 1.5, float("inf"), {"$gt": ""}, {}, [], [{"item": "A1"}], [{"item": 7}], [{"new": 1}]]
VALUES = st.sampled_from([*TEXTS, *OTHERS])
NAMES = st.sampled_from([*Everything.__dataclass_fields__, "newer"])


@given(st.dictionaries(NAMES, VALUES), st.booleans())
def test_the_short_way_takes_what_marshmallow_takes_and_makes_the_same_of_it(values: Any, ignore: bool) -> None:
    schema = schema_class(Everything, ignore_unknown=ignore)(unknown="exclude" if ignore else "raise")
    values.setdefault("item", "A1")
    problems = schema.validate(values)
    if problems:
        with pytest.raises(InvalidInput) as refused:
            load(Everything, values, ignore_unknown=ignore)
        assert refused.value.details["fields"].keys() == problems.keys()
    else:
        assert load(Everything, values, ignore_unknown=ignore) == schema.load(values)


@dataclass(frozen=True, kw_only=True)
class Days(Command):
    """Some days."""

    until: date


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_that_has_no_next_one_or_lies_beyond_every_calendar_is_refused(day: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load(Days, {"until": day})
    assert refused.value.details["fields"] == {"until": ["Must lie in the years 1900 to 2999."]}
    assert load(Days, {"until": "2999-12-31"}).until == date(2999, 12, 31)
