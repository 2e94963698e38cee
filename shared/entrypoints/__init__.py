"""How the outside reaches the line: a decorator for each way in, and the class every service extends."""

from shared.entrypoints.service import Service
from shared.entrypoints.spec import command, due, operation, query, route, subscribe

__all__ = ["Service", "command", "due", "operation", "query", "route", "subscribe"]
