"""Everything a caller can be told went wrong: a stable code, a sentence, details."""

import re
from typing import Any, ClassVar


class LinliError(Exception):
    """Carry a stable code, a sentence and details across the bus."""

    code: ClassVar[str] = "linli_error"
    retryable: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.details.items())
        return f"{self.code}: {self.message}" + (f" ({shown})" if shown else "")


class Refusal(LinliError):
    """A rule said no; nothing was written."""


class NotFound(Refusal):
    """There is no such thing under this id."""


class StateNotAllowed(Refusal):
    """The life cycle does not allow this command in the present state."""


class AlreadyHandled(Refusal):
    """The same fact took effect before, under this or another event id."""


class InvalidInput(LinliError):
    """A field is unknown, missing or malformed; the details name each one."""


class Unauthenticated(LinliError):
    """No valid token came with the call."""


class Forbidden(LinliError):
    """The actor may not do this."""


class TooManyRequests(LinliError):
    """The caller asks more often than agreed; `retry_after` in the details is in seconds."""


class Conflict(LinliError):
    """Somebody else changed the same thing first."""

    retryable = True


class Unavailable(LinliError):
    """The database or the broker did not answer in time; nothing was decided."""

    retryable = True


class RetryLater(LinliError):
    """A fact this event builds on has not arrived yet."""

    retryable = True
