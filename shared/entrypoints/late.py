"""Calls that nobody took in time end here and are refused: to do them now would be work that nobody waits for."""

from typing import Any

import pymongo
from pymongo.errors import PyMongoError

from shared import logs, metrics
from shared.actor import authenticate
from shared.broker.topology import CALL_WAITS, late_queue
from shared.calls import IMPATIENT_SECONDS
from shared.cloudevents import LONGEST_NAME
from shared.entrypoints.answering import answer, arguments
from shared.errors import InvalidInput, Unauthenticated, Unavailable
from shared.inbox import is_of

log = logs.get(__name__)
METHOD = "(late)"  # which one it was meant for decides nothing
AT_ONCE = 200  # refusals cost little; they have to leave faster than calls come


class LateCalls:
    """Answers what waited for too long in the queue of calls."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._tap = runtime.tap_calls(late_queue(runtime.container.service_name).name, AT_ONCE)

    def run(self) -> None:
        """Refuse what arrives until the process drains."""
        while not self._runtime.calls.draining:
            self._tap.wait(1.0)
            if messages := self._tap.take(AT_ONCE):
                self._refuse(messages)

    def _refuse(self, messages: list[Any]) -> None:
        """Answer each: as before, if it took effect before its process died and it waited again."""
        earlier = self._earlier_answers([_command_id(message) for message in messages])
        for message in messages:
            known = earlier.get(_command_id(message))
            if known is None or not self._may_have(message, known):
                refusal = Unavailable(f"nobody took the call within {CALL_WAITS} s; try again")
                answer(message, None, refusal)
                metrics.COMMANDS.labels(self._runtime.container.service_name, METHOD, refusal.code).inc()
            else:
                answer(message, known["answer"], None)
        self._tap.acknowledge(messages)

    def _may_have(self, message: Any, known: dict[str, Any]) -> bool:
        """Whether the same caller was answered; somebody else's call is refused like any late one."""
        key = self._runtime.settings.auth_key
        token = (message.properties.get("application_headers") or {}).get("nameko.auth_token")
        try:
            return is_of(known, authenticate(token, key), key)
        except Unauthenticated:
            return False

    def _earlier_answers(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """Return what the inbox remembers; nothing while the database is away: who tries again is told then."""
        try:
            with pymongo.timeout(IMPATIENT_SECONDS):
                return {row["_id"]: row for row in self._runtime.store.processed_commands.find({"_id": {"$in": ids}})}
        except PyMongoError as error:
            log.warning("late calls are refused without a look", error=type(error).__name__)
            return {}


def _command_id(message: Any) -> str:
    """Return the id under which the call is remembered: its own, or that of the message."""
    try:
        _, kwargs = arguments(message, len(message.body))  # it came past its method's limit or never will: only read
    except InvalidInput:
        kwargs = {}
    found = str(kwargs.get("command_id") or message.properties.get("correlation_id"))
    return found[:LONGEST_NAME].encode(errors="replace").decode()  # AMQP carries halves of character pairs
