"""What a question has shown, the command that follows it sees too, however busy the database is."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from services.volunteer import domain, repository
from shared import clock, config
from shared.actor import CLOCK
from shared.mongo import retried
from shared.store import Store
from shared.transaction import Step, Transaction
from tests.support.servers import Place

pytestmark = pytest.mark.server
DOCUMENTS, MUCH = 24, "x" * 1_000_000  # an entry of the oplog has at most 16 MB
LOOKS = 300


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Make volunteer's database."""
    settings = dataclasses.replace(config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix)
    made = Store("volunteer", settings)
    yield made
    made.client.close()


def write(store: Store, *people: str) -> None:
    """Save the records of these people, which raises their revisions."""
    with store.unit(clock.now()) as tx, tx.step(Step(actor=CLOCK)):
        for person in people:
            known = repository.learning_records.find(tx, domain.record_id(person))
            repository.learning_records.save(tx, known or domain.empty_record(person))


def revision(tx: Transaction, person: str) -> int:
    found = repository.learning_records.find(tx, domain.record_id(person))
    return found.revision if found else 0


def write_much(store: Store) -> None:
    """Commit more than one entry of the oplog holds: while it is written, what commits after it is a gap ahead."""
    with store.client.start_session() as session, session.start_transaction():
        store.database["much"].insert_many([{"much": MUCH} for _ in range(DOCUMENTS)], session=session)


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """Write one record again and again, and very much beside it."""
    over = threading.Event()
    store.database["much"].create_index("none")
    write(store, "P-1")

    def again_and_again(deed: Callable[[], None]) -> None:
        while not over.is_set():
            retried(deed, seconds=60)

    deeds = (lambda: write(store, "P-1"), lambda: write_much(store))
    threads = [threading.Thread(target=again_and_again, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_a_transaction_sees_what_a_question_has_shown_before_it(store: Store) -> None:
    older = []
    with busy(store):
        for _ in range(LOOKS):
            with store.reading(CLOCK) as tx:
                shown = revision(tx, "P-1")
            with store.unit(clock.now()) as tx, tx.step(Step(actor=CLOCK)):
                seen = revision(tx, "P-1")
            if seen < shown:
                older.append((shown, seen))
    assert older == []
