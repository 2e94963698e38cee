"""How the database answered: stages, keys and documents of an executed plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an explained question cost."""

    stages: frozenset[str]
    keys: int
    documents: int
    returned: int


def of_pipeline(database: Any, collection: str, pipeline: list[dict[str, Any]], hint: dict[str, int]) -> Plan:
    return _explained(database, {"aggregate": collection, "pipeline": pipeline, "cursor": {}, "hint": hint})


def of_query(database: Any, collection: str, where: Mapping[str, Any], sort: list[tuple[str, int]], limit: int) -> Plan:
    return _explained(database, {"find": collection, "filter": where, "sort": dict(sort), "limit": limit})


def _explained(database: Any, command: Mapping[str, Any]) -> Plan:
    answer = database.command("explain", command, verbosity="executionStats")
    parts = list(_parts(answer))
    ran = next(part["executionStats"] for part in parts if "executionStats" in part)
    winning = next(part["winningPlan"] for part in parts if "winningPlan" in part)
    return Plan(
        stages=frozenset(part["stage"] for part in _parts(winning) if "stage" in part),
        keys=ran["totalKeysExamined"],
        documents=ran["totalDocsExamined"],
        returned=ran["nReturned"],
    )


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _parts(one)
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)
