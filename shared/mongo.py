"""A service's own database: connection, transactions, and what pymongo's errors mean to us."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pymongo
from pymongo import MongoClient, ReturnDocument
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from shared import clock
from shared.buckets import IN_ORDER, PENDING
from shared.collection import Collection, Index
from shared.config import Settings
from shared.errors import Conflict, LinliError, Unavailable

if TYPE_CHECKING:
    from pymongo.collection import Collection as RawCollection

T = TypeVar("T")
UNAVAILABLE = (ConnectionFailure, NetworkTimeout, ServerSelectionTimeoutError, ExecutionTimeout, WTimeoutError)
WRITE_CONFLICT, DUPLICATE_KEY, NAMESPACE_EXISTS = 112, 11000, 48
KEPT_DAYS = 30  # how long sent events and handled ids are kept
LONG_AGO = datetime(1970, 1, 2, tzinfo=clock.COMMUNITY_TIME)
LONGEST_OPERATION = 8.0  # seconds; where nobody has set another limit, such as on a half-open network
LONGEST_INDEX = 600.0  # seconds; building one on a large collection takes its time
IMMEDIATE_RETRIES = (0.0, 0.05, 0.25)  # seconds before the second, third and fourth try


def connect(settings: Settings) -> "MongoClient[dict[str, Any]]":
    """Open a client that gives up in time for a command to answer."""
    return MongoClient(
        settings.mongodb_uri,
        tz_aware=True,
        tzinfo=clock.COMMUNITY_TIME,
        w="majority",
        readConcernLevel="majority",  # what a question shows, the next transaction sees, and a new primary keeps
        serverSelectionTimeoutMS=5000,
        connectTimeoutMS=3000,
        timeoutMS=int(LONGEST_OPERATION * 1000),
        maxPoolSize=100,
        appname="linli",
    )


class Database:
    """The database of one service: the collections of the line, and the raw ones of its own."""

    def __init__(self, service: str, settings: Settings) -> None:
        self.service, self.settings = service, settings
        self.client = connect(settings)
        self.database = self.client[f"{settings.database_prefix}{service}"]
        self.outbox = self.database["outbox"]
        self.deadlines = self.database["deadlines"]
        self.processed_events = self.database["processed_events"]
        self.processed_commands = self.database["processed_commands"]
        self.parked = self.database["parked"]
        self.partitions = self.database["partitions"]
        self.leases = self.database["leases"]
        self.wakes = self.database["wakes"]

    def collection(self, name: str) -> "RawCollection[dict[str, Any]]":
        """Return the raw collection."""
        return self.database[name]

    def renew_connections(self) -> None:
        """Use fresh connections from now on.

        One that was opened while the server was neither primary nor secondary, as in the middle of an election, says
        for as long as it lives that there are no sessions; pymongo has no public way to drop it.
        """
        for server in list(self.client._topology._servers.values()):  # noqa: SLF001 -- see above
            server.pool.reset_without_pause()

    def answers(self) -> bool:
        """Tell whether the database is there, after something took longer than it may."""
        try:
            with pymongo.timeout(1):
                self.client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    def next_number(self, series: str) -> int:
        """Take the next number of a series, outside any transaction so that it never conflicts."""
        document: Any = self.database["counters"].find_one_and_update(
            {"_id": series}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return int(document["last"])

    def oldest_unsent(self, now: datetime) -> float:
        """Return for how many seconds the oldest unsent event has been waiting, 0 where there is none."""
        oldest = self.outbox.find_one(PENDING, {"time": 1}, sort=IN_ORDER)
        return max(0.0, (now - oldest["time"]).total_seconds()) if oldest else 0.0

    # -- indexes

    def ensure_indexes(self, collections: Iterable[Collection[Any]]) -> None:
        """Create the indexes of the line and of the service's own collections; existing ones cost nothing."""
        with pymongo.timeout(LONGEST_INDEX):
            self._ensure_indexes(collections)

    def _ensure_indexes(self, collections: Iterable[Collection[Any]]) -> None:
        for collection in collections:
            for index in collection.indexes:
                _ensure(self.collection(collection.name), index)
        _ensure(self.outbox, Index("pending", *(name for name, _ in IN_ORDER), where=PENDING))
        _ensure(self.outbox, Index("events.correlation", "_id"))
        _ensure(self.outbox, Index("events.type", "time"))
        self.leases.update_one({"_id": "relay"}, {"$setOnInsert": {"holder": None, "until": LONG_AGO}}, upsert=True)
        _ensure(self.deadlines, Index("due_at"))
        _ensure(self.parked, Index("state", "_id"))
        _ensure(self.parked, Index("queue", "subject", "position", where={"open": True}))
        _ensure(self.processed_commands, Index("about"))
        for aging in (self.processed_events, self.processed_commands):
            aging.create_index("at", expireAfterSeconds=KEPT_DAYS * 86400)
        self.outbox.create_index("sent_at", expireAfterSeconds=KEPT_DAYS * 86400)
        self._ensure_wakes()

    def _ensure_wakes(self) -> None:
        try:
            self.database.create_collection("wakes", check_exists=False, capped=True, size=4096)
        except OperationFailure as error:
            if error.code != NAMESPACE_EXISTS:
                raise
        if self.wakes.find_one() is None:
            self.wakes.insert_one({})  # an empty one cannot be followed


def _ensure(collection: "RawCollection[dict[str, Any]]", index: Index) -> None:
    options: dict[str, Any] = {"partialFilterExpression": dict(index.where)} if index.where else {}
    collection.create_index(index.keys, unique=index.unique, **options)


@contextmanager
def translated() -> Iterator[None]:
    """Say in our own errors what pymongo reports."""
    try:
        yield
    except UNAVAILABLE as error:
        raise Unavailable("the database does not answer; try again", reason=type(error).__name__) from error
    except DuplicateKeyError as error:
        raise Conflict("somebody else wrote it first") from error
    except BulkWriteError as error:
        codes = {problem.get("code") for problem in error.details.get("writeErrors", [])}
        if codes & {WRITE_CONFLICT, DUPLICATE_KEY} or error.has_error_label("TransientTransactionError"):
            raise Conflict("somebody else wrote it first") from error
        raise
    except OperationFailure as error:
        if error.code == WRITE_CONFLICT or error.has_error_label("TransientTransactionError"):
            raise Conflict("somebody else changed it first") from error
        if error.has_error_label("RetryableWriteError") or error.has_error_label("UnknownTransactionCommitResult"):
            raise Unavailable("the database does not answer; try again", code=error.code) from error
        raise


def retried(attempt: Callable[[], T], *, seconds: float, pause: Callable[[float], None] = time.sleep) -> T:
    """Call again after a conflict or while the database is away, until the time is over.

    Raises the last Conflict or Unavailable.
    """
    over = time.monotonic() + seconds
    tries = 0
    while True:
        try:
            with pymongo.timeout(max(0.05, over - time.monotonic())):
                return attempt()
        except LinliError as error:
            delay = min(0.25, 0.005 * 2**tries) * random.uniform(0.5, 1.5)  # noqa: S311 -- jitter, not a secret
            tries += 1
            if not error.retryable or time.monotonic() + delay >= over:
                raise
        pause(delay)
