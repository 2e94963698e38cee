"""Calls: remembered by their id, guarded by a revision, made by somebody, and questions that cannot write."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from nameko.exceptions import RemoteError
from nameko.standalone.rpc import ClusterRpcProxy

from shared.actor import LOCAL_ADMINISTRATOR, Actor, issue_token
from tests.integration.line.conftest import make_toy
from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.toy.driver import CARELESS, Toy

pytestmark = pytest.mark.server
KEY = "a key that only the test and its service know"


@pytest.fixture
def caller(ledger: Toy) -> Iterator[RawCaller]:
    """Give one caller of the ledger."""
    made = RawCaller(ledger.system.place.amqp_uri)
    yield made
    made.close()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    """Give a ledger that wants to know who calls."""
    for toy in make_toy(tmp_path_factory.mktemp("guarded")):
        toy.start(AUTH_KEY=KEY)
        yield toy


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    """Give the ledger whose questions try to write."""
    for toy in make_toy(tmp_path_factory.mktemp("careless")):
        toy.start(target=CARELESS)
        yield toy


def body(*args: Any, **kwargs: Any) -> bytes:
    """Write a call."""
    return json.dumps({"args": args, "kwargs": kwargs}).encode()


def balance(toy: Toy, account_id: str) -> tuple[int, int]:
    """Return how much an account holds and how often it was deposited to."""
    return toy.balance(account_id), toy.runs(f"deposit:{account_id}")


# -- once


def test_a_command_id_is_answered_from_memory(ledger: Toy, caller: RawCaller) -> None:
    ledger.call("open_account", "C-1")
    first = caller.call("ledger", "deposit", "C-1", 5, command_id="pay-1")["result"]
    ledger.call("deposit", "C-1", 1)
    again = caller.call("ledger", "deposit", "C-1", 5, command_id="pay-1")["result"]
    assert again == first  # what it answered then, not what it would answer now
    assert balance(ledger, "C-1") == (6, 2)
    ledger.system.recorder.wait_for("account.credited", 2, account_id="C-1")


def test_a_command_id_of_another_command_is_refused(ledger: Toy, caller: RawCaller) -> None:
    ledger.call("open_account", "C-2", command_id="open-2")
    error = caller.call("ledger", "deposit", "C-2", 5, command_id="open-2")["error"]
    assert (error["code"], error["retryable"]) == ("id_of_another_command", False)
    assert error["details"] == {"command_id": "open-2", "used_for": "open_account"}
    assert balance(ledger, "C-2") == (0, 0)


def test_a_refused_command_is_not_remembered(ledger: Toy, caller: RawCaller) -> None:
    """It may be tried again under its id once it is allowed."""
    ledger.call("open_account", "C-3")
    error = caller.call("ledger", "withdraw", "C-3", 5, command_id="take-3")["error"]
    assert error["code"] == "not_enough"
    ledger.call("deposit", "C-3", 7)
    assert caller.call("ledger", "withdraw", "C-3", 5, command_id="take-3")["result"]["balance"] == 2


def test_a_call_that_is_delivered_again_has_one_effect(ledger: Toy, caller: RawCaller) -> None:
    ledger.call("open_account", "C-4")
    call = caller.send("ledger", "deposit", body("C-4", 5))
    first = caller.wait(call)
    caller.send("ledger", "deposit", body("C-4", 5), call_id=call)
    assert caller.wait(call, count=2) == first
    assert balance(ledger, "C-4") == (5, 1)


def test_the_same_command_at_the_same_time_has_one_effect(ledger: Toy, caller: RawCaller) -> None:
    ledger.call("open_account", "C-5")
    calls = [caller.send("ledger", "deposit", body("C-5", 5, command_id="pay-5")) for _ in range(10)]
    answers = [caller.wait(call)["result"] for call in calls]
    assert answers == [answers[0]] * 10
    assert balance(ledger, "C-5") == (5, 1)


def test_opening_twice_is_told_and_changes_nothing(ledger: Toy, caller: RawCaller) -> None:
    ledger.call("open_account", "C-6", kind="savings")
    error = caller.call("ledger", "open_account", account_id="C-6")["error"]
    assert (error["code"], ledger.call("get_account", "C-6")["kind"]) == ("account_exists", "savings")


# -- with a revision


def test_expected_revision_refuses_to_act_on_what_was_changed(ledger: Toy, caller: RawCaller) -> None:
    ledger.call("open_account", "C-7")
    seen = ledger.call("get_account", "C-7")["revision"]
    assert caller.call("ledger", "deposit", "C-7", 5, expected_revision=seen)["result"]["balance"] == 5
    error = caller.call("ledger", "deposit", "C-7", 5, expected_revision=seen)["error"]
    assert (error["code"], error["retryable"]) == ("other_revision", False)
    assert error["details"] == {"expected_revision": seen, "revision": seen + 1}
    assert ledger.balance("C-7") == 5


def test_positional_values_take_the_fields_in_their_order(ledger: Toy, caller: RawCaller) -> None:
    assert caller.call("ledger", "open_account", "C-8", "savings", "for the roof")["result"]["note"] == "for the roof"
    assert caller.call("ledger", "deposit", "C-8", amount=3)["result"]["balance"] == 3
    assert caller.call("ledger", "list_accounts", 1)["result"]["items"]


def test_a_deadline_takes_effect_once_when_it_is_due(ledger: Toy) -> None:
    ledger.call("open_account", "C-9")
    ledger.call("plan_statement", "C-9", due_at="2999-01-01T00:00:00+08:00")
    assert ledger.call("run_due")["handled"] == 0
    assert ledger.call("run_due", now="2999-01-01T00:00:00+08:00")["handled"] == 1
    assert ledger.call("run_due", now="2999-01-01T00:00:00+08:00")["handled"] == 0
    [drawn] = ledger.system.recorder.wait_for("statement.drawn", 1, account_id="C-9")
    assert (drawn["actor"], drawn["sequence"]) == ("clock", "2")


# -- by somebody


def test_a_call_without_a_valid_token_is_refused(guarded: Toy) -> None:
    clerk = Actor(id="P-1", roles=("clerk",))
    tokens = {
        "none": None,
        "nonsense": "a.b.c",
        "no text": 7,
        "expired": issue_token(clerk, KEY, timedelta(seconds=-1)),
        "made elsewhere": issue_token(clerk, KEY + "?"),
        "unsigned": "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJQLTEiLCJleHAiOjQxMDI0NDQ4MDB9.",
    }
    caller = RawCaller(guarded.system.place.amqp_uri)
    for case, token in tokens.items():
        for method in ("open_account", "get_account", "parked", "describe"):
            headers = {} if token is None else {"nameko.auth_token": token}
            error = caller.call("ledger", method, headers=headers, account_id="G-0")["error"]
            assert error["code"] == "unauthenticated", (case, method)
            assert KEY not in json.dumps(error)
    caller.close()
    assert guarded.database.accounts.count_documents({}) == 0


def test_a_call_with_a_token_is_made_by_its_person(guarded: Toy) -> None:
    config = {"AMQP_URI": guarded.system.place.amqp_uri}
    clerk = issue_token(Actor(id="P-1", roles=("clerk",)), KEY)
    with ClusterRpcProxy(config, context_data={"auth_token": clerk}, timeout=20) as proxy:
        assert proxy.ledger.open_account("G-1")["account_id"] == "G-1"
        with pytest.raises(RemoteError, match="administrators"):
            proxy.ledger.parked()
    [opened] = guarded.system.recorder.wait_for("account.opened", 1)
    assert opened["actor"] == "P-1"
    administrator = issue_token(replace(LOCAL_ADMINISTRATOR, id="P-9"), KEY)
    with ClusterRpcProxy(config, context_data={"auth_token": administrator}, timeout=20) as proxy:
        assert proxy.ledger.parked()["items"] == []


def test_a_command_id_is_answered_from_memory_to_its_caller_only(guarded: Toy) -> None:
    caller = RawCaller(guarded.system.place.amqp_uri)
    command = {"account_id": "G-2", "command_id": "c-guarded"}
    answers = {}
    for who in (
        Actor(id="P-1"),
        Actor(id="P-1", roles=("clerk",)),
        Actor(id="P-2"),
        Actor(id="P-1", on_behalf_of="P-2"),
        Actor(id="P-2", on_behalf_of="P-1"),
    ):
        headers = {"nameko.auth_token": issue_token(who, KEY)}
        answers[who] = caller.call("ledger", "open_account", headers=headers, **command)
    caller.close()
    first, again, *others = answers.values()
    assert first["error"] is None
    assert again == first
    assert [(one["result"], one["error"]["code"], one["error"]["details"]) for one in others] == [
        (None, "id_of_another_command", {"command_id": "c-guarded"})
    ] * 3


# -- questions


@pytest.mark.parametrize("method", ["save", "delete", "announce", "number", "set_deadline"])
def test_a_question_cannot_write(careless: Toy, method: str) -> None:
    """A defect of its author, told as such to the log; nothing is written."""
    careless.database.accounts.replace_one(
        {"_id": "Q-1"},
        {"_id": "Q-1", "kind": "current", "note": None, "balance": 1, "closed": False, "revision": 1},
        upsert=True,
    )
    before = careless.contents()
    caller = RawCaller(careless.system.place.amqp_uri)
    error = caller.call("ledger", f"{method}_in_query", account_id="Q-1")["error"]
    caller.close()
    assert error is not None
    assert "reads only" in error["value"]
    eventually(lambda: careless.contents() == before)
