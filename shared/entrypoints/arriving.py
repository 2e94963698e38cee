"""From a message of the broker to a delivery, and what of it belongs to the event."""

from collections.abc import Mapping
from typing import Any

from shared.errors import LinliError
from shared.handling import Delivery


def arrived(message: Any, most_attempts: int) -> Delivery:
    """Read what the broker says about a message; our own headers count only where they have the right form."""
    headers, info = _headers(message), message.delivery_info
    attempt = headers.get("x-attempt")
    return Delivery(
        body=_bytes(message.body),
        content_type=message.properties.get("content_type"),
        headers=headers,
        message_id=message.properties.get("message_id") or None,
        exchange=_text(headers.get("x-exchange")) or info["exchange"],
        routing_key=_text(headers.get("x-routing-key")) or info["routing_key"],
        attempt=attempt if isinstance(attempt, int) and 0 <= attempt <= most_attempts else 0,
        message=message,
    )


def died(message: Any) -> tuple[str, Delivery]:
    """Read in which queue a dead-lettered message died and what it was before."""
    headers = _headers(message)
    queue = str(headers.get("x-first-death-queue", ""))
    delivery = Delivery(
        body=_bytes(message.body),
        content_type=message.properties.get("content_type"),
        headers=headers,
        message_id=message.properties.get("message_id") or None,
        exchange=_text(headers.get("x-exchange")) or str(headers.get("x-first-death-exchange", "")),
        routing_key=_text(headers.get("x-routing-key")) or _first_routing_key(headers.get("x-death")) or queue,
    )
    delivery.park("delivery_limit", LinliError("its consumer died each time it was delivered"))
    return queue, delivery


def foreign(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the headers that belong to the event, not those of its way through the broker."""
    return {name: value for name, value in headers.items() if not str(name).startswith("x-")}


def _headers(message: Any) -> dict[str, Any]:
    headers = message.properties.get("application_headers")
    return headers if isinstance(headers, dict) else {}


def _bytes(body: Any) -> bytes:
    """Return the body as bytes, although the client may have made a text of it."""
    return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _first_routing_key(deaths: Any) -> str | None:
    """Return the key under which a message was published; the broker lists deaths from the newest to the first."""
    keys = deaths[-1].get("routing-keys") if isinstance(deaths, list) and deaths else None
    return _text(keys[0]) if isinstance(keys, list) and keys else None
