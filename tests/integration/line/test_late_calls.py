"""Calls that nobody took in time: refused instead of done for nobody, unless they had taken effect already."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.actor import Actor, issue_token
from shared.broker.topology import CALL_WAITS, late_queue, rpc_queue
from tests.support.bus import queue_messages
from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.toy.driver import Toy

pytestmark = pytest.mark.server
AGES = timedelta(days=36500)
DEPOSIT = json.dumps({"args": ["late", 5], "kwargs": {}}).encode()


@pytest.fixture
def caller(toy: Toy) -> Iterator[RawCaller]:
    """Give one caller of the ledger, whose account is open."""
    [process] = toy.start()
    toy.call("open_account", "late")
    process.stop()
    made = RawCaller(toy.system.place.amqp_uri)
    yield made
    made.close()


def wait_until_late(toy: Toy, *, calls: int = 1) -> None:
    """Wait until the broker has taken the calls out of the queue of calls."""
    uri = toy.system.place.amqp_uri
    eventually(lambda: queue_messages(uri, late_queue("ledger").name) == calls, seconds=CALL_WAITS + 10)
    assert queue_messages(uri, rpc_queue("ledger").name) == 0


def test_a_call_that_nobody_took_in_time_is_refused_and_has_no_effect(toy: Toy, caller: RawCaller) -> None:
    call = caller.send("ledger", "deposit", DEPOSIT)
    wait_until_late(toy)
    [process] = toy.start()
    error = caller.wait(call)["error"]
    assert (error["code"], error["retryable"]) == ("unavailable", True)
    assert toy.balance("late") == 0
    assert process.metric("bus_commands_total", method="(late)", outcome="unavailable") == 1
    assert caller.wait(caller.send("ledger", "deposit", DEPOSIT, call_id=call), count=2)["result"]["balance"] == 5


def test_a_late_call_of_somebody_else_is_not_answered_from_memory(toy: Toy, caller: RawCaller) -> None:
    key = "a key that only the test and its service know"
    held, other = ({"nameko.auth_token": issue_token(Actor(id=one), key, AGES)} for one in ("P-1", "P-2"))
    [process] = toy.start(AUTH_KEY=key)
    command = {"args": ["late", 5], "kwargs": {"command_id": "c-late"}}
    body = json.dumps(command).encode()
    assert caller.wait(caller.send("ledger", "deposit", body, headers=held))["result"]["balance"] == 5
    process.stop()
    calls = [caller.send("ledger", "deposit", body, headers=headers) for headers in (held, other, {})]
    wait_until_late(toy, calls=3)
    toy.start(AUTH_KEY=key)
    mine, *others = [caller.wait(call) for call in calls]
    assert mine["result"]["balance"] == 5
    assert [(one["result"], one["error"]["code"]) for one in others] == [(None, "unavailable")] * 2


def test_a_call_whose_process_died_after_its_effect_is_answered_however_late(toy: Toy, caller: RawCaller) -> None:
    [doomed] = toy.start(FAILPOINT="before_answer:1")
    call = caller.send("ledger", "deposit", DEPOSIT)
    doomed.popen.wait(20)
    wait_until_late(toy)
    toy.start()
    assert caller.wait(call)["result"]["balance"] == 5
    assert (toy.balance("late"), toy.runs("deposit:late")) == (5, 1)


def test_a_late_call_whose_id_no_text_can_hold_hurts_nobody(toy: Toy, caller: RawCaller) -> None:
    strange, call = (
        caller.send("ledger", "deposit", DEPOSIT, call_id="call\ud83d"),
        caller.send("ledger", "deposit", DEPOSIT),
    )
    wait_until_late(toy, calls=2)
    [process] = toy.start()
    assert [caller.wait(one)["error"]["code"] for one in (strange, call)] == ["unavailable", "unavailable"]
    assert toy.balance("late") == 0
    assert process.is_ready()
