"""Stock nameko: `nameko run --config benchmarks/peers/nameko.yaml benchmarks.peers.on_nameko:Learning`."""

from typing import TYPE_CHECKING, Any

import eventlet
from nameko.events import EventDispatcher, event_handler
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from pymongo import MongoClient

from benchmarks.peers.completion import COLLECTION, document

if TYPE_CHECKING:
    from pymongo.database import Database

PUBLISHING_AT_ONCE = 10  # kombu's pool of producers, as nameko sets it


class MongoDatabase(DependencyProvider):
    """Hands the service a database that acknowledges by majority."""

    def setup(self) -> None:
        """Connect."""
        client: MongoClient[dict[str, Any]] = MongoClient(self.container.config["MONGODB_URI"], w="majority")
        self.database = client[self.container.config["DATABASE"]]

    def get_dependency(self, _worker_ctx: Any) -> "Database[dict[str, Any]]":
        """Return the database."""
        return self.database


class Learning:
    """Writes one document for each course completed."""

    name = "learning"
    database = MongoDatabase()

    @event_handler("enrollment", "course.completed")
    def on_course_completed(self, event: dict[str, Any]) -> None:
        """Write a document for the event."""
        self.database[COLLECTION].insert_one(document(event))


class Announcer:
    """Announces units of a tree; named as the service whose exchange it publishes to."""

    name = "volunteer"
    dispatch = EventDispatcher()

    @rpc
    def announce(self, events: list[dict[str, Any]]) -> int:
        """Dispatch each event and wait for its confirm, as many at once as the pool of producers allows."""
        pool = eventlet.GreenPool(PUBLISHING_AT_ONCE)
        for _ in pool.imap(lambda event: self.dispatch("org_unit.updated", event), events):
            pass
        return len(events)


class Echo:
    """Answers, and does nothing else."""

    name = "stock_echo"

    @rpc
    def ask(self, word: str) -> dict[str, str]:
        """Say it back."""
        return {"word": word}
