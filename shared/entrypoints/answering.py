"""What a call and its answer look like on the wire, as stock nameko writes and reads them."""

import json
from typing import Any

from amqp.basic_message import Message
from nameko.exceptions import get_module_path

from shared import logs
from shared.broker.connection import BROKER_ERRORS
from shared.broker.publisher import send
from shared.broker.topology import RPC_EXCHANGE
from shared.cloudevents import no_half_pair
from shared.errors import InvalidInput

log = logs.get(__name__)


def arguments(message: Any, largest: int) -> tuple[list[Any], dict[str, Any]]:
    """Read a call's body of at most `largest` bytes; raises InvalidInput that says what a call looks like."""
    body = message.body
    if len(body) > largest:
        raise InvalidInput(f"a call of this method has at most {largest} bytes, not {len(body)}", largest=largest)
    try:
        text = bytes(body).decode()
        values = json.loads(text)
        no_half_pair(text, values)
        args, kwargs = list(values["args"]), dict(values["kwargs"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidInput('a call is a JSON object {"args": [], "kwargs": {}} in UTF-8') from None
    return args, kwargs


def answer(message: Any, result: Any, error: Exception | None) -> None:
    """Answer on the connection the call came by; without it the broker delivers the call again.

    Half a character pair, such as of a method's name, goes back as JSON escapes it.
    """
    payload = json.dumps({"result": result, "error": error and _serialized(error)}, ensure_ascii=False)
    properties = message.properties
    content = Message(
        payload.encode(errors="backslashreplace"),
        content_type="application/json",
        content_encoding="utf-8",
        correlation_id=properties.get("correlation_id", ""),
    )
    try:
        if message.channel.connection is not None and properties.get("reply_to"):
            send(message.channel, content, RPC_EXCHANGE.name, properties["reply_to"])
    except BROKER_ERRORS as lost:
        log.info("lost the connection before answering", error=type(lost).__name__)


def _serialized(error: Exception) -> dict[str, Any]:
    """Return the error as nameko's clients read it, with code and details kept."""
    details = getattr(error, "details", {})
    return {
        "exc_type": type(error).__name__,
        "exc_path": get_module_path(type(error)),
        "exc_args": [getattr(error, "message", str(error)), *([details] if details else [])],
        "value": str(error),
        "code": getattr(error, "code", "error"),
        "retryable": getattr(error, "retryable", False),
        "details": json.loads(json.dumps(details, default=str)),
    }
