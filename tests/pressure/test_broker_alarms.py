"""A broker that is short of memory or disk takes nothing that is published, until it has room again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local import rabbitmq
from deploy.local.instance import Instance
from shared.errors import Unavailable
from shared.shell.client import Client
from tests.fault.run import LEFT_SOCKETS
from tests.pressure.gauges import MOST_MEMORY, connections, peak_memory, problems, processor_seconds
from tests.support.announced import waiting
from tests.support.eventually import eventually
from tests.support.lines import LINES
from tests.support.rpc import RawCaller
from tests.support.toy.driver import Toy

pytestmark = [pytest.mark.pressure, LEFT_SOCKETS, pytest.mark.timeout(240)]
ALARMS = {
    "disk": (("set_disk_free_limit", "1000000GB"), ("set_disk_free_limit", "200MB")),
    "memory": (("set_vm_memory_high_watermark", "0.000001"), ("set_vm_memory_high_watermark", "0.6")),
}
PAID, DEPOSITS = 2000, 5
QUIET = 12  # seconds of silence until /livez says that a loop hangs
LASTS = 20.0  # seconds: longer than that, and the relay has tried again and again
ANSWERED_WITHIN = 11.0  # seconds: the ten that a caller waits, and the way there and back
WINDOW = 1000  # events that may be out when the alarm begins, and are published once more after it


@contextmanager
def alarm(servers: Instance, kind: str) -> Iterator[None]:
    """Let the broker be short of it while the body lasts."""
    ring, still = ALARMS[kind]
    rabbitmq.control(servers, *ring)
    try:
        yield
    finally:
        rabbitmq.control(servers, *still)


@pytest.mark.parametrize("kind", ALARMS)
def test_while_the_broker_takes_nothing_events_are_handled_and_what_they_lead_to_waits(
    own_toy: Toy, own_servers: Instance, kind: str
) -> None:
    place = own_toy.system.place
    [process] = own_toy.start()
    own_toy.call("open_account", "alarm")
    client = Client(place.amqp_uri)
    client.call("ledger", "get_account", "alarm")
    process.stop()
    for _ in range(PAID):
        own_toy.bank.pay("paid")
    caller = RawCaller(place.amqp_uri)
    with alarm(own_servers, kind):
        [process] = own_toy.start(wait=False, SILENCE_SECONDS=QUIET)
        own_toy.wait_booked("paid", PAID, seconds=60)
        eventually(lambda: any("takes nothing" in one for one in problems(process)))
        used, since = processor_seconds(process), time.monotonic()
        calls = [caller.send("ledger", "deposit", b'{"args": ["alarm", 1], "kwargs": {}}') for _ in range(DEPOSITS)]
        with pytest.raises(Unavailable):
            client.call("ledger", "deposit", "alarm", 1)
        assert time.monotonic() - since < ANSWERED_WITHIN
        few = connections(place)  # by now everything that needs a connection has tried to use it
        eventually(lambda: process.metric("bus_outbox_oldest_age_seconds") > LASTS, seconds=2 * LASTS)
        assert process.get("/livez").status_code == 200
        eventually(
            lambda: connections(place) <= few + 2
        )  # none is given up for another; questions of health come and go
        idle = (processor_seconds(process) - used) / (time.monotonic() - since)
        assert idle < 0.5  # of a core, with nothing to do but to ask for health
        held = len(waiting(own_toy.database))
        assert held > 0
    answers = [caller.wait(call) for call in calls]
    own_toy.system.recorder.wait_for("account.credited", PAID, seconds=60, account_id="paid")
    process.wait_ready()
    eventually(lambda: process.metric("bus_outbox_oldest_age_seconds") == 0)
    eventually(lambda: own_toy.database.outbox.count_documents({"pending": True}) == 0)
    done = [one for one in answers if one["error"] is None]
    assert all(one["error"]["retryable"] for one in answers if one["error"])
    assert own_toy.balance("alarm") in (len(done), len(done) + 1)  # what the refused caller had sent may come late
    again = own_toy.system.recorder.deliveries - len(own_toy.system.recorder.events)
    assert again <= WINDOW + 1
    assert own_toy.system.parked() == []
    memory = peak_memory(process)
    assert memory < MOST_MEMORY
    LINES.append(
        f"broker short of {kind}: handled={PAID} held={held} published_again={again} "
        f"processor={idle:.0%} memory={memory:.0f}MB"
    )
    client.close()
    caller.close()
