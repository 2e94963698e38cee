"""Entities as documents: the map between the two, and the indexes of a collection."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar, get_args, get_origin

from cattrs import Converter

from shared.errors import NotFound

E = TypeVar("E")
TEXTS = tuple[str, ...]  # taken as a whole, not text by text
A_TEXT = {"$gt": ""}  # any text, nothing else; with `$type` the planner does not see that one text is among them


def _is_sequence(hint: Any) -> bool:
    return get_origin(hint) is tuple and get_args(hint)[1:] == (Ellipsis,)


def _sequence(hint: Any, converter: Converter) -> Callable[[Iterable[Any], Any], tuple[Any, ...]]:
    """Look up once how the parts are built, instead of for each value."""
    part = get_args(hint)[0]
    build = converter.get_structure_hook(part)
    return lambda values, _: tuple([build(value, part) for value in values])


_converter = Converter(detailed_validation=False)  # documents are our own: which attribute broke is in the traceback
_converter.register_unstructure_hook_func(lambda hint: hint == TEXTS, list)
_converter.register_structure_hook_factory(_is_sequence, _sequence)
_converter.register_structure_hook_func(lambda hint: hint == TEXTS, lambda texts, _: tuple(texts))
_converter.register_unstructure_hook(datetime, lambda moment: moment)
_converter.register_structure_hook(datetime, lambda moment, _: moment)
_converter.register_unstructure_hook(date, lambda day: day.isoformat())
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))


@dataclass(frozen=True)
class Index:
    """An index that a query of the service needs; `where` makes it partial, `sphere` one of points on the earth."""

    fields: tuple[str, ...]
    unique: bool = False
    where: Mapping[str, Any] | None = None
    sphere: bool = False

    def __init__(
        self, *fields: str, unique: bool = False, where: Mapping[str, Any] | None = None, sphere: bool = False
    ) -> None:
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "unique", unique)
        object.__setattr__(self, "where", where)
        object.__setattr__(self, "sphere", sphere)

    @property
    def keys(self) -> dict[str, int | str]:
        """The fields with their direction, as the driver names an index."""
        kind: int | str = "2dsphere" if self.sphere else 1
        return dict.fromkeys(self.fields, kind)


class Unit(Protocol):
    """The transaction, as a collection needs it."""

    def load(self, collection: "Collection[E]", keys: list[str], /) -> dict[str, E]:
        """Return the entities that exist under the ids."""

    def query(
        self,
        collection: "Collection[E]",
        where: Mapping[str, Any],
        /,
        *,
        sort: Sequence[tuple[str, int]],
        limit: int,
        skip: int,
    ) -> list[E]:
        """Return the entities that match."""

    def save(self, collection: "Collection[E]", entity: E, /) -> None:
        """Buffer the entity for commit."""

    def delete(self, collection: "Collection[E]", entity: E, /) -> None:
        """Buffer the removal of the entity."""

    def record(self, collection: "Collection[E]", entity: E, /) -> None:
        """Leave a new entity behind, in a question too."""


class Collection(Generic[E]):
    """Reads and writes the entities of one MongoDB collection through a transaction."""

    def __init__(self, name: str, entity: type[E], *, key: str, indexes: Sequence[Index] = ()) -> None:
        self.name, self.entity, self.key, self.indexes = name, entity, key, tuple(indexes)

    def id_of(self, entity: E) -> str:
        """Return the id under which the entity is stored."""
        return str(getattr(entity, self.key))

    def get(self, tx: Unit, key: str) -> E:
        """Load one entity; raises NotFound."""
        found = self.find(tx, key)
        if found is None:
            raise NotFound(f"there is no {self.entity.__name__} {key}", kind=self.entity.__name__, id=key)
        return found

    def find(self, tx: Unit, key: str) -> E | None:
        """Load one entity, or None."""
        return tx.load(self, [key]).get(key)

    def find_many(self, tx: Unit, keys: Iterable[str]) -> dict[str, E]:
        """Load entities by id in one round trip; missing ones are absent."""
        return tx.load(self, list(keys))

    def query(
        self,
        tx: Unit,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        skip: int = 0,
    ) -> list[E]:
        """Load the entities that match, buffered changes included."""
        return tx.query(self, where, sort=sort, limit=limit, skip=skip)

    def save(self, tx: Unit, entity: E) -> None:
        """Write the entity at commit; unchanged, it guards the decision against a concurrent change."""
        tx.save(self, entity)

    def delete(self, tx: Unit, entity: E) -> None:
        """Remove the entity at commit."""
        tx.delete(self, entity)

    def record(self, tx: Unit, entity: E) -> None:
        """Leave a new entity behind, the one thing that a question writes too."""
        tx.record(self, entity)

    def to_document(self, entity: E) -> dict[str, Any]:
        """Turn an entity into its document."""
        values: dict[str, Any] = _converter.unstructure(entity)
        return {"_id": values.pop(self.key), **values}

    def to_entity(self, document: Mapping[str, Any]) -> E:
        """Turn a document into its entity."""
        values = dict(document)
        values[self.key] = values.pop("_id")
        return _converter.structure(values, self.entity)


def structured(values: Any, of: type[E]) -> E:
    """Turn a part of a document into its dataclass."""
    return _converter.structure(values, of)


def with_revision(entity: E, revision: int) -> E:
    """Return the entity under another revision: a copy of its fields, which need no check again."""
    twin = object.__new__(type(entity))
    vars(twin).update(vars(entity), revision=revision)
    return twin
