"""Messages that killed their consumer again and again end here and are parked for a person."""

from typing import Any

import eventlet

from shared import logs
from shared.broker.topology import dead_queue, handler_of
from shared.entrypoints.arriving import died
from shared.errors import LinliError
from shared.mongo import translated
from shared.parking import park

log = logs.get(__name__)


class DeadLetters:
    """Moves dead-lettered messages into the parked list."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._tap = runtime.tap(dead_queue(runtime.container.service_name).name, 10)

    def run(self) -> None:
        """Park what arrives until the process drains."""
        while not self._runtime.consumption.draining:
            self._tap.wait(1.0)
            for message in self._tap.take(1):
                self._park(message)

    def _park(self, message: Any) -> None:
        try:
            queue, delivery = died(message)
            with translated():
                park(self._runtime.store, handler_of(queue), queue, [delivery])
        except LinliError as error:
            log.warning("cannot park yet", error=str(error))
            self._tap.give_back([message])
            eventlet.sleep(1)
        else:
            self._tap.acknowledge([message])
