"""Calls as bytes: what a stock client would send, or what it never would, and the answer as it stands on the wire."""

import json
import uuid
from typing import Any

from amqp.basic_message import Message
from kombu import Connection, Queue

from shared.broker.topology import RPC_EXCHANGE


class RawCaller:
    """One reply queue; sends any bytes as a call and reads the answer."""

    def __init__(self, amqp_uri: str) -> None:
        self._connection = Connection(amqp_uri)
        self._channel = self._connection.channel()
        self._address = uuid.uuid4().hex
        name = f"rpc.reply-{self._address}"
        Queue(name, RPC_EXCHANGE, self._address, exclusive=True, auto_delete=True)(self._channel).declare()
        self._channel.basic_consume(name, no_ack=True, callback=self._keep)
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def _keep(self, message: Any) -> None:
        self.answers.setdefault(message.properties.get("correlation_id", ""), []).append(json.loads(message.body))

    def send(
        self,
        service: str,
        method: str,
        body: bytes,
        *,
        headers: dict[str, Any] | None = None,
        call_id: str | None = None,
    ) -> str:
        """Send a call without waiting and return its id."""
        call_id = call_id or uuid.uuid4().hex
        message = Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=call_id,
            reply_to=self._address,
            application_headers=headers or {},
        )
        self._channel.basic_publish(message, exchange=RPC_EXCHANGE.name, routing_key=f"{service}.{method}")
        return call_id

    def wait(self, call_id: str, *, seconds: float = 20.0, count: int = 1) -> dict[str, Any]:
        """Return the newest answer to a call once there are this many; raises TimeoutError."""
        while len(self.answers.get(call_id, [])) < count:
            self._connection.drain_events(timeout=seconds)
        return self.answers[call_id][-1]

    def call(self, service: str, method: str, *args: Any, headers: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Call as a stock client does and return the whole answer: `result` and `error`."""
        body = json.dumps({"args": args, "kwargs": kwargs}).encode()
        return self.wait(self.send(service, method, body, headers=headers))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
