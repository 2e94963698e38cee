"""How nameko reaches the line: `@command`, `@query`, `@subscribe`, `@due`, and the class every service extends."""

from shared.entrypoints.service import Service
from shared.entrypoints.spec import command, due, operation, query, subscribe

__all__ = ["Service", "command", "due", "operation", "query", "subscribe"]
