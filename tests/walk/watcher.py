"""Every version that an issue has had, in the order in which the database took them."""

import threading
from collections import defaultdict
from typing import Any

from pymongo.errors import PyMongoError

from tests.support.eventually import eventually

END = "walk.end"


class Watcher:
    """Follows the issues of a database by its change stream."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._stream = database.watch(
            [{"$match": {"ns.coll": {"$in": ["issues", END]}}}], full_document="whenAvailable", max_await_time_ms=200
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                change = self._stream.try_next()
            except PyMongoError:
                return
            if change is None:
                continue
            if change["ns"]["coll"] == END:
                self._ended.set()
            elif change["operationType"] in ("insert", "replace"):
                self.versions[change["documentKey"]["_id"]].append(change["fullDocument"])

    def stop(self) -> None:
        """Wait until everything that was written has been seen, and stop."""
        self._database[END].insert_one({})
        eventually(self._ended.is_set, seconds=60)
        self._stream.close()
