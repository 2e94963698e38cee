"""HTTP as a service meets it: a request, the reply to it, and what went wrong; no server in sight."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import HTTPException

from shared.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    LinliError,
    NotFound,
    Refusal,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

Values = Mapping[str, list[str]]  # a name may come more than once
RETRY_AFTER = 5  # seconds; a database that elects a new primary is back by then
STATUS: tuple[tuple[type[LinliError], int], ...] = (
    (NotFound, 404),
    (InvalidInput, 400),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (TooManyRequests, 429),
    (Unavailable, 503),
    (Conflict, 409),
    (Refusal, 409),
)
SERVER_FAULT = 500


@dataclass(frozen=True, kw_only=True)
class Request:
    """What came: `path` are the named parts of the route, `root` is scheme and host, `headers` have small letters."""

    method: str
    url: str
    root: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Values = field(default_factory=dict)
    form: Values = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What goes back; texts are sent as UTF-8."""

    body: str | bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a request was not served, in sentences for its caller; `retry_after` in seconds where waiting helps."""

    status: int
    code: str
    sentences: tuple[str, ...]
    retry_after: int | None = None
    allow: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """What HTTP wants to be said outside the body."""
        waiting = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return waiting | ({"Allow": ", ".join(self.allow)} if self.allow else {})


Refused = Callable[[Request, Problem], Reply]  # how a service words what went wrong


def problem_of(error: BaseException) -> Problem:
    """Say what an error means to a caller; what we did not foresee tells nothing of its inside."""
    if isinstance(error, LinliError):
        return _refusal(error)
    if isinstance(error, HTTPException):
        return Problem(
            status=error.code or SERVER_FAULT,
            code=error.name.lower().replace(" ", "_"),
            sentences=(str(error.description),),
            allow=tuple(sorted(getattr(error, "valid_methods", None) or ())),
        )
    return Problem(status=SERVER_FAULT, code="internal_error", sentences=("something broke inside; the log has it",))


def _refusal(error: LinliError) -> Problem:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), SERVER_FAULT)
    waits = status in (429, 503)
    return Problem(
        status=status,
        code=error.code,
        sentences=_sentences(error),
        retry_after=int(error.details.get("retry_after", RETRY_AFTER)) if waits else None,
    )


def _sentences(error: LinliError) -> tuple[str, ...]:
    """Give one sentence for each field at fault, else the one of the error."""
    fields: Any = error.details.get("fields")
    if not isinstance(fields, Mapping):
        return (error.message,)
    return tuple(f"{name}: {words}" for name, messages in fields.items() for words in _texts(messages))


def _texts(messages: Any) -> list[str]:
    if isinstance(messages, list | tuple):
        return [str(one) for one in messages]
    return [json.dumps(messages, ensure_ascii=False, default=str)]


def plain(_request: Request, problem: Problem) -> Reply:
    """Word a problem as JSON `{"code": …, "errors": […]}`, where a service has no format of its own."""
    body = json.dumps({"code": problem.code, "errors": list(problem.sentences)}, ensure_ascii=False)
    return Reply(body=body, content_type="application/json", status=problem.status, headers=problem.headers)
