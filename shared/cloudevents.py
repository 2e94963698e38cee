"""CloudEvents 1.0 as they travel: one JSON object in the body, and every other accepted form."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import uuid_utils

from shared import clock
from shared.errors import InvalidInput

CONTENT_TYPE = "application/json"
JSON_TYPES = frozenset({CONTENT_TYPE, "application/cloudevents+json", ""})
LARGEST = 1024 * 1024  # bytes; an event carries ids, not documents
LONGEST_NAME = 255  # bytes; what AMQP carries as a message id, type or routing key
BINARY_PREFIXES = ("cloudEvents:", "cloudEvents_", "ce-", "ce_")
SCHEMAS = "https://linli.example/schemas"


@dataclass(frozen=True, kw_only=True)
class CloudEvent:
    """One event with its envelope; `sequence` is the aggregate's revision, `version` ends the data schema's address."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: Mapping[str, Any]
    sequence: int = 0
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    actor: str | None = None
    community: str | None = None
    version: str = "1"


def new_id() -> str:
    """Return a fresh UUIDv7: unique everywhere, ordered by the time of this machine's clock."""
    if clock.OFFSET:  # only then: a moment that is given costs the order of ids within one millisecond
        return str(uuid_utils.uuid7(nanoseconds=clock.wall_nanoseconds()))
    return str(uuid_utils.uuid7())


def new_traceparent() -> str:
    """Return a fresh W3C trace context."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def child_traceparent(parent: str | None) -> str:
    """Return a span of its own inside the parent's trace, or of a new trace."""
    parts = (parent or "").split("-")
    if len(parts) != 4 or len(parts[1]) != 32:
        return new_traceparent()
    return f"00-{parts[1]}-{os.urandom(8).hex()}-{parts[3]}"


def encode(event: CloudEvent) -> bytes:
    """Write the event as it goes over the wire."""
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat(),
        "datacontenttype": CONTENT_TYPE,
        "dataschema": f"{SCHEMAS}/{event.type}/1",
        "sequence": str(event.sequence),
        "correlationid": event.correlationid,
        "causationid": event.causationid,
        "traceparent": event.traceparent,
        "actor": event.actor,
        "community": event.community,
    }
    present = {name: value for name, value in envelope.items() if value is not None}
    present["data"] = event.data
    return orjson.dumps(present)


def decode(
    body: bytes | str,
    *,
    content_type: str | None,
    headers: Mapping[Any, Any],
    message_id: str | None,
    exchange: str,
    routing_key: str,
    business_key: tuple[str, ...] = (),
) -> CloudEvent:
    """Read an event in structured, binary or bare form.

    Raises InvalidInput, with `reason` too_large, content_type, encoding, not_json, not_an_object or envelope.
    """
    content = _json_object(body, content_type)
    attributes, values = _binary_attributes(headers), content
    if "specversion" in content:
        attributes, values = {key: value for key, value in content.items() if key != "data"}, content.get("data", {})
    if not isinstance(values, dict):
        raise _unreadable("not_an_object", "data must be an object of named values")
    attributes.setdefault("source", exchange.removesuffix(".events"))
    attributes.setdefault("type", routing_key)
    if "id" not in attributes:
        attributes["id"] = message_id or _business_id(attributes["type"], values, business_key) or new_id()
    return _event(attributes, values)


def _json_object(body: bytes | str, content_type: str | None) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise _unreadable("too_large", f"an event has at most {LARGEST} bytes, this one {len(body)}")
    if (content_type or "").partition(";")[0].strip().lower() not in JSON_TYPES:
        raise _unreadable("content_type", "allowed are application/json and application/cloudevents+json")
    try:
        values = _parsed(body.decode() if isinstance(body, bytes) else body)
    except UnicodeError:
        raise _unreadable("encoding", "the body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise _unreadable("not_json", "the body is not JSON") from None
    if not isinstance(values, dict):
        raise _unreadable("not_an_object", "the body must be one object, not a list or a single value")
    return values


def _parsed(text: str) -> Any:
    """Parse fast; what that refuses the standard library looks at, which knows numbers without end and half pairs."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        values = _DECODER.decode(text)
        no_half_pair(text, values)
        return values


def _no_constant(name: str) -> float:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def no_half_pair(text: str, values: Any) -> None:
    r"""Raise UnicodeEncodeError for a lone `\ud83d`: JSON can escape it, no database or log can write it."""
    if "\\ud" in text or "\\uD" in text:
        json.dumps(values, ensure_ascii=False).encode()


def _unreadable(reason: str, message: str) -> InvalidInput:
    return InvalidInput(message, reason=reason)


def _binary_attributes(headers: Mapping[Any, Any]) -> dict[str, Any]:
    """Collect the attributes that binary mode puts into headers; other headers are none of our business."""
    return {
        name.removeprefix(prefix): value
        for name, value in headers.items()
        for prefix in BINARY_PREFIXES
        if isinstance(name, str) and name.startswith(prefix)
    }


def _business_id(kind: Any, values: dict[str, Any], business_key: tuple[str, ...]) -> str | None:
    """Name a bare payload by what it is about, so that the same fact sent twice is known."""
    if (
        not business_key
        or not isinstance(kind, str)
        or any(not isinstance(values.get(name), str | int) for name in business_key)
    ):
        return None
    return ":".join([kind, *(str(values[name]) for name in business_key)])


def _event(attributes: dict[str, Any], values: dict[str, Any]) -> CloudEvent:
    """Check the envelope; optional attributes of the wrong form are dropped, required ones are an error."""
    for name in ("id", "source", "type"):
        value = attributes[name]
        if isinstance(value, str) and not _whole_pairs(value):
            raise _unreadable("encoding", f"{name} is not UTF-8")
        if not isinstance(value, str) or not 0 < len(value.encode()) <= LONGEST_NAME:
            raise _unreadable("envelope", f"{name} must be a text of 1 to {LONGEST_NAME} bytes")
    if attributes.get("specversion", "1.0") != "1.0":
        raise _unreadable("envelope", "specversion must be 1.0")
    return CloudEvent(
        id=attributes["id"],
        source=attributes["source"],
        type=attributes["type"],
        subject=_text(attributes.get("subject")) or "",
        time=_time(attributes.get("time")),
        data=values,
        sequence=_whole(attributes.get("sequence")),
        correlationid=_text(attributes.get("correlationid")),
        causationid=_text(attributes.get("causationid")),
        traceparent=_text(attributes.get("traceparent")),
        actor=_text(attributes.get("actor")),
        community=_text(attributes.get("community")),
        version=(_text(attributes.get("dataschema")) or "1").rstrip("/").rpartition("/")[2],
    )


def _text(value: Any) -> str | None:
    return value[:256] if isinstance(value, str) and value and _whole_pairs(value) else None


def _whole_pairs(text: str) -> bool:
    """Tell whether a header can be written again: the broker's client lets half of a character pair through."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: Any) -> int:
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0


def _time(value: Any) -> datetime:
    if value is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _unreadable("envelope", "time must be RFC 3339, such as 2025-03-03T09:00:00+08:00") from None
    if moment.tzinfo is None:
        raise _unreadable("envelope", "time must carry an offset, such as +08:00")
    return moment
