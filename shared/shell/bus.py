"""Administration of the whole bus: one question to the four services at the same time, their answers put together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.errors import InvalidInput, LinliError, NotFound
from shared.shell.client import Ask, Client
from shared.shell.thread import Step, in_order

SERVICES = ("issues", "volunteer", "enrollment", "notify")
PAGE = 500  # the most a list gives at once


@dataclass(kw_only=True)
class Everywhere:
    """What services answered, and those that did not, with the reason."""

    answers: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, LinliError] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether everybody answered."""
        return not self.failures


@dataclass(kw_only=True)
class Thread:
    """All that happened to one issue, course or visit, in order, and which services could not be asked."""

    correlation_id: str
    steps: list[Step]
    failures: dict[str, LinliError]


class Bus:
    """Asks the services together."""

    def __init__(self, client: Client, services: Sequence[str] = SERVICES) -> None:
        self.client, self.services = client, tuple(services)
        self._described: dict[str, dict[str, Any]] = {}

    def ask(self, method: str, *, of: str | None = None, **kwargs: Any) -> Everywhere:
        """Make the same call to every service, or to the one named; a service that fails does not hide the others."""
        return self._ask({name: {} for name in self._named(of)}, method, kwargs)

    def trace(self, correlation_id: str) -> Thread:
        """Put the events of one thread together; raises NotFound where no service knows it and all could be asked."""
        events, failures = self._pages("events_of", correlation_id=correlation_id)
        if not events and not failures:
            raise NotFound(f"no service announced anything about {correlation_id}", correlation_id=correlation_id)
        titles = {one["type"]: one for name in self.services for one in self.describe(name).get("events", [])}
        return Thread(correlation_id=correlation_id, steps=in_order(events, titles), failures=failures)

    def parked(self, *, of: str | None = None, **selection: Any) -> Everywhere:
        """List parked events of every service."""
        return self.ask("parked", of=of, **_given(selection))

    def show(self, parked_id: str, *, of: str | None = None) -> dict[str, Any]:
        """Show one parked event, whichever service has it; raises NotFound, or what kept a service from answering."""
        found = self.ask("show_parked", of=of, parked_id=parked_id)
        for service, row in found.answers.items():
            return {"service": service, **row}
        silent = [error for error in found.failures.values() if not isinstance(error, NotFound)]
        raise (silent or [NotFound(f"no service has a parked event {parked_id}", parked_id=parked_id)])[0]

    def replay(self, *, of: str | None = None, everything: bool = False, **selection: Any) -> Everywhere:
        """Give parked events back to their handlers; raises InvalidInput without any condition."""
        return self._change("replay_parked", of, selection, everything=everything)

    def drop(self, *, of: str | None = None, everything: bool = False, **selection: Any) -> Everywhere:
        """Take parked events off the list; raises InvalidInput without any condition."""
        return self._change("drop_parked", of, selection, everything=everything)

    def queues(self, *, of: str | None = None) -> Everywhere:
        """Show queues, outbox and parked events of every service."""
        return self.ask("queues", of=of)

    def describe(self, service: str) -> dict[str, Any]:
        """Return what a service offers, nothing where it does not say; asked for all of them once."""
        if not self._described:
            self._described = self.ask("describe").answers
        return self._described.get(service, {})

    def _named(self, of: str | None) -> tuple[str, ...]:
        if of is not None and of not in self.services:
            raise InvalidInput(f"there is no service {of}; there are {', '.join(self.services)}", service=of)
        return self.services if of is None else (of,)

    def _change(self, method: str, of: str | None, selection: Mapping[str, Any], *, everything: bool) -> Everywhere:
        conditions = _given(selection)
        if not everything and not conditions.keys() - {"limit", "rate"}:
            raise InvalidInput("say which: by id, type, reason, handler or time, or everything=True (--all)")
        return self.ask(method, of=of, **conditions)

    def _ask(self, own: Mapping[str, Mapping[str, Any]], method: str, kwargs: Mapping[str, Any]) -> Everywhere:
        asks = [Ask(service=name, method=method, kwargs={**kwargs, **more}) for name, more in own.items()]
        result = Everywhere()
        for ask, answer in zip(asks, self.client.call_all(asks), strict=True):
            (result.failures if isinstance(answer, LinliError) else result.answers)[ask.service] = answer
        return result

    def _pages(self, method: str, **kwargs: Any) -> tuple[list[dict[str, Any]], dict[str, LinliError]]:
        """Read a list of every service to its end."""
        items: list[dict[str, Any]] = []
        failures: dict[str, LinliError] = {}
        following: dict[str, dict[str, Any]] = {name: {} for name in self.services}
        while following:
            found = self._ask(following, method, {**kwargs, "limit": PAGE})
            failures |= found.failures
            items += [{**item, "service": name} for name, page in found.answers.items() for item in page["items"]]
            following = {name: {"after": page["next"]} for name, page in found.answers.items() if page["next"]}
        return items, failures


def rows(found: Everywhere) -> Iterator[dict[str, Any]]:
    """Give the items of every service's list, each with its service."""
    for service, page in found.answers.items():
        yield from ({"service": service, **item} for item in page["items"])


def _given(selection: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in selection.items() if value not in (None, (), [])}
