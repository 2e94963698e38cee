"""What the contract tests are about: the catalogue read from the code, and the examples on disk."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from deploy.contract.catalogue import Fact, read_catalogue

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = read_catalogue()
FACTS = {fact.type: fact for fact in CATALOGUE.facts}


@dataclass(frozen=True, kw_only=True)
class Example:
    """One example file."""

    file: Path

    def __str__(self) -> str:
        return self.file.relative_to(ROOT).as_posix()

    @property
    def type(self) -> str:
        """The type its file name says."""
        return self.file.name.removesuffix(".json")

    @property
    def owner(self) -> str:
        """The service whose example it is, or `shared`."""
        return self.file.parents[1].name

    @property
    def sources(self) -> tuple[str, ...]:
        """Who announces it: the owner, everybody, or others outside."""
        return FACTS[self.type].publishers if self.owner == "shared" or self.outside else (self.owner,)

    @property
    def outside(self) -> bool:
        """Whether it comes from others, and its owner only takes it."""
        return self.file.parent.name == "outside"

    @property
    def fact(self) -> Fact:
        """What the code knows of the type."""
        return FACTS[self.type]

    @property
    def body(self) -> bytes:
        """The event as it is in the file."""
        return self.file.read_bytes()

    @cached_property
    def event(self) -> dict[str, Any]:
        """The event with its envelope."""
        return dict(json.loads(self.body))


EXAMPLES = [
    Example(file=file)
    for pattern in ("services/*/examples/*", "services/*/outside/*.json", "shared/examples/*")
    for file in sorted(ROOT.glob(pattern))
]
