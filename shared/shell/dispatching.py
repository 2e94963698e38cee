"""Publishing an event by hand, as `n.dispatch_event` does, with the broker's word on what became of it."""

import json
from typing import Any

from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection
from shared.broker.publisher import UNROUTABLE, Outgoing, Publisher
from shared.broker.topology import events_exchange
from shared.errors import Unavailable
from shared.schemas import dump
from shared.shell.client import NO_HEARTBEAT

NOBODY = "sent, but nobody has a queue for it"


def dispatch_event(uri: str, source: str, kind: str, data: Any) -> str:
    """Publish on the exchange of the service `source`, a CloudEvent or a bare payload; return the broker's word.

    Raises Unavailable.
    """
    values = dump(data)
    own_id = values.get("id") if isinstance(values, dict) and "specversion" in values else None
    event = Outgoing(
        exchange=f"{source}.events",
        routing_key=kind,
        body=json.dumps(values, ensure_ascii=False).encode(),
        message_id=str(own_id or ""),
    )
    publisher = Publisher(uri, NO_HEARTBEAT)
    try:
        _declare(uri, source)
        [outcome] = publisher.publish([event])
    except BROKER_ERRORS as error:
        raise Unavailable(
            "the broker does not answer; whether the event was sent is not known", reason=str(error)
        ) from None
    finally:
        publisher.close()
    return NOBODY if outcome == UNROUTABLE else outcome


def _declare(uri: str, source: str) -> None:
    """Declare the exchange, as nameko's dispatcher does: publishing to one that is not there closes the channel."""
    connection = open_connection(uri, NO_HEARTBEAT)
    try:
        events_exchange(source)(connection.channel()).declare()
    finally:
        close_quietly(connection)
