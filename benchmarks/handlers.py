"""Who handles `course.completed`: how the queue is filled, how the process is started, and where the effects show."""

import abc
import contextlib
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.completions import outgoing, seed_volunteers
from benchmarks.ground import PATIENCE, PEERS, THEIRS, Ground
from benchmarks.peers.completion import COLLECTION
from shared.cloudevents import CloudEvent, encode
from tests.support.announced import announced
from tests.support.processes import ROOT, Process

if TYPE_CHECKING:
    from pymongo.collection import Collection as RawCollection

Send = Callable[[Sequence[CloudEvent]], None]
EXACTLY_ONCE = "exactly-once effect, own facts confirmed"


class Handler(abc.ABC):
    """One who handles the event by writing one document; a subclass says how it is fed and started."""

    name: str
    guarantee: str
    queue: str

    def prepare(self, here: Ground, numbers: Iterable[int]) -> None:  # noqa: B027 -- for many there is nothing to do
        """Declare the queue, and write what the effects of these events need."""

    @abc.abstractmethod
    def sending(self, here: Ground) -> contextlib.AbstractContextManager[Send]:
        """Open a client that puts events into the queue; all of them are there when it closes."""

    @abc.abstractmethod
    def start(self, here: Ground) -> Process:
        """Start the process without waiting for it."""

    def effects(self, here: Ground) -> "RawCollection[dict[str, Any]]":
        """Return the collection that has a document for each handled event."""
        return here.database(PEERS)[COLLECTION]

    def settled(self, here: Ground) -> bool:  # noqa: ARG002 -- a peer announces nothing
        """Tell whether nothing is left to do after the last effect."""
        return True

    def check(self, here: Ground, count: int) -> None:
        """Raise AssertionError unless every event has its document."""
        ids: list[dict[str, Any]] = [{"$group": {"_id": "$event_id"}}, {"$count": "ids"}]
        [distinct] = self.effects(here).aggregate(ids, allowDiskUse=True)
        assert distinct["ids"] == count, f"{distinct['ids']} of {count} events have a document"


class Linli(Handler):
    """The subscription of the real service volunteer, in as many processes as asked for."""

    guarantee = EXACTLY_ONCE
    queue = "volunteer.on_course_completed"

    def __init__(self, name: str = "linli", **env: str) -> None:
        self.name, self._env = name, env

    def prepare(self, here: Ground, numbers: Iterable[int]) -> None:
        """Register the volunteers."""
        seed_volunteers(here, numbers)
        here.declare_service("volunteer")

    @contextlib.contextmanager
    def sending(self, here: Ground) -> Iterator[Send]:
        """Publish with confirms, as the relay of enrollment does."""
        with here.sender() as sender:
            yield lambda events: here.publish([outgoing(event) for event in events], sender)

    def start(self, here: Ground) -> Process:
        """Start volunteer."""
        return here.start_service("volunteer", **self._env)

    def effects(self, here: Ground) -> "RawCollection[dict[str, Any]]":
        """Return the inbox."""
        return here.database("volunteer")["processed_events"]

    def settled(self, here: Ground) -> bool:
        """Tell whether every fact that follows is confirmed."""
        return not here.pending("volunteer")

    def check(self, here: Ground, count: int) -> None:
        """Look at the inbox and at what followed."""
        super().check(here, count)
        database = here.database("volunteer")
        assert len(announced(database, "volunteer.qualified")) == count, "a fact is missing"
        assert database["parked"].count_documents({}) == 0, "a healthy event was parked"


class Nameko(Handler):
    """A stock nameko event handler."""

    name = "nameko, 50 workers"
    guarantee = "lost when the handler raises; duplicates visible"
    queue = "evt-enrollment-course.completed--learning.on_course_completed"

    def prepare(self, here: Ground, numbers: Iterable[int]) -> None:  # noqa: ARG002 -- the document needs nothing else
        """Declare the queue as nameko would."""
        here.declare_stock_queue("enrollment", "course.completed", "learning.on_course_completed")

    @contextlib.contextmanager
    def sending(self, here: Ground) -> Iterator[Send]:
        """Publish to the same exchange as ours."""
        with here.sender() as sender:
            yield lambda events: here.publish([outgoing(event) for event in events], sender)

    def start(self, here: Ground) -> Process:
        """Start the service."""
        return here.start_stock("Learning")


class Peer(Handler):
    """A package with a command line of its own, fed by its own client; it runs in the environment of the peers."""

    def __init__(self, name: str, guarantee: str, queue: str, module: str, command: Sequence[str]) -> None:
        self.name, self.guarantee, self.queue = name, guarantee, queue
        self._module = f"benchmarks.peers.{module}"
        program, *words = command
        self._command = [str(THEIRS / program), *(word.format(module=self._module) for word in words)]

    @contextlib.contextmanager
    def sending(self, here: Ground) -> Iterator[Send]:
        """Hand the events to a client of the package, one a line."""
        client = subprocess.Popen(
            [str(THEIRS / "python"), "-m", self._module],
            cwd=ROOT, env=here.surroundings, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert client.stdin is not None
        lines = client.stdin

        def send(events: Sequence[CloudEvent]) -> None:
            lines.write("".join(f"{encode(event).decode()}\n" for event in events))
            lines.flush()

        try:
            yield send
            _, errors = client.communicate(timeout=PATIENCE)
            assert client.returncode == 0, f"the queue was not filled: {errors[-2000:]}"
        finally:
            client.kill()
            client.wait()

    def start(self, here: Ground) -> Process:
        """Start it as its documentation says."""
        return here.launch(self.name, self._command)


LINLI = Linli()
NAMEKO = Nameko()
FASTSTREAM = Peer(
    "FastStream, prefetch 100",
    "at least once, again at once and for ever; duplicates visible",
    "completions",
    "on_faststream",
    ["faststream", "run", "{module}:app"],
)
CELERY = Peer(
    "Celery, 2 processes, late ack",
    "at least once, 3 retries, then lost; duplicates visible",
    "celery",
    "on_celery",
    ["celery", "--app", "{module}", "worker", "--concurrency", "2", "--loglevel", "WARNING"],
)
DRAMATIQ = Peer(
    "dramatiq, 16 threads",
    "at least once, 20 retries, then dead for a week; duplicates visible",
    "default",
    "on_dramatiq",
    ["dramatiq", "{module}", "--processes", "1", "--threads", "16"],
)
OTHERS: tuple[Handler, ...] = (NAMEKO, FASTSTREAM, CELERY, DRAMATIQ)
