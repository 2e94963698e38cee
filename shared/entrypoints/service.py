"""The class every service extends: its clock and the administration of its part of the bus."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from shared import administration, clock, describing, parking
from shared.actor import Actor
from shared.broker.topology import DELAYS, UNROUTED
from shared.collection import Collection
from shared.entrypoints.provider import Line
from shared.entrypoints.spec import due, operation, query, subscribe
from shared.errors import Forbidden, NotFound
from shared.resending import EventsRequestedInbound, send_again
from shared.transaction import Transaction


class Service:
    """A service on the line.

    `collections` are the service's own, for their indexes; `background` are jobs `(store, now) -> found` that run in a
    loop; a method `on_start(self, tx)` runs once in a transaction when the process starts, before it takes any work.
    """

    name: ClassVar[str]
    collections: ClassVar[Sequence[Collection[Any]]] = ()
    background: ClassVar[Sequence[Callable[..., int]]] = ()
    line = Line()

    @operation(describing.Describe)
    def describe(self, _request: describing.Describe, _actor: Actor) -> dict[str, Any]:
        """Say what this service offers: its calls with their fields, its events, what it takes from others."""
        return describing.describe(type(self))

    @operation(administration.RunDue)
    def run_due(self, request: administration.RunDue, _actor: Actor) -> dict[str, int]:
        """Handle what is due at `now`, at the present when it is absent."""
        return {"handled": self.line.ticker.run_due(request.now or clock.now())}

    @operation(parking.ListParked)
    def parked(self, request: parking.ListParked, actor: Actor) -> dict[str, Any]:
        """List parked events, by type, reason, handler, time."""
        _administrator(actor)
        return parking.listed(self.line.store, request)

    @operation(parking.ShowParked)
    def show_parked(self, request: parking.ShowParked, actor: Actor) -> dict[str, Any]:
        """Show one parked event with its bytes."""
        _administrator(actor)
        row = parking.shown(self.line.store, request.parked_id)
        if row is None:
            raise NotFound(f"there is no parked event {request.parked_id}", id=request.parked_id)
        return row

    @operation(parking.ReplayParked)
    def replay_parked(self, request: parking.ReplayParked, actor: Actor) -> dict[str, int]:
        """Give parked events back to their handlers under their own ids."""
        _administrator(actor)
        count = parking.replay(self.line.store, request)
        self.line.ticker.run_due(clock.now())
        return {"replayed": count}

    @operation(parking.DropParked)
    def drop_parked(self, request: parking.DropParked, actor: Actor) -> dict[str, int]:
        """Take parked events off the list."""
        _administrator(actor)
        return {"dropped": parking.drop(self.line.store, request)}

    @due(parking.REPLAY)
    def on_replay_parked_due(self, tx: Transaction, key: str) -> None:
        """Put one parked event back into its queue."""
        parking.replay_one(tx, key)

    @query(administration.EventsOf)
    def events_of(self, tx: Transaction, request: administration.EventsOf) -> dict[str, Any]:
        """List the events of one issue, course or visit that this service announced."""
        return administration.events_of(tx.store, request)

    @operation(administration.Queues)
    def queues(self, _request: administration.Queues, actor: Actor) -> dict[str, Any]:
        """Show depth and consumers of this service's queues, its outbox and parked events."""
        _administrator(actor)
        waiting = [*(f"{self.name}.retry.{delay}" for delay in DELAYS), UNROUTED]
        return administration.queues(self.line.store, [*self.line.queues, *waiting])

    @operation(administration.ResendEvents)
    def resend_events(self, request: administration.ResendEvents, actor: Actor) -> dict[str, int]:
        """Send events again that were sent; consumers stop what they have handled."""
        _administrator(actor)
        with self.line.store.transaction() as tx:
            count = send_again(tx, request.types, request.since)
        self.line.relay.wake()
        return {"resent": count}

    @subscribe(EventsRequestedInbound)
    def on_events_requested(self, tx: Transaction, fact: EventsRequestedInbound) -> None:
        """Send again what another service lacks."""
        if self.name in fact.sources:
            send_again(tx, fact.types, fact.since)


def _administrator(actor: Actor) -> None:
    """Raise Forbidden for anybody else."""
    if not actor.is_administrator:
        raise Forbidden("this is for administrators", actor=actor.id)
