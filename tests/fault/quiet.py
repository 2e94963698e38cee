"""Waiting until nothing is on its way any more."""

from collections.abc import Collection, Iterator

from shared.holding import WAITING
from tests.support.eventually import eventually
from tests.support.system import SERVICES, System

EVERY = 0.25  # seconds between two looks
QUIET_LOOKS = 26  # in a row: a quorum queue tells only every five seconds how many messages it has


def wait_until_quiet(system: System, *, seconds: float, services: Collection[str] = SERVICES) -> None:
    """Wait until nothing is on its way any more; raises AssertionError with what is."""
    looks = 0
    waits: list[str] = []

    def quiet() -> bool:
        nonlocal looks
        waits[:] = _under_way(system, services)
        looks = 0 if waits else looks + 1
        return looks >= QUIET_LOOKS

    try:
        eventually(quiet, seconds=seconds, every=EVERY)
    except AssertionError:
        raise AssertionError(f"still under way after {seconds} s: {'; '.join(waits)}") from None


def _under_way(system: System, services: Collection[str]) -> Iterator[str]:
    for service in services:
        pending = system.database(service).outbox.count_documents({"pending": True})
        if pending:
            yield f"{pending} events in the outbox of {service}"
        waiting = system.database(service).parked.count_documents({"open": True, "state": WAITING})
        if waiting:
            yield f"{waiting} events of {service} that wait for their turn"
    for queue in system.place.api("GET", f"queues/{system.place.vhost}?disable_stats=true&enable_queue_totals=true"):
        if queue["name"].partition(".")[0] in services and queue.get("messages", 0):
            yield f"{queue['messages']} messages in {queue['name']}"
    open_ones = {"state": {"$in": ["created", "retrying"]}}
    unsent = system.database("notify").notifications.count_documents(open_ones)
    if unsent:
        yield f"{unsent} messages to people not sent"
