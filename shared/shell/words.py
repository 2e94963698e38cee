"""What a person can type in the shell besides `n`."""

import pydoc
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shared.errors import NotFound
from shared.shell import views
from shared.shell.bus import Bus
from shared.shell.helper import Method, Methods, Nameko, Rpc

WORDS = """\
n.rpc.<service>.<method>(…)        call a service          n.dispatch_event("issues", "issue.resolved", {…})
trace("IS-0001", every=False)      the whole thread of an issue, course or visit, over all services
queues()                           depth, consumers, outbox, parked, of all services
parked(type=…, reason=…, handler=…, since=…, service=…)     what a person has to look at;  show("<parked_id>")
replay("<parked_id>", type=…, …, rate=…)  drop("<parked_id>", type=…, …)  by id or condition; everything=True for all
help("issues"), help("issues.triage")     what a service or a call takes"""


@dataclass(frozen=True)
class Shown:
    """A result that knows how it looks; `value` is the plain one."""

    view: RenderableType
    value: Any

    def __rich__(self) -> RenderableType:
        return self.view

    def __repr__(self) -> str:
        return repr(self.value)


def words(bus: Bus) -> dict[str, Any]:
    """Return the namespace of the shell."""
    own = _Words(bus)
    public: list[Any] = [own.trace, own.queues, own.parked, own.show, own.replay, own.drop, own.help]
    return {"n": Nameko(bus), "datetime": datetime, **{word.__name__: word for word in public}}


class _Words:
    """The words, bound to the bus they ask."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def trace(self, correlation_id: str, *, every: bool = False) -> Shown:
        """Show the whole thread of an issue, course or visit over all services, in order, with causes."""
        found = self._bus.trace(correlation_id)
        return Shown(views.thread(found, every=every), [step.as_row for step in found.steps])

    def queues(self, service: str | None = None) -> Shown:
        """Show queues, consumers, outbox and parked events."""
        found = self._bus.queues(of=service)
        return Shown(views.queues(found), found.answers)

    def parked(self, *, service: str | None = None, **selection: Any) -> Shown:
        """List parked events: type, reason, handler, since, until, limit, after."""
        found = self._bus.parked(of=service, **selection)
        return Shown(views.parked(found), found.answers)

    def show(self, parked_id: str) -> dict[str, Any]:
        """Show one parked event with its bytes, headers and first failure."""
        return self._bus.show(parked_id)

    def replay(self, *parked_ids: str, service: str | None = None, everything: bool = False, **selection: Any) -> Shown:
        """Give parked events back to their handlers: type, reason, handler, since, until, rate, limit."""
        found = self._bus.replay(of=service, everything=everything, ids=list(parked_ids), **selection)
        return Shown(views.counts(found), found.answers)

    def drop(self, *parked_ids: str, service: str | None = None, everything: bool = False, **selection: Any) -> Shown:
        """Take parked events off the list: type, reason, handler, since, until, limit."""
        found = self._bus.drop(of=service, everything=everything, ids=list(parked_ids), **selection)
        return Shown(views.counts(found), found.answers)

    def help(self, about: Any = None) -> Shown | None:
        """Say what there is, all of it, of one service or of one call; for other things Python's own help."""
        if about is None or isinstance(about, Nameko | Rpc):
            return self._everything()
        name = _name(about)
        if name is None:
            pydoc.help(about)
            return None
        service, _, method = name.partition(".")
        described = self._described(service)
        if not method:
            return Shown(views.offers([described]), described)
        calls = {call["name"]: call for call in described["calls"]}
        if method not in calls:
            raise NotFound(f"{service} has no method {method}; it has {', '.join(calls)}", service=service)
        return Shown(views.call(service, calls[method]), calls[method])

    def _everything(self) -> Shown:
        described = [found for name in self._bus.services if (found := self._bus.describe(name))]
        return Shown(Group(views.offers(described), Text(WORDS)), described)

    def _described(self, service: str) -> dict[str, Any]:
        found = self._bus.describe(service)
        if not found:
            raise NotFound(f"{service} does not say what it offers; services are {', '.join(self._bus.services)}")
        return found


def _name(about: Any) -> str | None:
    """Return what a call, a service or a text names; nothing for Python's own things."""
    match about:
        case Method():
            return f"{about.service}.{about.name}"
        case Methods():
            return str(vars(about)["_service"])
        case str():
            return about.removeprefix("n.rpc.")
        case _:
            return None
