"""Calls over nameko's RPC protocol, on a consumer that drains; stock clients cannot tell the difference."""

import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from nameko.exceptions import ContainerBeingKilled, MethodNotFound
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from shared import failpoints, logs, metrics
from shared.broker.topology import rpc_queue
from shared.calls import Call
from shared.entrypoints.answering import answer, arguments
from shared.entrypoints.late import LateCalls
from shared.entrypoints.runtime import Runtime
from shared.errors import LinliError

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
            service, most = self.container.service_name, self.runtime.settings.max_workers
            self.tap = self.runtime.tap_calls(rpc_queue(service).name, most)
            self._late = LateCalls(self.runtime)

    def start(self) -> None:
        """Hand calls to workers, and refuse those that nobody took in time."""
        self.container.spawn_managed_thread(self._pump)
        self.container.spawn_managed_thread(self._late.run)

    def _pump(self) -> None:
        while not self.runtime.calls.draining:
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
        args, kwargs = arguments(message, calling.call.largest)
        try:
            calling.begin(message, args, kwargs)
        except ContainerBeingKilled:
            self.tap.give_back([message])

    def reply(self, message: Any, result: Any = None, error: Exception | None = None) -> None:
        """Answer and acknowledge on the connection the call came by; without it the broker delivers the call again."""
        answer(message, result, error)
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
