"""Traps of stock nameko in how a process runs and ends (architecture.md): each row by its name, on real processes."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu import Connection
from nameko.extensions import DependencyProvider

from shared.broker.topology import declare
from shared.entrypoints.provider import Line
from tests.support.announced import waiting
from tests.support.bus import queue_messages as waiting_in
from tests.support.eventually import eventually
from tests.support.proxy import Proxy
from tests.support.rpc import RawCaller
from tests.support.toy.driver import MANIFEST, Toy, payment

pytestmark = pytest.mark.server
QUEUE = "ledger.on_payment_received"
NAMEKO_WORKERS = 64  # max_workers of deploy/nameko.yaml
OUR_WORKERS = 20  # MAX_WORKERS of shared/config.py
HOOKS = ("worker_setup", "worker_result", "worker_teardown")


def test_exception_in_a_dependency_providers_hook_cannot_come_from_ours() -> None:
    """Line leaves nameko's empty hooks as they are; what it does at start waits for servers (test_servers_away)."""
    assert [getattr(Line, hook) for hook in HOOKS] == [getattr(DependencyProvider, hook) for hook in HOOKS]


def test_eventlet_timeout_in_a_handler_leaks_nothing(ledger: Toy) -> None:
    """More of them than there are workers, and the next event and the next call are still answered."""
    late = [ledger.bank.pay("slots", 1, "time_out") for _ in range(NAMEKO_WORKERS + 6)]
    ended = ledger.bank.pay("slots", 1, "exit")
    ledger.bank.pay("slots", 5)
    ledger.wait_booked("slots", 5)
    assert {ledger.wait_parked(one)["reason"] for one in (*late, ended)} == {"defect"}
    caller = RawCaller(ledger.system.place.amqp_uri)
    body = json.dumps({"args": ["slots", 1, "time_out"], "kwargs": {}}).encode()
    calls = [caller.send("ledger", "deposit", body) for _ in range(OUR_WORKERS + 5)]
    assert {caller.wait(call)["error"]["code"] for call in calls} == {"internal_error"}
    assert caller.call("ledger", "deposit", "slots", 1)["result"]["balance"] == 6
    caller.close()


def test_sigterm_with_events_in_flight_runs_each_of_them_once(toy: Toy) -> None:
    [first] = toy.start(BATCH_SIZE=5)
    toy.call("open_account", "calls")
    toy.raise_flag("gate")
    begun = toy.bank.pay("drained", 1, "wait")
    eventually(lambda: toy.runs(begun) == 1)
    waiting = [toy.bank.pay("drained") for _ in range(29)]  # ten of them prefetched, none begun
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(toy.call, "deposit", "calls", 1, "wait")
        eventually(lambda: toy.runs("deposit:calls") == 1)
        first.signal(signal.SIGTERM)
        eventually(lambda: waiting_in(toy.system.place.amqp_uri, QUEUE) == len(waiting), seconds=5)
        assert first.alive  # what was not begun went back at once, what was begun is finished
        toy.lower_flag("gate")
        assert first.popen.wait(20) == 0
        assert call.result(20)["balance"] == 1
    assert toy.balance("drained") == 1
    toy.start()
    toy.wait_booked("drained", 30)
    assert {toy.runs(one) for one in (begun, *waiting)} == {1}
    assert {toy.mark(one)["deliveries"] for one in (begun, *waiting)} == {1}


def test_a_handler_that_hangs_is_told_by_livez_and_given_up_at_the_end(toy: Toy) -> None:
    [hung] = toy.start(STALLED_SECONDS=1, DRAIN_SECONDS=1)
    event = payment("hangs", 1, "hang")
    toy.bank.send(event)
    eventually(lambda: "on_payment_received is stalled" in hung.get("/livez").text)
    assert hung.metric("bus_consumer_stalled", handler="on_payment_received") == 1
    toy.bank.pay("hangs", 4)
    hung.stop(10)
    assert waiting_in(toy.system.place.amqp_uri, QUEUE) == 2  # the one that hung went back as well


def test_a_rule_that_takes_longer_than_a_transaction_may_goes_to_the_ladder_and_stops_nobody(toy: Toy) -> None:
    toy.start(EVENT_SECONDS=1)
    toy.raise_flag("gate")
    slow = toy.bank.pay("slow", 1, "wait")
    eventually(lambda: toy.runs(slow) == 1)
    toy.bank.pay("slow", 5)
    toy.wait_booked("slow", 5)
    assert waiting_in(toy.system.place.amqp_uri, "ledger.retry.5s") == 1
    toy.lower_flag("gate")
    toy.wait_booked("slow", 6, seconds=10)
    assert toy.mark(slow)["result"] == "done"


def test_sigterm_while_the_broker_is_away_ends_the_process(toy: Toy) -> None:
    proxy = Proxy(toy.system.place.amqp_uri)
    refused, stalled = toy.start(replicas=2, AMQP_URI=proxy.uri)
    proxy.stall()
    assert stalled.stop(10) == 0
    proxy.refuse()
    eventually(lambda: not refused.is_ready())
    assert refused.stop(10) == 0
    proxy.close()


def test_write_then_dispatch_and_a_kill_between_loses_nothing(toy: Toy) -> None:
    """The fact is in the outbox with the change; the call, delivered again, is answered from memory."""
    [doomed] = toy.start(FAILPOINT="after_commit:2")
    toy.call("open_account", "killed")  # the first commit
    eventually(lambda: waiting(toy.database) == [])
    caller = RawCaller(toy.system.place.amqp_uri)
    call = caller.send("ledger", "deposit", json.dumps({"args": ["killed", 7], "kwargs": {}}).encode())
    eventually(lambda: not doomed.alive)
    assert doomed.popen.returncode == -9
    assert [event["type"] for event in waiting(toy.database)] == ["account.credited"]
    assert toy.system.recorder.of("account.credited") == []
    toy.start()
    [credited] = toy.system.recorder.wait_for("account.credited", 1)
    assert credited["data"] == {"account_id": "killed", "amount": 7, "balance": 7, "payment_id": None}
    assert caller.wait(call)["result"]["balance"] == 7
    assert (toy.balance("killed"), toy.runs("deposit:killed")) == (7, 1)
    caller.close()


def test_a_message_that_killed_its_consumer_too_often_is_parked_and_replayed_as_it_was(toy: Toy) -> None:
    """Its bare payload has its type in the routing key only, which is found in what the broker says of its deaths."""
    with Connection(toy.system.place.amqp_uri) as connection:
        declare(connection, "ledger", MANIFEST.consumers_of("bank"))
        toy.bank.publish(json.dumps(payment("killer", 3, id="k-1")["data"]).encode(), message_id="k-1")
        message = eventually(lambda: connection.channel().basic_get(QUEUE))
        message.channel.basic_reject(message.delivery_tag, requeue=False)  # as the broker does at the delivery limit
        eventually(lambda: waiting_in(toy.system.place.amqp_uri, "ledger.dead") == 1)
    toy.start()
    row = toy.wait_parked("k-1")
    assert (row["reason"], row["handler"], row["queue"]) == ("delivery_limit", "on_payment_received", QUEUE)
    assert (row["exchange"], row["routing_key"], row["type"]) == ("bank.events", "payment.received", "payment.received")
    assert toy.call("replay_parked", ids=[row["_id"]]) == {"replayed": 1}
    toy.wait_booked("killer", 3)
    assert toy.mark("k-1")["result"] == "done"
