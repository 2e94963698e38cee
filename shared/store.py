"""The store of a service: its database, and the transactions that change it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from pymongo.client_session import ClientSession
from pymongo.errors import ConfigurationError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared import clock, failpoints
from shared.actor import CLOCK, Actor
from shared.config import Settings
from shared.errors import Unavailable
from shared.mongo import Database, translated
from shared.transaction import Step, Transaction


class Store(Database):
    """Opens transactions, and tells who wants to know that one was committed, or announced something."""

    def __init__(self, service: str, settings: Settings) -> None:
        super().__init__(service, settings)
        self.on_announced: Callable[[], None] = lambda: None
        self.on_committed: Callable[[], None] = lambda: None

    @contextmanager
    def unit(self, now: datetime) -> Iterator[Transaction]:
        """Open a transaction whose steps the caller runs; it commits at the end of the block.

        Raises Conflict or Unavailable for what pymongo reports.
        """
        failpoints.passed("before_transaction")
        with translated(), self._session() as session:
            session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority"))
            tx = Transaction(self, session, now)
            try:
                yield tx
                announced = tx.announced
                tx.flush()
                failpoints.passed("before_commit")
                _commit(session)
            except BaseException:
                if session.in_transaction:
                    _abort(session)
                raise
        failpoints.passed("after_commit")
        self.on_committed()
        if announced:
            self.on_announced()

    @contextmanager
    def snapshot(self) -> Iterator[ClientSession]:
        """Start a session whose reads all see the database at one moment; raises Unavailable."""
        with self._session(snapshot=True) as session:
            yield session

    @contextmanager
    def _session(self, *, snapshot: bool = False) -> Iterator[ClientSession]:
        """Start a session; a connection that cannot carry one is replaced, and the work is tried again."""
        try:
            with self.client.start_session(causal_consistency=not snapshot, snapshot=snapshot) as session:
                yield session
        except ConfigurationError as error:
            self.renew_connections()
            raise Unavailable("the database is changing its state; try again", reason=str(error)) from error

    @contextmanager
    def transaction(
        self, *, actor: Actor = CLOCK, now: datetime | None = None, correlation: str | None = None
    ) -> Iterator[Transaction]:
        """Open a transaction of one step, for work that no command or event started."""
        with self.unit(now or clock.now()) as tx, tx.step(Step(actor=actor, correlation=correlation)):
            yield tx

    @contextmanager
    def reading(self, actor: Actor, *, call: str = "") -> Iterator[Transaction]:
        """Open a transaction object that reads, costs no session, and writes its records whether refused or not."""
        tx = Transaction(self, None, clock.now())
        with translated(), tx.step(Step(actor=actor, call=call)):
            try:
                yield tx
            finally:
                tx.write_records()


def _commit(session: ClientSession) -> None:
    """Commit, asking again while the answer is unknown and the deadline allows it."""
    while True:
        try:
            session.commit_transaction()
        except PyMongoError as error:
            if error.has_error_label("UnknownTransactionCommitResult") and not error.timeout:
                continue
            raise
        return


def _abort(session: ClientSession) -> None:
    """Abort; a server that is away aborts by itself."""
    try:
        session.abort_transaction()
    except PyMongoError:
        return
