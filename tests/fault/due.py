"""What has to come of the work that is done: by kind and key, what the databases must hold, and nothing beside it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Due = dict[str, dict[Any, Any]]


def nothing() -> Due:
    """Begin with nothing of any kind."""
    return defaultdict(dict)


def together(parts: Iterable[Due]) -> Due:
    """Return what is due because of all parts."""
    due = nothing()
    for part in parts:
        for kind, wanted in part.items():
            due[kind] |= wanted
    return due
