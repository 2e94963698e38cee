"""Background jobs of a service: woken by commits and the clock, and let end with their present batch."""

from collections.abc import Callable

from eventlet.event import Event as Signal

from shared import clock, logs
from shared.errors import LinliError
from shared.store import Store

log = logs.get(__name__)


class Jobs:
    """Runs jobs `(store, now) -> found` in a loop each, until stopped."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopping = False
        self._signal = Signal()

    def wake(self) -> None:
        """Tell the jobs that something was committed."""
        if not self._signal.ready():
            self._signal.send()

    def stop(self) -> None:
        """End each job after its present batch."""
        self._stopping = True
        self.wake()

    def run(self, job: Callable[..., int]) -> None:
        """Run the job at once while it finds work; what is committed while it runs wakes it again."""
        while not self._stopping:
            signal = self._unsent_signal()
            try:
                found = job(self._store, clock.now())
            except LinliError as error:
                log.warning("background job has to wait", job=job.__module__, error=str(error))
                signal, found = Signal(), 0
            if not found and not self._stopping:
                signal.wait(timeout=self._store.settings.tick_seconds)

    def _unsent_signal(self) -> Signal:
        """Return a signal that was not sent yet; taken before the work begins, so that no commit is missed."""
        if self._signal.ready():
            self._signal = Signal()
        return self._signal
