"""An outside source: publishes events with ids of its own, each until the broker has confirmed it."""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amqp.basic_message import Message
from amqp.exceptions import MessageNacked

from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection
from tests.fault.client import PAUSE

if TYPE_CHECKING:
    from kombu import Connection


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One message as it goes over the wire; `event` is what a consumer has to make of it, None where it is no event."""

    id: str
    exchange: str
    routing_key: str
    body: bytes
    content_type: str = "application/json"
    message_id: str | None
    event: dict[str, Any] | None = None


def event(kind: str, source: str, subject: str, sequence: int, **data: Any) -> dict[str, Any]:
    """Make a CloudEvent as another service would."""
    return {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": source, "type": kind, "subject": subject,
        "time": datetime.now(UTC).isoformat(), "sequence": str(sequence), "correlationid": subject, "data": data,
    }  # fmt: skip


def structured(one: dict[str, Any]) -> Parcel:
    """Wrap an event with its envelope in the body."""
    return Parcel(
        id=one["id"], exchange=f"{one['source']}.events", routing_key=one["type"], body=json.dumps(one).encode(),
        message_id=one["id"], event=one,
    )  # fmt: skip


@dataclass
class Outside:
    """Publishes one message after the other, and remembers what the broker confirmed."""

    amqp_uri: str
    attempted: int = 0
    sent: list[tuple[float, Parcel]] = field(default_factory=list)  # with the moment of the confirm

    def __post_init__(self) -> None:
        self._connection: Connection | None = None

    @property
    def confirmed(self) -> dict[str, dict[str, Any]]:
        """The events that the broker confirmed, by id."""
        return {parcel.id: parcel.event for _, parcel in list(self.sent) if parcel.event is not None}

    @property
    def unreadable(self) -> set[str]:
        """The ids of the messages that no consumer can make an event of."""
        return {parcel.id for _, parcel in list(self.sent) if parcel.event is None}

    def publish(self, parcel: Parcel, *, over: threading.Event) -> bool:
        """Publish until it is confirmed; tell whether it was."""
        self.attempted += 1
        while not over.is_set():
            try:
                self._publish(parcel)
            except (*BROKER_ERRORS, MessageNacked):  # nacked: a queue was deleted under it
                self.close()
                over.wait(PAUSE)
            else:
                self.sent.append((time.time(), parcel))
                return True
        return False

    def send_again(self, *, since: float = 0.0) -> None:
        """Publish once more what was confirmed since then, as a source does that was asked for it."""
        again, over = Outside(self.amqp_uri), threading.Event()
        for parcel in {parcel.id: parcel for moment, parcel in list(self.sent) if moment >= since}.values():
            again.publish(parcel, over=over)
        again.close()

    def _publish(self, parcel: Parcel) -> None:
        if self._connection is None:
            self._connection = open_connection(self.amqp_uri, 0)
        named = {"message_id": parcel.message_id} if parcel.message_id else {}
        message = Message(parcel.body, content_type=parcel.content_type, delivery_mode=2, **named)
        self._connection.default_channel.basic_publish_confirm(
            message, exchange=parcel.exchange, routing_key=parcel.routing_key, confirm_timeout=5
        )

    def close(self) -> None:
        """Forget the connection."""
        connection, self._connection = self._connection, None
        close_quietly(connection)
