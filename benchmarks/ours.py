"""A service on the line whose question does nothing, to see what the line itself costs."""

from dataclasses import dataclass

from shared.entrypoints import Service, query
from shared.schemas import ShortText
from shared.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Ask for one's own words."""

    word: ShortText


class EchoService(Service):
    """Answers, and does nothing else."""

    name = "echo"

    @query(Ask)
    def ask(self, tx: Transaction, request: Ask) -> dict[str, str]:  # noqa: ARG002 -- it reads nothing
        """Say it back."""
        return {"word": request.word}
