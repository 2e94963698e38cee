"""What lists in commands must be like."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError


def unique(field: str | None = None) -> Callable[[tuple[Any, ...]], None]:
    """Return a check that refuses a list in which two entries carry the same id, or are the same id."""

    def check(entries: tuple[Any, ...]) -> None:
        times = Counter(getattr(entry, field) if field else entry for entry in entries)
        if repeated := sorted(str(one) for one, count in times.items() if count > 1):
            raise ValidationError(f"Each {field or 'id'} once; repeated: {', '.join(repeated[:10])}.")

    return check
