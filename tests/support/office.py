"""The issues service on a real database without a broker: calls as they come in, with a token; its clock by hand."""

import dataclasses
import functools
import inspect
import uuid
from datetime import datetime, timedelta
from typing import Any

from services.issues import domain, repository
from services.issues.service import IssuesService
from shared import config
from shared.actor import Actor, issue_token
from shared.calls import Call, Caller
from shared.clock import COMMUNITY_TIME, set_test_clock
from shared.store import Store
from shared.timers import Ticker
from tests.support.announced import announced

KEY = "a key for tests only, as long as it should be"
AGES = timedelta(days=36500)
MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=COMMUNITY_TIME)
B09 = "C01-G03-E07-B09"
ADMINISTRATOR = Actor(id="local-shell", roles=("administrator",))


def calls_of(service: type[Any]) -> dict[str, Call]:
    """Return the calls of a service class by name."""
    methods = (method for _, method in inspect.getmembers(service, inspect.isfunction))
    entrypoints = (one for method in methods for one in getattr(method, "nameko_entrypoints", ()))
    return {one.call.name: one.call for one in entrypoints if hasattr(one, "call")}


class Office:
    """Calls the service as people with tokens do, and looks into its database."""

    def __init__(self, clock_file: Any) -> None:
        self.clock_file, self.now = clock_file, MONDAY
        line = dataclasses.replace(config.settings(), database_prefix=f"test_{uuid.uuid4().hex[:12]}_", auth_key=KEY)
        self.store, self.service = Store("issues", line), IssuesService()
        self.store.ensure_indexes(IssuesService.collections)
        self._caller, self._calls = Caller(store=self.store), calls_of(IssuesService)
        self._ticker = Ticker(self.store)
        self._ticker.rules = {
            method.due_kind: functools.partial(method, self.service)
            for _, method in inspect.getmembers(IssuesService, inspect.isfunction)
            if hasattr(method, "due_kind")
        }

    def open(self) -> None:
        """Begin anew, with the tree and what the service starts with; indexes stay, which take their time."""
        for name in self.store.database.list_collection_names(filter={"options.capped": {"$ne": True}}):
            self.store.collection(name).delete_many({})
        self.at(MONDAY)
        self._plant_tree()
        with self.store.transaction() as tx:
            self.service.on_start(tx)

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.now = moment
        set_test_clock(self.clock_file, moment)

    def call(self, name: str, /, actor: Actor = ADMINISTRATOR, **values: Any) -> Any:
        """Call a command or question as somebody; what it raises comes through."""
        method = functools.partial(inspect.unwrap(getattr(IssuesService, name)), self.service)
        return self._caller.answer(
            self._calls[name],
            method,
            args=(),
            kwargs=values,
            call_id=uuid.uuid4().hex,
            token=issue_token(actor, KEY, AGES),  # its end is looked up on the real clock
        )

    def run_due(self, moment: datetime) -> int:
        """Move the clock, and let happen what is due then."""
        self.at(moment)
        return self._ticker.run_due(moment)

    def facts(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Return what was announced."""
        return announced(self.store.database, kind)

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """Return the documents of a collection as they are stored."""
        return list(self.store.collection(collection).find({}))

    def close(self) -> None:
        """Remove the database."""
        self.store.client.drop_database(self.store.database.name)
        self.store.client.close()

    def _plant_tree(self) -> None:
        levels = (domain.Level.COMMUNITY, domain.Level.GRID, domain.Level.ESTATE, domain.Level.BUILDING)
        ids, places = ("C01", "C01-G03", "C01-G03-E07", B09), ("滨湖世纪社区", "振杰网格", "振徽苑", "振徽苑9栋")
        with self.store.transaction() as tx:
            for level, key, above, place in zip(levels, ids, (None, *ids), places, strict=False):
                unit = domain.OrgUnit(
                    org_unit_id=key,
                    level=level,
                    parent_id=above,
                    secretary_id=None,
                    place_zh=place,
                    tree_revision=1,
                )
                repository.org_units.save(tx, unit)
