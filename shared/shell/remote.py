"""Errors that a service answered with, as classes of the same name on this side."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from shared import errors
from shared.errors import LinliError, NotFound, Unavailable

UNKNOWN_METHOD = "MethodNotFound"  # nameko's own, which knows neither code nor sentence


def error_of(answer: Mapping[str, Any]) -> LinliError:
    """Return the error with class name, code, sentence and details as the service raised it."""
    name = str(answer.get("exc_type", "LinliError"))
    if name == UNKNOWN_METHOD:
        return NotFound(
            f"there is no method {answer.get('value')}; help() lists what there is", method=answer.get("value")
        )
    sentence = str(next(iter(answer.get("exc_args") or [answer.get("value", "")]), ""))
    kind = _class(name, str(answer.get("code", "")), retryable=bool(answer.get("retryable")))
    return kind(sentence, **{str(key): value for key, value in (answer.get("details") or {}).items()})


def nobody_takes(service: str, method: str) -> Unavailable:
    """Return the error for a service that has no queue for calls."""
    return Unavailable(
        f"no service named {service} takes calls; is it running (make status)? try again",
        service=service,
        method=method,
    )


def no_answer(service: str, method: str, seconds: float) -> Unavailable:
    """Return the error for a call that nobody answered; one that nobody took is gone and has no effect."""
    return Unavailable(
        f"{service} did not answer within {seconds:g} s; is it running (make status)? try again",
        service=service,
        method=method,
    )


@cache
def _class(name: str, code: str, *, retryable: bool) -> type[LinliError]:
    """Return our own class of that name, or make one: the shell imports no service."""
    known = getattr(errors, name, None)
    if isinstance(known, type) and issubclass(known, LinliError):
        return known
    made: type[LinliError] = type(name, (LinliError,), {"__doc__": "Raised by a service.", "retryable": retryable})
    made.code = code or made.code
    return made
