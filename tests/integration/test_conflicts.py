"""Two writers of one entity: the second conflicts, whatever each of them does and in whatever order they began."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from services.volunteer import domain, repository
from services.volunteer.domain import LearningRecord
from shared import clock, config
from shared.actor import CLOCK
from shared.errors import Conflict
from shared.store import Store
from shared.transaction import Step, Transaction
from tests.support.servers import Place

pytestmark = pytest.mark.server
records = repository.learning_records
Change = Callable[[Transaction], None]


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Make volunteer's database, with the record of one person in it."""
    settings = dataclasses.replace(config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix)
    made = Store("volunteer", settings)
    with made.transaction() as tx:
        records.save(tx, domain.empty_record("P-1"))
    yield made
    made.client.close()


def record(tx: Transaction) -> LearningRecord:
    return records.get(tx, domain.record_id("P-1"))


def join(tx: Transaction) -> None:
    records.save(tx, domain.join(record(tx), "V-1"))


def guard(tx: Transaction) -> None:
    records.save(tx, record(tx))


def remove(tx: Transaction) -> None:
    records.delete(tx, record(tx))


def add(tx: Transaction) -> None:
    records.find(tx, domain.record_id("P-2"))
    records.save(tx, domain.empty_record("P-2"))


def begin(tx: Transaction) -> None:
    """Read, and with it fix the moment the transaction sees."""
    record(tx)


def both(store: Store, first: Change, second: Change) -> None:
    """Let one begin, another one begin and end meanwhile, and then the first go on."""
    with store.unit(clock.now()) as early:
        with early.step(Step(actor=CLOCK)):
            begin(early)
        with store.transaction() as late:
            second(late)
        with early.step(Step(actor=CLOCK)):
            first(early)


@pytest.mark.parametrize("first", [join, guard, remove])
@pytest.mark.parametrize("second", [join, guard, remove])
def test_whoever_commits_second_has_seen_too_little(store: Store, first: Change, second: Change) -> None:
    with pytest.raises(Conflict):
        both(store, first, second)


def test_two_who_add_the_same_conflict_too(store: Store) -> None:
    with pytest.raises(Conflict):
        both(store, add, add)


def test_a_writer_who_begins_after_the_commit_sees_it(store: Store) -> None:
    with store.transaction() as tx:
        join(tx)
    with store.transaction() as tx:
        assert record(tx).volunteer_id == "V-1"
        guard(tx)
    assert store.collection(records.name).count_documents({"revision": 3}) == 1
