"""What a question costs that does nothing, and a command beside the bare database transaction of the same writes."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nameko.standalone.rpc import ClusterRpcProxy

from benchmarks.figures import Contender, Experiment, Measured, Metric, Target, quantile
from benchmarks.ground import PATIENCE, Ground, ground
from services.volunteer.service import VolunteerService
from shared.calls import Caller
from shared.config import settings
from shared.store import Store

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession
    from pymongo.database import Database

P50 = Metric(unit="ms", label="p50")
P99 = Metric(unit="ms", label="p99")
STOCK = "nameko @rpc"
BARE = "bare transaction, same writes"
SHARE_OF_BARE = 0.8  # of the speed of the bare transaction
UNIT = {"org_unit_id": "C01", "level": "community", "label_zh": "滨湖世纪社区党委"}
COMMAND = "one transaction with outbox and inbox; a repeated call is answered, not done again"


@contextlib.contextmanager
def questions(count: int) -> Iterator[Experiment]:
    """Compare a question that does nothing with stock nameko's; both processes run, and are asked in turns."""
    with ground() as here:
        ours, _ = here.start("benchmarks.ours:EchoService"), here.start_stock("Echo")
        ours.wait_ready()
        here.await_consumer("rpc-stock_echo")
        with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
            yield Experiment(
                name="question",
                title="RPC question with nothing to do",
                targets=[Target(metric=P50, bound=1.3, against=(STOCK,))],
                contenders=[
                    Contender(
                        name="linli @query",
                        guarantee="checked input, actor, deadline; repeated when its process dies",
                        measure=lambda: timed(count, lambda _: rpc.echo.ask(word="word")),
                    ),
                    Contender(
                        name=STOCK,
                        guarantee="repeated when its process dies",
                        measure=lambda: timed(count, lambda _: rpc.stock_echo.ask(word="word")),
                    ),
                ],
            )


@contextlib.contextmanager
def commands(count: int) -> Iterator[Experiment]:
    """Compare registering a volunteer with the bare transaction that writes the same documents."""
    with ground() as here:
        here.start_service("volunteer").wait_ready()
        with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
            rpc.volunteer.import_org_tree(units=[UNIT])
            ours, bare = InProcess(here), Bare(here, rpc)
            yield Experiment(
                name="command",
                title="command that registers a volunteer, 4 documents",
                targets=[Target(metric=P50, bound=1 / SHARE_OF_BARE, against=(BARE,))],
                contenders=[
                    Contender(
                        name="linli @command, in the process",
                        guarantee=COMMAND,
                        measure=lambda: timed(count, ours.register),
                    ),
                    Contender(
                        name=BARE,
                        guarantee="all or nothing; a repeated call fails",
                        measure=lambda: timed(count, bare.write),
                    ),
                    Contender(
                        name="bare transaction, same reads and writes",
                        guarantee="all or nothing; a repeated call is seen",
                        measure=lambda: timed(count, bare.read_and_write),
                    ),
                    Contender(
                        name="linli @command, over RPC",
                        guarantee=COMMAND,
                        measure=lambda: timed(count, lambda number: rpc.volunteer.register(**_volunteer(number))),
                    ),
                ],
            )


def timed(count: int, call: Callable[[str], Any]) -> Measured:
    """Call one after the other, each with a fresh number, and return the quantiles in milliseconds."""
    samples = timings(count, call)
    return {P50: quantile(samples, 0.5), P99: quantile(samples, 0.99)}


def timings(count: int, call: Callable[[str], Any]) -> list[float]:
    """Call one after the other, each with a fresh number, and return the milliseconds of each."""
    samples = []
    for number in range(count):
        name = f"{time.monotonic_ns()}-{number}"
        began = time.perf_counter()
        call(name)
        samples.append((time.perf_counter() - began) * 1000)
    return samples


def _volunteer(number: str) -> dict[str, Any]:
    """Return what registers a volunteer under a number that the caller chose."""
    return {"person_id": f"P-{number}", "volunteer_id": f"V-{number}", "org_unit_id": "C01", "is_party_member": False}


class InProcess:
    """Runs the command as its entrypoint does, without broker and relay."""

    def __init__(self, here: Ground) -> None:
        own = replace(settings(), mongodb_uri=here.place.mongodb_uri, database_prefix=here.place.prefix)
        self._caller = Caller(store=Store("volunteer", own))
        command: Any = VolunteerService.register
        [entrypoint] = command.nameko_entrypoints
        self._call, self._method = entrypoint.call, partial(command.__wrapped__, VolunteerService())

    def register(self, number: str) -> None:
        """Register a volunteer."""
        self._caller.answer(self._call, self._method, args=(), kwargs=_volunteer(number), call_id=number)


class Bare:
    """Writes what `register` writes, with pymongo and nothing else."""

    COLLECTIONS = ("learning_records", "volunteers", "outbox", "processed_commands")

    def __init__(self, here: Ground, rpc: Any) -> None:
        self._client, self._database = here.client, here.database("volunteer")
        rpc.volunteer.register(**_volunteer("template"))
        self._written = {name: _newest(self._database, name) for name in self.COLLECTIONS}

    def write(self, number: str) -> None:
        """Write four documents in one transaction."""
        with self._client.start_session() as session, session.start_transaction():
            self._insert(number, session)

    def read_and_write(self, number: str) -> None:
        """Look first, as the command has to: for the answer of an earlier call, the unit, the number, the person."""
        with self._client.start_session() as session, session.start_transaction():
            looks = {"processed_commands": number, "org_units": "C01", "volunteers": number, "learning_records": number}
            for name, key in looks.items():
                self._database[name].find_one({"_id": key}, session=session)
            self._insert(number, session)

    def _insert(self, number: str, session: "ClientSession") -> None:
        for name, document in self._written.items():
            self._database[name].insert_one({**document, "_id": f"bare/{number}"}, session=session)


def _newest(database: "Database[dict[str, Any]]", name: str) -> dict[str, Any]:
    """Return the document that was written last, without what makes the relay take it for its own."""
    [document] = database[name].find(sort=[("$natural", -1)], limit=1)
    return {key: value for key, value in document.items() if key != "pending"}
