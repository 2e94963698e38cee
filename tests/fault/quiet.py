"""Waiting until nothing is on its way any more."""

from collections.abc import Collection, Iterator

from tests.support.eventually import eventually
from tests.support.system import SERVICES, System

QUIET_LOOKS = 4  # in a row, because what leaves an outbox is in no queue for a moment


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
        eventually(quiet, seconds=seconds, every=0.25)
    except AssertionError:
        raise AssertionError(f"still under way after {seconds} s: {'; '.join(waits)}") from None


def _under_way(system: System, services: Collection[str]) -> Iterator[str]:
    for service in services:
        pending = system.database(service).outbox.count_documents({"pending": True})
        if pending:
            yield f"{pending} events in the outbox of {service}"
    for queue in system.place.api("GET", f"queues/{system.place.vhost}?disable_stats=true&enable_queue_totals=true"):
        if queue["name"].partition(".")[0] in services and queue.get("messages", 0):
            yield f"{queue['messages']} messages in {queue['name']}"
    open_ones = {"state": {"$in": ["created", "retrying"]}}
    unsent = system.database("notify").notifications.count_documents(open_ones)
    if unsent:
        yield f"{unsent} messages to people not sent"
