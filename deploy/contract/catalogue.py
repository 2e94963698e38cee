"""What the services announce and take, read from their classes."""

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from inspect import getmembers, isclass, isfunction

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

import services
from shared.broker.topology import Manifest, Subscription
from shared.entrypoints import Service
from shared.entrypoints.subscribing import Subscribing
from shared.events import Event, Inbound


@dataclass(frozen=True, kw_only=True)
class Taking:
    """One subscription: its queue, and the part of the fact its handler relies on."""

    subscription: Subscription
    inbound: type[Inbound]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One event type, who announces it and who takes it."""

    event: type[Event]
    publishers: tuple[str, ...]
    takings: tuple[Taking, ...]

    @property
    def type(self) -> str:
        """The name of the type, which is its routing key."""
        return self.event.type

    @property
    def meaning(self) -> str:
        """What happened, in one sentence."""
        return (self.event.__doc__ or "").strip().partition("\n")[0]

    @property
    def consumers(self) -> tuple[str, ...]:
        """The services that take it."""
        return tuple(dict.fromkeys(taking.subscription.service for taking in self.takings))


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All services, facts and queues, each in alphabetical order."""

    announced: dict[str, tuple[type[Event], ...]]
    takings: tuple[Taking, ...]
    outside: tuple[type[Event], ...] = ()  # what others announce, and we only take

    @property
    def services(self) -> tuple[str, ...]:
        """The names of the services."""
        return tuple(self.announced)

    @property
    def manifest(self) -> Manifest:
        """Every queue of the system."""
        return Manifest(taking.subscription for taking in self.takings)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every event type; two services may announce the same one."""
        own = {event.type: event for events in reversed(self.announced.values()) for event in events}
        types = own | {event.type: event for event in self.outside}
        return tuple(self._fact(types[name]) for name in sorted(types))

    def _fact(self, event: type[Event]) -> Fact:
        announcing = [name for name, events in self.announced.items() if event.type in {one.type for one in events}]
        takings = [taking for taking in self.takings if taking.inbound.type == event.type]
        if event in self.outside:
            announcing = sorted({source for taking in takings for source in taking.subscription.sources})
        return Fact(event=event, publishers=tuple(announcing), takings=tuple(takings))


def read_catalogue() -> Catalogue:
    """Import every service and look at it."""
    found = {name: service_class(name) for name in sorted(_names())}
    own = {name: _events_in(f"services.{name}.events") for name in found}
    everybodys = tuple(event for event in Event.__subclasses__() if event.__module__.startswith("shared."))
    return Catalogue(
        announced={name: tuple(sorted((*events, *everybodys), key=_type)) for name, events in own.items()},
        takings=tuple(taking for name, of in found.items() for taking in _takings(name, of, tuple(found))),
        outside=tuple(event for name in found for event in _outside(f"services.{name}")),
    )


def _names() -> Iterable[str]:
    return [module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg]


def service_class(name: str) -> type[Service]:
    """Return the class of a service; raises ValueError where it calls itself otherwise than its folder."""
    module = importlib.import_module(f"services.{name}.service")
    [found] = [
        member for _, member in getmembers(module, isclass) if issubclass(member, Service) and member is not Service
    ]
    if found.name != name:
        raise ValueError(f"the service in services/{name} calls itself {found.name}")
    return found


def _events_in(module: str) -> tuple[type[Event], ...]:
    members = getmembers(importlib.import_module(module), isclass)
    return tuple(member for _, member in members if issubclass(member, Event) and member.__module__.startswith(module))


def _outside(service: str) -> tuple[type[Event], ...]:
    """Find what others announce for a service, where it has a package of that name."""
    known = [module.name for module in pkgutil.iter_modules(importlib.import_module(service).__path__)]
    return _events_in(f"{service}.outside") if "outside" in known else ()


def _type(event: type[Event]) -> str:
    return event.type


def _takings(service: str, of: type[Service], everybody: tuple[str, ...]) -> Iterable[Taking]:
    """Find the subscriptions of a service by the entrypoints on its methods, in alphabetical order."""
    for handler, method in getmembers(of, isfunction):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entrypoint, Subscribing) and entrypoint.partition == 0:
                takes = entrypoint.takes
                sources = everybody if takes.source == "*" else (takes.source,)
                row = Subscription(
                    service=service,
                    handler=handler,
                    type=takes.type,
                    sources=sources,
                    partitions=entrypoint.partitions,
                )
                yield Taking(subscription=row, inbound=takes)
