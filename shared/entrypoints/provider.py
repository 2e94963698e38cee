"""The line as a dependency: services reach database, clock and relay through `self.line`."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.entrypoints.dead import DeadLetters
from shared.entrypoints.runtime import Runtime


class Line(DependencyProvider):
    """Hands the process's runtime to the service; raises in none of nameko's hooks, which would end the process."""

    runtime = Runtime()

    def setup(self) -> None:
        """Register the parts that every service has."""
        self.runtime.setup()
        service = self.container.service_cls()
        for name in dir(service):
            method = getattr(service, name)
            kind = getattr(method, "due_kind", None)
            if kind is not None:
                self.runtime.ticker.rules[kind] = method
        self._dead = DeadLetters(self.runtime)

    def start(self) -> None:
        """Park what dies."""
        self.container.spawn_managed_thread(self._dead.run)

    def get_dependency(self, worker_ctx: Any) -> Runtime:  # noqa: ARG002 -- nameko's signature
        """Return the runtime."""
        return self.runtime
