"""From outside values to commands and facts, and back."""

from dataclasses import dataclass

import pytest

from shared.errors import InvalidInput
from shared.schemas import Command, Id, load


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
