"""What a service offers, in its own words: calls with their fields, events with their titles."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from marshmallow import validate

from shared.calls import Call
from shared.events import Event, Inbound
from shared.schemas import dump

NAMES = {"str": "text", "float": "number", "int": "whole number", "bool": "true or false", "Any": "anything"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Describe:
    """Ask a service what it offers."""


def describe(service: type[Any]) -> dict[str, Any]:
    """Return name, sentence, calls, events and subscriptions of a service class."""
    return {
        "service": service.name,
        "doc": sentence(service),
        "calls": [_call(call, method) for call, method in _calls(service)],
        "events": [_event(one) for one in sorted(_announced(Event), key=lambda one: one.type)],
        "takes": [{"type": one.type, "source": one.source, "handler": name} for name, one in _taken(service)],
    }


def sentence(thing: Any) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def fields(of: type[Any]) -> list[dict[str, Any]]:
    """Say for each field what it takes, whether it must be there, and what it is when absent; inherited ones last."""
    hints = typing.get_type_hints(of, include_extras=True)
    own = [member for member in dataclasses.fields(of) if member.name in of.__annotations__]
    inherited = [member for member in dataclasses.fields(of) if member.name not in of.__annotations__]
    return [_field(member, hints[member.name]) for member in (*own, *inherited)]


def _field(member: "dataclasses.Field[Any]", hint: Any) -> dict[str, Any]:
    required = member.default is dataclasses.MISSING and member.default_factory is dataclasses.MISSING
    default = None if required else member.default
    if member.default_factory is not dataclasses.MISSING:
        default = member.default_factory()
    inner = _innermost(hint)
    return {
        "name": member.name,
        "type": _type(hint),
        "required": required,
        "default": dump(default),
        "allowed": "; ".join(dict.fromkeys(_allowed(hint))),
        **({"fields": fields(inner)} if dataclasses.is_dataclass(inner) and isinstance(inner, type) else {}),
    }


def _type(hint: Any) -> str:
    """Name a type as a person would."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(arguments[0])
    if origin in (Union, types.UnionType):
        return " or ".join(_type(one) for one in arguments if one is not type(None))
    if origin in (tuple, list):
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"{_type(arguments[0])} → {_type(arguments[1])}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "choice"
    name = getattr(hint, "__name__", str(hint))
    return NAMES.get(name, name)


def _innermost(hint: Any) -> Any:
    """Return the type inside options and lists."""
    inner = [one for one in get_args(hint) if one not in (type(None), Ellipsis)]
    return hint if not inner or get_origin(hint) is dict else _innermost(inner[0])


def _allowed(hint: Any) -> Iterator[str]:
    """Say what the checks of a type let pass, its own before those of what is inside."""
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        yield " | ".join(str(choice.value) for choice in hint)
    if origin is Annotated:
        yield from (text for check in arguments[1:] if (text := _check(check, arguments[0])))
        arguments = arguments[:1]
    for inner in arguments:
        yield from _allowed(inner)


def _check(check: Any, of: Any) -> str:
    """Say what one validator lets pass; nothing where only code can say it."""
    match check:
        case validate.Length(min=least, max=most):
            return f"{_span(least, most)} {'characters' if of is str else 'entries'}"
        case validate.Range(min=least, max=most):
            return _span(least, most)
        case validate.Regexp(error=text):
            return str(text)
        case validate.OneOf(choices=choices):
            return " | ".join(map(str, choices))
        case validate.NoneOf(iterable=refused):
            return f"not {', '.join(str(dump(one)) for one in refused)}"
        case _:
            return ""


def _span(least: Any, most: Any) -> str:
    if least is None or most is None:
        return f"at most {most:,}" if least is None else f"at least {least:,}"
    return f"{least:,} to {most:,}"


def _call(call: Call, method: Any) -> dict[str, Any]:
    return {"name": call.name, "kind": call.kind, "doc": sentence(method), "fields": fields(call.takes)}


def _calls(service: type[Any]) -> list[tuple[Call, Any]]:
    found = ((getattr(entry, "call", None), method) for entry, method in _entrypoints(service))
    return sorted(((call, method) for call, method in found if call), key=lambda one: (one[0].kind, one[0].name))


def _taken(service: type[Any]) -> list[tuple[str, type[Inbound]]]:
    found = ((method.__name__, getattr(entry, "takes", None)) for entry, method in _entrypoints(service))
    return sorted({(name, takes) for name, takes in found if takes}, key=lambda one: one[0])


def _entrypoints(service: type[Any]) -> Iterator[tuple[Any, Any]]:
    """Give what nameko's decorators left on the methods."""
    for _, method in inspect.getmembers(service, inspect.isfunction):
        yield from ((entry, method) for entry in getattr(method, "nameko_entrypoints", ()))


def _announced(of: type[Event]) -> Iterable[type[Event]]:
    """Give every kind of event this process knows, which are those of its service: nobody imports another's."""
    for kind in of.__subclasses__():
        yield kind
        yield from _announced(kind)


def _event(kind: type[Event]) -> dict[str, Any]:
    return {"type": kind.type, "zh": kind.zh, "doc": sentence(kind), "subject": kind.subject, "fields": fields(kind)}
