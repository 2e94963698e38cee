"""Calls of a service without a process: authentication, checks and transactions are the real ones."""

import dataclasses
import inspect
from datetime import timedelta
from functools import partial
from typing import Any

from services.issues import schemas
from services.issues.service import IssuesService
from shared import config
from shared.actor import ADMINISTRATOR, Actor, issue_token
from shared.calls import Call, Caller
from shared.store import Store
from tests.support.servers import Place

ALWAYS = timedelta(days=3650)  # for a story of last year
KEY = "a-key-for-tests-of-at-least-32-bytes"


def settings_of(place: Place) -> config.Settings:
    """Return the settings of a store in this place, which knows the key."""
    return dataclasses.replace(
        config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix, auth_key=KEY
    )


class Desk:
    """Calls issues for whom one likes."""

    def __init__(self, store: Store) -> None:
        self._caller, self._number = Caller(store=store), 0

    def ask(self, name: str, *args: Any, of: Actor | None = None, kind: Any = "query", **fields: Any) -> Any:
        """Call a method with an actor's token, an administrator's unless named."""
        self._number += 1
        takes = getattr(schemas, "".join(part.title() for part in name.split("_")))
        method = inspect.unwrap(getattr(IssuesService, name))
        return self._caller.answer(
            Call(name=name, kind=kind, takes=takes),
            partial(method, IssuesService()),
            args=args,
            kwargs=fields,
            call_id=f"desk-{self._number}",
            token=issue_token(of or Actor(id="office", roles=(ADMINISTRATOR,)), KEY, ALWAYS),
        )

    def command(self, name: str, *args: Any, **fields: Any) -> Any:
        """Call a command."""
        return self.ask(name, *args, kind="command", **fields)
