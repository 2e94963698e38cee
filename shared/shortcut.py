"""The short way from valid values to a dataclass: the same fields and validators, without marshmallow's general path.

Whatever is not plainly valid is left to marshmallow, which says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from marshmallow import Schema, ValidationError, fields

T = TypeVar("T")
Validator = Callable[[Any], Any]


class Shortcut(Generic[T]):
    """Builds one kind of dataclass; `plain` says for a class of fields which type its values have as they are."""

    def __init__(self, of: type[T], schema: Schema, plain: Mapping[type[fields.Field[Any]], type]) -> None:
        self._of = of
        self._known = None if schema.unknown == "exclude" else frozenset(schema.fields)
        self._fields = [
            (name, field, plain.get(type(field)), field.validators) for name, field in schema.fields.items()
        ]

    def make(self, values: Any) -> T | None:
        """Return the dataclass, None where marshmallow has to look."""
        if type(values) is not dict or (self._known is not None and not self._known.issuperset(values)):
            return None
        try:
            return self._of(**self._checked(values))
        except (ValidationError, _NotPlain):
            return None

    def _checked(self, values: dict[str, Any]) -> dict[str, Any]:
        checked: dict[str, Any] = {}
        for name, field, plain, validators in self._fields:
            if name not in values:
                if field.required:
                    raise _NotPlain
                continue
            value = values[name]
            if plain is None:
                checked[name] = field.deserialize(value, name, values)
            elif type(value) is plain:
                _validate(value, validators)
                checked[name] = value
            elif value is None and field.allow_none:
                checked[name] = None
            else:
                raise _NotPlain
        return checked


class _NotPlain(Exception):
    """A value is missing, or of a type that is not taken as it is."""


def _validate(value: Any, validators: list[Validator]) -> None:
    for validator in validators:
        validator(value)
