"""JSON Schema 2020-12 of what an event says, from the same marshmallow schema that checks it."""

from inspect import getdoc
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.cloudevents import SCHEMAS
from shared.events import Event, Inbound
from shared.schemas import schema_class

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = 1
LOCAL = "#/components/schemas/"  # where apispec puts a dataclass inside another one


def address(kind: str) -> str:
    """Return the address of the schema, as an event's `dataschema` names it."""
    return f"{SCHEMAS}/{kind}/{VERSION}"


def data_schema(event: type[Event]) -> dict[str, Any]:
    """Return the schema of an event's data, complete in itself; further fields are allowed, consumers ignore them."""
    return {
        "$schema": DIALECT,
        "$id": address(event.type),
        "title": event.type,
        "description": getdoc(event),
        "x-chinese-title": event.zh,
        "x-subject": event.subject,
        **shape(event),
    }


def shape(of: type[Event | Inbound]) -> dict[str, Any]:
    """Return what the fields of a fact look like, the required ones in the order of the class."""
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema(of.__name__, schema=schema_class(of))
    shapes = spec.to_dict()["components"]["schemas"]
    opened: dict[str, Any] = _opened(shapes[of.__name__], shapes)
    return opened


def _opened(node: Any, shapes: dict[str, Any]) -> Any:
    """Put every referenced shape where it is used, and let objects have further fields."""
    if isinstance(node, list):
        return [_opened(one, shapes) for one in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$ref", "")).startswith(LOCAL):
        return _opened(shapes[node["$ref"].removeprefix(LOCAL)], shapes)
    opened = {name: _opened(value, shapes) for name, value in node.items()}
    if "required" in node and "properties" in node:
        opened["required"] = [name for name in node["properties"] if name in node["required"]]
    if "properties" in node:
        opened["additionalProperties"] = True
    return opened
