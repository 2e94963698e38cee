"""What is remembered of a call: who may be answered from memory again, and what the answer is about."""

import pytest

from shared.actor import Actor
from shared.inbox import ids_in, is_of, seal

KEY = "a key that only the services know"
PERSON = Actor(id="P-1", roles=("clerk",))


@pytest.mark.parametrize("key", [KEY, None])
def test_the_caller_is_known_again_also_in_other_roles(key: str | None) -> None:
    known = {"_id": "c-1", "caller": seal("c-1", PERSON, key)}
    assert is_of(known, PERSON, key)
    assert is_of(known, Actor(id="P-1"), key)


@pytest.mark.parametrize(
    "other", [Actor(id="P-2"), Actor(id="P-1", on_behalf_of="R-1"), Actor(id="R-1", on_behalf_of="P-1")]
)
def test_nobody_else_is_taken_for_the_caller(other: Actor) -> None:
    assert not is_of({"_id": "c-1", "caller": seal("c-1", PERSON, KEY)}, other, KEY)


def test_an_answer_of_nobody_known_is_nobodys() -> None:
    assert not is_of({"_id": "c-1"}, PERSON, KEY)


def test_what_is_kept_of_a_caller_names_nobody_and_joins_no_two_calls() -> None:
    seals = {seal("c-1", PERSON, KEY), seal("c-2", PERSON, KEY), seal("c-1", PERSON, "another key")}
    assert len(seals) == 3
    assert not any("P-1" in one for one in seals)


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ({"issue_id": "IS-1", "building_id": "B09", "asset_id": None, "text": "IS-2"}, ["B09", "IS-1"]),
        ({"items": [{"issue_id": "IS-1"}]}, []),
        (["IS-1"], []),
        (None, []),
    ],
)
def test_an_answer_is_about_the_ids_in_its_own_fields(answer: object, ids: list[str]) -> None:
    assert ids_in(answer) == ids
