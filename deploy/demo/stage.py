"""What every act needs: the services, the watch, the screen, and a list of who did what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from deploy.demo.fixture import NAMES, address
from deploy.demo.screen import Screen
from deploy.demo.watch import DELIVERED, Watch
from shared import clock
from shared.errors import LinliError
from shared.shell.bus import Bus
from shared.shell.client import Ask

INVITATION = "vote_invitation"  # how the names of its templates begin


@dataclass(kw_only=True)
class Stage:
    """Where the story is played."""

    bus: Bus
    watch: Watch
    screen: Screen
    gateway: str
    issue_id: str = ""
    deeds: list[dict[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Show events from now on; invitations are counted instead."""
        self.watch.on_event = lambda event: None if is_invitation(event) else self.screen.event(event)

    def act(self, person: str, zh: str, en: str) -> None:
        """Say what a person does, and remember it."""
        name = f"{NAMES[person]} {person}"
        self.screen.act(f"{NAMES[person]}({person}){zh}", f"{person} {en}")
        self.deeds.append({"time": clock.now().strftime("%H:%M:%S"), "who": name, "做了什么": zh, "did what": en})

    def call(self, service: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a service."""
        return self.bus.client.call(service, method, *args, **kwargs)

    def call_all(self, asks: Sequence[Ask]) -> list[Any]:
        """Make calls at the same time; raises the first error."""
        answers = self.bus.client.call_all(asks)
        for answer in answers:
            if isinstance(answer, LinliError):
                raise answer
        return answers

    def expect(self, where: str, **counts: int) -> None:
        """Wait for events of our thread, so many of each type; `__` in a name stands for the dot."""
        for name, count in counts.items():
            kind = name.replace("__", ".")
            self.watch.until(
                lambda kind=kind, count=count: len(self.watch.of(kind, self.issue_id)) >= count,  # type: ignore[misc]  # mypy infers no lambda with defaults
                f"{count} × {kind} of {self.issue_id} (seen: {len(self.watch.of(kind, self.issue_id))})",
                where,
            )

    def received(self, person: str, template: str) -> None:
        """Wait until a person got a message of our thread; nobody answers what did not arrive."""
        wanted = {"person_ref": person, "template": template}
        self.watch.until(
            lambda: any(wanted.items() <= event["data"].items() for event in self.watch.of(DELIVERED, self.issue_id)),
            f"message {template} to {person}",
            "make logs SERVICE=notify",
        )

    def messages(self, person: str, last: int) -> list[dict[str, Any]]:
        """Return the last messages of a person as the gateway got them."""
        with requests.Session() as session:
            session.trust_env = False  # no proxy between us and our own gateway
            answer = session.get(f"{self.gateway.rstrip('/')}/messages", params={"to": address(person)}, timeout=5)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found[-last:]


def is_invitation(event: dict[str, Any]) -> bool:
    """Whether an event says that somebody got an invitation to vote."""
    return event["type"] == DELIVERED and str(event["data"].get("template", "")).startswith(INVITATION)
