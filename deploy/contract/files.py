"""The files of the contract, and how they differ from those in the repository."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.contract import asyncapi, lifecycle, page, picture
from deploy.contract.catalogue import Catalogue
from deploy.contract.schemas import VERSION, data_schema

ROOT = Path(__file__).resolve().parents[2]
DOCS = "docs/contract"
LIFECYCLE = "docs/lifecycle"
MANIFEST = "deploy/topology.json"  # read at run time by shared.broker.topology


@dataclass(frozen=True, kw_only=True)
class Change:
    """One file that is not as the code says; empty text stands for no file."""

    path: str
    before: str
    after: str

    @property
    def verb(self) -> str:
        """What writing it does."""
        return "removed" if not self.after else "changed" if self.before else "added"

    def write(self) -> None:
        """Make the file as the code says."""
        file = ROOT / self.path
        if self.after:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.after, encoding="utf-8")
        else:
            file.unlink()


def contract(catalogue: Catalogue) -> dict[str, str]:
    """Return every generated file by its path from the root."""
    schemas = {f"{DOCS}/schemas/{fact.type}/{VERSION}.json": data_schema(fact.event) for fact in catalogue.facts}
    return {
        MANIFEST: catalogue.manifest.write(),
        f"{DOCS}/README.md": page.text(catalogue),
        f"{LIFECYCLE}.md": lifecycle.text(),
        f"{LIFECYCLE}.svg": picture.draw(),
        f"{DOCS}/asyncapi.json": _json(asyncapi.document(catalogue, _example)),
        **{path: _json(schema) for path, schema in schemas.items()},
    }


def example_path(publisher: str, kind: str) -> Path:
    """Return where a publisher keeps its example of an event."""
    own = ROOT / "services" / publisher / "examples" / f"{kind}.json"
    outside = (ROOT / "services").glob(f"*/outside/{kind}.json")
    return own if own.exists() else next(outside, ROOT / "shared" / "examples" / f"{kind}.json")


def changes(wanted: dict[str, str]) -> list[Change]:
    """Compare with the repository, in which a file that nothing generates any more is left over."""
    kept = {file.relative_to(ROOT).as_posix() for file in (ROOT / DOCS).rglob("*") if file.is_file()}
    found = [Change(path=path, before=_read(path), after=wanted.get(path, "")) for path in sorted({*wanted, *kept})]
    return [change for change in found if change.before != change.after]


def _read(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _example(publisher: str, kind: str) -> Any:
    """Return the publisher's example of an event."""
    return json.loads(example_path(publisher, kind).read_text(encoding="utf-8"))


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
