"""Clients who do what a careful caller does: try again, under the same command_id, until there is an answer."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from shared.errors import LinliError, NotFound
from shared.shell.client import Client

ANSWER_WITHIN = 4.0  # seconds a client waits for one answer before it tries again
GIVE_UP_AFTER = 240.0  # seconds a client goes on trying; an event in conflict may climb to the third rung, 155 s
PAUSE = 0.2  # seconds between two tries


@dataclass(kw_only=True)
class Command:
    """One command of one client: what was asked, when and how often, and what was answered."""

    service: str
    method: str
    command_id: str
    fields: dict[str, Any]
    began: float = field(default_factory=time.time)
    ended: float | None = None
    tries: int = 0
    acknowledged: bool = False
    answer: Any = None
    refused: str = ""  # the code, where a rule said no


@dataclass(kw_only=True)
class Journal:
    """Everything that was attempted, and what of it was acknowledged."""

    commands: dict[str, Command] = field(default_factory=dict)
    moments: list[float] = field(default_factory=list)  # of each acknowledgement, in seconds since 1970

    @property
    def acknowledged(self) -> list[Command]:
        """The commands that were answered."""
        return [command for command in list(self.commands.values()) if command.acknowledged]

    @property
    def refused(self) -> list[Command]:
        """The commands that a rule said no to: an answer too, and nothing may come of them."""
        return [command for command in list(self.commands.values()) if command.refused]


class Hand:
    """One client with a connection of its own."""

    def __init__(self, amqp_uri: str, journal: Journal, over: threading.Event) -> None:
        self._uri, self._journal, self._over = amqp_uri, journal, over
        self._client = Client(amqp_uri, seconds=ANSWER_WITHIN)
        self._others: list[Hand] = []

    def do(self, service: str, method: str, **fields: Any) -> Any:
        """Give a command until it is acknowledged; raises the refusal if a rule says no."""
        command = Command(service=service, method=method, command_id=str(uuid.uuid4()), fields=fields)
        self._journal.commands[command.command_id] = command

        def attempt() -> Any:
            command.tries += 1
            return self._client.call(service, method, command_id=command.command_id, **fields)

        try:
            command.answer = self._insist(attempt, f"{service}.{method} {fields}")
        except LinliError as refusal:
            command.refused = refusal.code
            raise
        finally:
            command.ended = time.time()
        command.acknowledged = True
        self._journal.moments.append(time.time())
        return command.answer

    def refused(self, code: str, service: str, method: str, **fields: Any) -> None:
        """Give a command that must be refused under this code; raises AssertionError where it is not."""
        try:
            answer = self.do(service, method, **fields)
        except LinliError as refusal:
            answer, given = refusal, refusal.code
        else:
            given = ""
        assert given == code, f"{service}.{method} {fields}: {answer} instead of {code}"

    def at_once(self, *deeds: "Callable[[Hand], Any]") -> list[Any]:
        """Do all of this at the same moment, each over a connection of its own."""
        while len(self._others) < len(deeds):
            self._others.append(Hand(self._uri, self._journal, self._over))
        with ThreadPoolExecutor(len(deeds)) as pool:
            return [done.result() for done in [pool.submit(*pair) for pair in zip(deeds, self._others, strict=False)]]

    def ask(self, service: str, method: str, **fields: Any) -> Any:
        """Ask until there is an answer."""
        return self._insist(lambda: self._client.call(service, method, **fields), f"{service}.{method} {fields}")

    def until(self, condition: Callable[[Any], Any], service: str, method: str, **fields: Any) -> Any:
        """Ask until the answer meets the condition; what does not exist may still come to be."""
        over = time.monotonic() + GIVE_UP_AFTER
        answer: Any = None
        while time.monotonic() < over and not self._over.is_set():
            try:
                answer = self.ask(service, method, **fields)
            except NotFound as error:
                answer = error
            else:
                if condition(answer):
                    return answer
            self._over.wait(PAUSE)
        raise AssertionError(f"{service}.{method} {fields} never became what was waited for; last: {answer}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        for other in self._others:
            other.close()

    def _insist(self, attempt: Callable[[], Any], what: str) -> Any:
        over = time.monotonic() + GIVE_UP_AFTER
        while True:
            try:
                return attempt()
            except LinliError as error:
                if not error.retryable:
                    raise
                if time.monotonic() > over or self._over.is_set():
                    raise AssertionError(f"{what} was never acknowledged; last: {error}") from error
            self._over.wait(PAUSE)
