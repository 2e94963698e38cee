"""From dataclasses to marshmallow schemas: commands and facts in, plain values out."""

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared.errors import Conflict, InvalidInput
from shared.shortcut import Shortcut

T = TypeVar("T")
Unknown = Literal["exclude", "raise"]
WHOLE_BITS = 63  # besides the sign: what BSON holds
YEARS = (1900, 2999)

Id = Annotated[
    str,
    validate.Length(1, 64),
    validate.Regexp(r"^[A-Za-z0-9._:/-]+(?!\n)$", error="Allowed are letters, digits and . _ : / -"),
]
ShortText = Annotated[str, validate.Length(1, 200)]
Text = Annotated[str, validate.Length(1, 4000)]


class OtherRevision(Conflict):
    """The caller has to look again; to try the same again would not help."""

    retryable = False


@dataclass(frozen=True, kw_only=True)
class Command:
    """What every command may carry besides its own fields."""

    command_id: Id | None = None
    expected_revision: Annotated[int, validate.Range(min=1)] | None = None

    def check(self, entity: Any) -> None:
        """Refuse to act on another revision than the caller has seen; raises OtherRevision."""
        if self.expected_revision not in (None, entity.revision):
            raise OtherRevision(
                "it was changed since you looked", expected_revision=self.expected_revision, revision=entity.revision
            )


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which part of a long list; `after` is the `next` of the page before."""

    limit: Annotated[int, validate.Range(1, 500)] = 50
    after: Id | None = None


class _Text(fields.String):
    """A string that names what is allowed when an operator object comes instead."""

    default_error_messages = {"invalid": "Must be a text, not an object, list or number."}  # noqa: RUF012 -- marshmallow's way


class _Number(fields.Float):
    """A finite JSON number; texts that look like one are refused."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class _Whole(fields.Integer):
    """A whole JSON number that a database can hold."""

    default_error_messages = {"too_large": "Must be a whole number of at most 64 bits."}  # noqa: RUF012 -- marshmallow's way

    def _validated(self, value: Any) -> int:
        number = super()._validated(value)
        if number.bit_length() > WHOLE_BITS:
            raise self.make_error("too_large", input=value)
        return number


class _Moment(fields.AwareDateTime):
    """A moment with an offset that every time zone can tell; `0001-01-01+08:00` has no UTC, `9999-12-31` no UTC+8."""

    default_error_messages = {"out_of_reach": f"Must lie in the years {YEARS[0]} to {YEARS[1]}."}  # noqa: RUF012 -- marshmallow's way

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] <= moment.year <= YEARS[1]:
            raise self.make_error("out_of_reach", input=value)
        return moment


class _Day(fields.Date):
    """A day with one after it, and a moment at which it begins in every time zone."""

    default_error_messages = _Moment.default_error_messages

    def _validate(self, value: Any) -> None:
        super()._validate(value)  # a field that allows less says so itself
        if value is not None and not YEARS[0] <= value.year <= YEARS[1]:
            raise self.make_error("out_of_reach", input=value)


class _Flag(fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    truthy = {True}  # noqa: RUF012 -- marshmallow's way
    falsy = {False}  # noqa: RUF012 -- marshmallow's way


_PLAIN: dict[Any, type[fields.Field[Any]]] = {
    str: _Text,
    float: _Number,
    bool: _Flag,
    datetime: _Moment,
    date: _Day,
    Any: fields.Raw,
}


def _field(hint: Any, unknown: Unknown, **options: Any) -> fields.Field[Any]:
    """Turn a type into the field that checks it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _field(arguments[0], unknown, **{**options, "validate": list(arguments[1:])})
    if origin in (Union, types.UnionType):
        [inner] = [argument for argument in arguments if argument is not type(None)]
        return _field(inner, unknown, **{**options, "allow_none": True})
    if origin in (tuple, list):
        return _Sequence(_field(arguments[0], unknown), **options)
    if origin is dict:
        return fields.Dict(keys=_field(arguments[0], unknown), values=_field(arguments[1], unknown), **options)
    return _single(hint, unknown, options)


def _single(hint: Any, unknown: Unknown, options: dict[str, Any]) -> fields.Field[Any]:
    """Turn a type without parts into its field."""
    if dataclasses.is_dataclass(hint):
        inner = schema_class(typing.cast("type[Any]", hint), ignore_unknown=unknown == "exclude")
        return fields.Nested(inner(unknown=unknown), **options)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return fields.Enum(hint, by_value=True, **options)
    if hint is int:
        return _Whole(strict=True, **options)
    return _PLAIN[hint](**options)


class _Sequence(fields.List[Any]):
    """A list that arrives as an unchangeable tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


def _attribute(member: "dataclasses.Field[Any]", hint: Any, unknown: Unknown) -> fields.Field[Any]:
    """Turn a dataclass field into a schema field with its default."""
    title = {"metadata": {"description": member.metadata["description"]}} if "description" in member.metadata else {}
    if member.default is not dataclasses.MISSING:
        return _field(hint, unknown, load_default=member.default, **title)
    if member.default_factory is not dataclasses.MISSING:
        return _field(hint, unknown, load_default=member.default_factory, **title)
    return _field(hint, unknown, required=True, **title)


PLAIN = frozenset({str, int, float, bool, type(None)})  # types whose values are JSON as they are
_CLASSES: dict[tuple[type[Any], bool], type[Schema]] = {}
_LOADERS: dict[tuple[type[Any], bool], Schema] = {}
_SHORTCUTS: dict[Schema, Shortcut[Any]] = {}


def schema_class(of: type[Any], *, ignore_unknown: bool = False) -> type[Schema]:
    """Build the marshmallow schema of a dataclass, once; objects inside it treat unknown fields as it does."""
    key = (of, ignore_unknown)
    if key not in _CLASSES:
        _CLASSES[key] = _build(of, ignore_unknown=ignore_unknown)
    return _CLASSES[key]


def _build(of: type[Any], *, ignore_unknown: bool) -> type[Schema]:
    hints = typing.get_type_hints(of, include_extras=True)
    unknown: Unknown = "exclude" if ignore_unknown else "raise"
    members: dict[str, Any] = {
        member.name: _attribute(member, hints[member.name], unknown) for member in dataclasses.fields(of)
    }
    members["make"] = post_load(lambda _self, data, **_: of(**data))
    return type(of.__name__, (Schema,), members)


def _loader(of: type[Any], *, ignore_unknown: bool) -> Schema:
    key = (of, ignore_unknown)
    if key not in _LOADERS:
        _LOADERS[key] = schema_class(of, ignore_unknown=ignore_unknown)(
            unknown="exclude" if ignore_unknown else "raise"
        )
    return _LOADERS[key]


def load(of: type[T], values: Any, *, ignore_unknown: bool = False) -> T:
    """Build a command or fact from outside values; raises InvalidInput that names every field at fault."""
    schema = _loader(of, ignore_unknown=ignore_unknown)
    made: T | None = _shortcut(of, schema).make(values)
    if made is not None:
        return made
    try:
        return typing.cast("T", schema.load(values))
    except ValidationError as error:
        problems: dict[str, Any] = dict(error.messages_dict)
        named = ", ".join(str(name) for name in problems)
        raise InvalidInput(f"{of.__name__} is not valid: {named}", fields=_with_allowed(of, problems)) from None


def _shortcut(of: type[T], schema: Schema) -> Shortcut[T]:
    if schema not in _SHORTCUTS:
        _SHORTCUTS[schema] = Shortcut(of, schema, {_Text: str, _Flag: bool})
    return _SHORTCUTS[schema]


def _with_allowed(of: type[Any], problems: dict[str, Any]) -> dict[str, Any]:
    """Say for an unknown field which fields there are."""
    allowed = ", ".join(field.name for field in dataclasses.fields(of))
    return {
        name: [f"Unknown field; allowed are {allowed}."] if messages == ["Unknown field."] else messages
        for name, messages in problems.items()
    }


def dump(value: Any) -> Any:
    """Turn a dataclass, or anything inside one, into plain JSON values."""
    kind: Any = type(value)
    if kind in PLAIN:
        return value
    names = _names(kind)
    if names is not None:
        values = vars(value)
        return {name: one if type(one := values[name]) in PLAIN else dump(one) for name in names}
    if isinstance(value, dict):
        return {key: dump(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [dump(item) for item in value]
    return _dump_single(value)


def _dump_single(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value


@cache
def _names(of: Any) -> tuple[str, ...] | None:
    """Name the fields of a dataclass, None for anything else."""
    return tuple(member.name for member in dataclasses.fields(of)) if dataclasses.is_dataclass(of) else None
