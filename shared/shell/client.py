"""Calls over nameko's RPC protocol by a caller who does not wait for ever.

nameko's own standalone proxy has no answer to a service that is away (the call takes effect whenever somebody takes
it from the queue, long after the caller gave up) nor to a half-open network. Here every call is answered, or refused
with a retryable error, before its time is over, and a call that nobody took in time expires at the broker. A call whose
connection is lost is sent again under its own id, which makes a command take effect once.
"""

import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amqp.basic_message import Message
from kombu import Connection, Queue

from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection
from shared.broker.topology import RPC_EXCHANGE
from shared.errors import InvalidInput, LinliError, Unavailable
from shared.schemas import dump
from shared.shell.remote import error_of, no_answer, nobody_takes

CALL_SECONDS = 10.0
STEP_SECONDS = 3.0  # the longest wait for the broker's word on one step of getting ready
NO_HEARTBEAT = 0  # a shell that waits for its user sends nothing; a lost connection is noticed by the next call


@dataclass(frozen=True, kw_only=True, eq=False)
class Ask:
    """One call to make."""

    service: str
    method: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    call_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def body(self) -> bytes:
        """The call as nameko writes it; raises InvalidInput for what JSON cannot hold."""
        try:
            return json.dumps({"args": dump(self.args), "kwargs": dump(self.kwargs)}, ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"a call carries texts, numbers, lists and objects only: {error}") from None


class Client:
    """Makes calls on one connection, which is opened by the first call, and again after it was lost."""

    def __init__(
        self, uri: str, *, token: Callable[[], str | None] = lambda: None, seconds: float = CALL_SECONDS
    ) -> None:
        self._uri, self._token, self._seconds = uri, token, seconds
        self._connection: Connection | None = None
        self._channel: Any = None
        self._address = ""
        self._answers: dict[str, Any] = {}

    def call(self, service: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Make one call and return its answer; raises LinliError, under the name it has in the service."""
        [answer] = self.call_all([Ask(service=service, method=method, args=args, kwargs=kwargs)])
        if isinstance(answer, LinliError):
            raise answer
        return answer

    def call_all(self, asks: Sequence[Ask]) -> list[Any]:
        """Make calls at the same time and return the answer, or the error, of each."""
        over, self._answers = time.monotonic() + self._seconds, {}
        away: LinliError | None = None
        try:
            self._attempt({ask: ask.body for ask in asks}, over)
        except BROKER_ERRORS as error:
            reason = f"{type(error).__name__}: {error}"
            away = Unavailable("the broker does not answer; is it running (make status)? try again", reason=reason)
        finally:
            if any(ask.call_id not in self._answers for ask in asks):
                self.close()  # an answer that comes too late must not meet the next call
        late = {ask.call_id: away or no_answer(ask.service, ask.method, self._seconds) for ask in asks}
        return [self._answers.get(ask.call_id, late[ask.call_id]) for ask in asks]

    def close(self) -> None:
        """Give the connection up; the next call opens another."""
        connection, self._connection, self._channel = self._connection, None, None
        close_quietly(connection)

    def _attempt(self, asks: Mapping[Ask, bytes], over: float) -> None:
        """Send and wait; where an older connection turns out to be lost, once more on a fresh one."""
        fresh = self._connection is None
        try:
            self._send(asks, over)
            self._wait(asks, over)
        except BROKER_ERRORS:
            self.close()
            if fresh:
                raise
            self._attempt({ask: body for ask, body in asks.items() if ask.call_id not in self._answers}, over)

    def _open(self) -> None:
        self._connection = open_connection(self._uri, NO_HEARTBEAT)
        self._connection.connection.transport.sock.settimeout(STEP_SECONDS)
        self._channel = self._connection.channel()
        self._channel.events["basic_return"].add(self._on_return)
        self._address = f"shell-{uuid.uuid4()}"
        name = f"rpc.reply-{self._address}"
        RPC_EXCHANGE(self._channel).declare()
        Queue(name, RPC_EXCHANGE, self._address, exclusive=True, auto_delete=True)(self._channel).declare()
        self._channel.basic_consume(name, no_ack=True, callback=self._on_answer)

    def _send(self, asks: Mapping[Ask, bytes], over: float) -> None:
        if self._connection is None:
            self._open()
        token = self._token()
        common = {
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "reply_to": self._address,
            "expiration": str(max(1, int((over - time.monotonic()) * 1000))),  # milliseconds
            "application_headers": {"nameko.auth_token": token} if token else {},
        }
        for ask, body in asks.items():
            message = Message(body, correlation_id=ask.call_id, **common)
            route = f"{ask.service}.{ask.method}"
            self._channel.basic_publish(message, exchange=RPC_EXCHANGE.name, routing_key=route, mandatory=True)

    def _wait(self, asks: Mapping[Ask, bytes], over: float) -> None:
        while any(ask.call_id not in self._answers for ask in asks):
            left = over - time.monotonic()
            if left <= 0 or self._connection is None:
                return
            try:
                self._connection.drain_events(timeout=left)
            except TimeoutError:
                return

    def _on_answer(self, message: Any) -> None:
        answer = json.loads(message.body)
        call_id = message.properties.get("correlation_id", "")
        self._answers[call_id] = error_of(answer["error"]) if answer.get("error") else answer["result"]

    def _on_return(self, _error: Exception, _exchange: str, route: str, message: Any) -> None:
        service, _, method = route.rpartition(".")
        self._answers[message.properties.get("correlation_id", "")] = nobody_takes(service, method)
