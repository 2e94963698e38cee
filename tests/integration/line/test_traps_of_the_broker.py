"""Traps of stock nameko between a process and its broker (architecture.md): each row by its name, on real servers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu import Connection

from shared.broker.topology import depth
from tests.support.announced import waiting
from tests.support.bus import queue_messages
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.proxy import Proxy
from tests.support.toy.driver import CARELESS, RECALL, Toy

pytestmark = pytest.mark.server
QUEUE = "ledger.on_payment_received"
AUDIT_QUEUE = "audit.on_account_credited"
LONGEST_ANSWER = 10.0  # seconds


def waiting_in(toy: Toy, queue: str) -> int:
    """Return how many messages a queue has; nothing where it does not exist."""
    with Connection(toy.system.place.amqp_uri) as connection:
        return (depth(connection, queue) or (0, 0))[0]


def consumers(toy: Toy) -> dict[str, int]:
    """Return the prefetch of each queue's consumer, as the broker sees it."""
    place = toy.system.place
    found = eventually(lambda: place.api("GET", f"consumers/{place.vhost}"))
    return {one["queue"]["name"]: one["prefetch_count"] for one in found}


def test_publish_before_the_queue_exists_is_not_lost(ledger: Toy) -> None:
    """The publisher declares its consumers' queues first; a consumer whose queue was deleted asks again."""
    ledger.call("open_account", "early")
    ledger.call("deposit", "early", 3)
    ledger.system.recorder.wait_for("account.credited", 1, account_id="early")
    assert queue_messages(ledger.system.place.amqp_uri, AUDIT_QUEUE) > 0
    entries = ledger.system.database("audit").entries
    audit = ledger.start_audit()
    eventually(lambda: entries.find_one({"_id": "early", "total": 3}))
    audit.stop()
    ledger.system.place.api("DELETE", f"queues/{ledger.system.place.vhost}/{AUDIT_QUEUE}")
    ledger.call("deposit", "early", 4)
    audit = ledger.start_audit()
    entry = eventually(lambda: entries.find_one({"_id": "early", "total": 7}))
    assert sorted(entry["sequences"]) == [2, 3]
    audit.stop()


def test_publish_after_the_last_queue_was_deleted_stays_in_the_outbox_until_it_is_declared_again(unheard: Toy) -> None:
    unheard.start()
    unheard.call("open_account", "returned")
    unheard.system.place.api("DELETE", f"queues/{unheard.system.place.vhost}/{AUDIT_QUEUE}")
    unheard.call("deposit", "returned", 4)
    eventually(lambda: waiting_in(unheard, AUDIT_QUEUE) == 1)
    eventually(lambda: unheard.database.outbox.count_documents({"pending": True}) == 0)


def test_half_open_network_hangs_nothing_and_is_recovered_from(toy: Toy) -> None:
    proxy = Proxy(toy.system.place.amqp_uri)
    [process] = toy.start(AMQP_URI=proxy.uri)
    toy.bank.pay("half-open")
    toy.wait_booked("half-open", 1)
    proxy.stall()
    paid = [toy.bank.pay("half-open") for _ in range(50)]
    began = time.monotonic()
    eventually(lambda: process.get("/readyz").status_code == 503, seconds=LONGEST_ANSWER)
    assert process.get("/livez").status_code == 200
    assert time.monotonic() - began < LONGEST_ANSWER
    proxy.flow()
    toy.wait_booked("half-open", 51)
    process.wait_ready()
    toy.system.recorder.wait_for("account.credited", 51)
    assert {toy.mark(one)["result"] for one in paid} == {"done"}
    proxy.close()


def test_queue_argument_mismatch_406_is_told_by_readiness_with_the_name_of_the_queue(toy: Toy) -> None:
    with Connection(toy.system.place.amqp_uri) as connection:
        connection.channel().queue_declare(QUEUE, durable=True, auto_delete=False)
    [process] = toy.start(wait=False)
    eventually(lambda: f"{QUEUE} has other arguments than declared" in unready(process))
    assert QUEUE in process.log.read_text()
    assert process.metric("bus_topology_drift", kind="arguments") == 1
    toy.bank.pay("mismatch")
    toy.wait_booked("mismatch", 1)  # it is consumed all the same, and everything beside it
    toy.call("open_account", "mismatch-2")


def unready(process: Process) -> str:
    """Return why the process is not ready; nothing while it does not answer yet."""
    try:
        answer = process.get("/readyz")
    except OSError:
        return ""
    return answer.text if answer.status_code == 503 else ""


def test_renamed_handler_leaves_an_orphan_queue_that_is_reported(toy: Toy) -> None:
    toy.start()[0].stop()
    [process] = toy.start(target=CARELESS)
    assert process.metric("bus_topology_drift", kind="orphan_queue") == 2  # on_payment_received, on_payment_recalled
    [line] = [line for line in process.log.read_text().splitlines() if "without a handler" in line]
    assert QUEUE in line


def test_prefetch_is_our_own_and_a_blocked_handler_blocks_no_other(ledger: Toy) -> None:
    seen = consumers(ledger)
    assert (seen[QUEUE], seen["ledger.on_payment_recalled"], seen["rpc-ledger"]) == (800, 800, 20)
    ledger.bank.pay("prefetch", 9)
    ledger.wait_booked("prefetch", 9)
    ledger.raise_flag("gate")
    blocked = ledger.bank.pay("prefetch-blocked", 1, "wait")
    eventually(lambda: ledger.runs(blocked) == 1)
    ledger.bank.pay("prefetch", 4, kind=RECALL)
    eventually(lambda: ledger.balance("prefetch") == 5)
    assert ledger.call("get_account", "prefetch")["balance"] == 5
    assert ledger.balance("prefetch-blocked") == 0
    ledger.lower_flag("gate")
    ledger.wait_booked("prefetch-blocked", 1)


def test_default_producer_pool_of_10_and_ten_hung_publishes_do_not_block_the_others(toy: Toy) -> None:
    """A command leaves its fact in the outbox: that nothing can be published costs no caller a moment."""
    proxy = Proxy(toy.system.place.amqp_uri)
    toy.start(AMQP_URI=proxy.uri)
    proxy.stall(new_only=True)  # the connection that publishes is opened by the first publish, and hangs
    names = [f"hung-{number}" for number in range(25)]
    began = time.monotonic()
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(lambda name: toy.call("open_account", name), names))
    assert time.monotonic() - began < LONGEST_ANSWER
    assert sorted(answer["account_id"] for answer in answers) == sorted(names)
    assert len(waiting(toy.database)) == len(names)
    assert toy.system.recorder.of("account.opened") == []
    proxy.flow()
    toy.system.recorder.wait_for("account.opened", len(names))
    proxy.close()
