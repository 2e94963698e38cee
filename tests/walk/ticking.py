"""A replica's clock alone: `python -m tests.walk.ticking MONGODB_URI PREFIX SINCE UNTIL` ticks once in every second."""

import dataclasses
import inspect
import sys
from datetime import datetime, timedelta
from functools import partial

from services.issues.service import IssuesService
from shared import config
from shared.store import Store
from shared.timers import Ticker

SECOND = timedelta(seconds=1)


def ticker(store: Store) -> Ticker:
    """Make the clock of a process that serves issues, with all its rules."""
    made, service = Ticker(store), IssuesService()
    for _, method in inspect.getmembers(IssuesService, inspect.isfunction):
        kind = getattr(method, "due_kind", None)
        if kind is not None:
            made.rules[kind] = partial(method, service)
    return made


def main(uri: str, prefix: str, since: str, until: str) -> None:
    """Tick through the time, and say how many ticks there were and how many deadlines took effect here."""
    store = Store("issues", dataclasses.replace(config.settings(), mongodb_uri=uri, database_prefix=prefix))
    clock, moment, ticks, handled = ticker(store), datetime.fromisoformat(since), 0, 0
    end = datetime.fromisoformat(until)
    while moment < end:
        moment += SECOND
        handled += clock.run_due(moment)
        ticks += 1
    print(ticks, handled)  # noqa: T201 -- the test reads it
    store.client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
