"""`n`, as in `nameko shell`: n.rpc.<service>.<method>(…) and n.dispatch_event(source, type, data)."""

from collections.abc import Iterable
from typing import Any

from shared.config import settings
from shared.shell.bus import Bus
from shared.shell.dispatching import dispatch_event


class Method:
    """One call of a service; its name alone shows what it takes."""

    def __init__(self, bus: Bus, service: str, name: str) -> None:
        self._bus, self.service, self.name = bus, service, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make the call."""
        return self._bus.client.call(self.service, self.name, *args, **kwargs)

    def __repr__(self) -> str:
        return f"<{self.service}.{self.name}: help({f'{self.service}.{self.name}'!r}) says what it takes>"


class Methods:
    """The calls of one service."""

    def __init__(self, bus: Bus, service: str) -> None:
        self._bus, self._service = bus, service

    def __getattr__(self, name: str) -> Method:
        if name.startswith("_"):
            raise AttributeError(name)
        return Method(self._bus, self._service, name)

    def __dir__(self) -> Iterable[str]:
        return [call["name"] for call in self._bus.describe(self._service).get("calls", [])]

    def __repr__(self) -> str:
        return f"<{self._service}: help({self._service!r}) lists its methods>"


class Rpc:
    """The services, as attributes or by name."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def __getattr__(self, name: str) -> Methods:
        if name.startswith("_"):
            raise AttributeError(name)
        return Methods(self._bus, name)

    def __getitem__(self, name: str) -> Methods:
        return Methods(self._bus, name)

    def __dir__(self) -> Iterable[str]:
        return self._bus.services

    def __repr__(self) -> str:
        return f"<services {', '.join(self._bus.services)}: help() lists their methods>"


class Nameko:
    """The nameko shell's helper."""

    def __init__(self, bus: Bus) -> None:
        self.rpc, self.disconnect = Rpc(bus), bus.client.close
        self.config = {"AMQP_URI": settings().amqp_uri}

    def dispatch_event(self, source: str, event_type: str, event_data: Any) -> str:
        """Publish an event that claims to come from `source`, whole or as a bare payload, and say what became of it."""
        return dispatch_event(settings().amqp_uri, source, event_type, event_data)

    def __repr__(self) -> str:
        return "<n.rpc.<service>.<method>(…), n.dispatch_event(source, type, data)>"
