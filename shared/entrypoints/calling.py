"""Calls over nameko's RPC protocol, on a consumer that drains; stock clients cannot tell the difference."""

import json
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from amqp.basic_message import Message
from nameko.exceptions import ContainerBeingKilled, MethodNotFound, get_module_path
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from shared import failpoints, logs, metrics
from shared.broker.connection import BROKER_ERRORS
from shared.broker.publisher import send
from shared.broker.topology import RPC_EXCHANGE, rpc_queue
from shared.calls import LARGEST_CALL, Call
from shared.cloudevents import no_half_pair
from shared.entrypoints.runtime import Runtime
from shared.errors import InvalidInput, LinliError

log = logs.get(__name__)


class InternalError(LinliError):
    """Something broke inside; the log has it under the call id."""


class CallConsumer(SharedExtension, ProviderCollector):
    """Takes calls from the service's queue while workers are free, and answers each."""

    runtime = Runtime()

    def setup(self) -> None:
        """Consume the queue that stock nameko clients publish to."""
        if not hasattr(self, "tap"):
            self.runtime.setup()
            self.tap = self.runtime.tap(rpc_queue(self.container.service_name).name, self.runtime.settings.max_workers)

    def start(self) -> None:
        """Hand calls to workers."""
        self.container.spawn_managed_thread(self._pump)

    def _pump(self) -> None:
        while not self.runtime.consumption.draining:
            self.tap.wait(1.0)
            for message in self.tap.take(1):
                try:
                    self._begin(message)
                except Exception as error:  # noqa: BLE001 -- one strange call must not end all others
                    self.reply(message, error=error)

    def _begin(self, message: Any) -> None:
        method = message.delivery_info["routing_key"].rpartition(".")[2]
        calling = next((one for one in self._providers if one.method_name == method), None)
        if calling is None:
            raise MethodNotFound(method)
        args, kwargs = _arguments(message)
        try:
            calling.begin(message, args, kwargs)
        except ContainerBeingKilled:
            self.tap.give_back([message])

    def reply(self, message: Any, result: Any = None, error: Exception | None = None) -> None:
        """Answer and acknowledge on the connection the call came by; without it the broker delivers the call again."""
        payload = json.dumps({"result": result, "error": error and _serialized(error)}, ensure_ascii=False)
        properties = message.properties
        answer = Message(
            payload.encode(),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=properties.get("correlation_id", ""),
        )
        try:
            if message.channel.connection is not None and properties.get("reply_to"):
                send(message.channel, answer, RPC_EXCHANGE.name, properties["reply_to"])
        except BROKER_ERRORS as lost:
            log.info("lost the connection before answering", error=type(lost).__name__)
        self.tap.acknowledge([message])


class Calling(Entrypoint):
    """One method others may call."""

    consumer = CallConsumer()

    def __init__(self, call: Call, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.call = call

    def setup(self) -> None:
        """Join the queue of the service."""
        self.consumer.register_provider(self)

    def stop(self) -> None:
        """Leave it once nothing is in work."""
        self.consumer.runtime.drain()
        self.consumer.unregister_provider(self)

    def begin(self, message: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Start a worker; everything it can raise becomes the answer."""
        work = partial(self._work, message, args, kwargs)
        self.container.spawn_worker(self, (work,), {}, handle_result=partial(self._settle, message))

    def _work(
        self, message: Any, args: list[Any], kwargs: dict[str, Any], method: Callable[..., Any]
    ) -> tuple[Any, Exception | None]:
        service, name, began = self.container.service_name, self.call.name, time.monotonic()
        call_id = message.properties.get("correlation_id") or str(uuid.uuid4())
        token = (message.properties.get("application_headers") or {}).get("nameko.auth_token")
        try:
            caller = self.consumer.runtime.caller
            result = caller.answer(self.call, method, args=args, kwargs=kwargs, call_id=call_id, token=token)
        except LinliError as error:
            log.info("call refused", method=name, code=error.code)
            outcome: tuple[Any, Exception | None] = (None, error)
        except BaseException as error:
            log.exception("call broke", method=name, call_id=call_id)
            outcome = (
                None,
                InternalError("something broke inside; the log has it", call_id=call_id, kind=type(error).__name__),
            )
        else:
            outcome = (result, None)
        metrics.COMMANDS.labels(service, name, _outcome(outcome[1])).inc()
        metrics.COMMAND_SECONDS.labels(service, name).observe(time.monotonic() - began)
        return outcome

    def _settle(self, message: Any, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        answer, error = result if exc_info is None else (None, exc_info[1])
        failpoints.passed("before_answer")
        self.consumer.reply(message, answer, error)
        eventlet.sleep(0)
        return result, exc_info


def _outcome(error: Exception | None) -> str:
    return "done" if error is None else getattr(error, "code", "error")


def _arguments(message: Any) -> tuple[list[Any], dict[str, Any]]:
    """Read a call's body; raises InvalidInput that says what a call looks like."""
    body = message.body
    if len(body) > LARGEST_CALL:
        raise InvalidInput(f"a call has at most {LARGEST_CALL} bytes, this one {len(body)}")
    try:
        text = bytes(body).decode()
        values = json.loads(text)
        no_half_pair(text, values)
        args, kwargs = list(values["args"]), dict(values["kwargs"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidInput('a call is a JSON object {"args": [], "kwargs": {}} in UTF-8') from None
    return args, kwargs


def _serialized(error: Exception) -> dict[str, Any]:
    """Return the error as nameko's clients read it, with code and details kept."""
    details = getattr(error, "details", {})
    return {
        "exc_type": type(error).__name__,
        "exc_path": get_module_path(type(error)),
        "exc_args": [getattr(error, "message", str(error)), *([details] if details else [])],
        "value": str(error),
        "code": getattr(error, "code", "error"),
        "retryable": getattr(error, "retryable", False),
        "details": json.loads(json.dumps(details, default=str)),
    }
