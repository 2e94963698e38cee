"""A table of categories that comes in, checked as a whole: every problem by row and column, or no problem at all."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from services.issues import domain
from services.issues.schemas import sheets
from services.issues.schemas.categories import CategoryRow, ImportCategories, row_of
from shared.errors import InvalidInput, Refusal
from shared.schemas import load

DEFAULTS = Path(__file__).parent.parent / "data" / "categories.json"
MOST_PROBLEMS = 100  # told at once
Problem = dict[str, Any]


class TableNotValid(Refusal):
    """Rows are not valid; the details name row and column of each problem. Nothing was imported."""


class NotOneTable(Refusal):
    """None of table, csv and xlsx came, or several."""


def categories_of(request: ImportCategories) -> tuple[domain.Category, ...]:
    """Read the categories of whatever came; raises NotOneTable, SheetNotReadable, TableNotValid, in that order."""
    given = [name for name in ("table", "csv", "xlsx") if getattr(request, name) is not None]
    if len(given) > 1 or not (given or request.retire):
        raise NotOneTable("one of table, csv and xlsx is taken at a time", given=given)
    return categories_in(_rows(request))


def categories_in(rows: Mapping[int, Any]) -> tuple[domain.Category, ...]:
    """Read the categories of a table, rows by number; raises TableNotValid."""
    categories: list[domain.Category] = []
    problems: list[Problem] = list(_repeated(rows))
    for number, row in rows.items():
        try:
            category = load(CategoryRow, row).category
        except InvalidInput as invalid:
            problems += [_problem(number, row, *found) for found in _flat(invalid.details["fields"])]
        else:
            problems += [_problem(number, row, *found) for found in category.faults()]
            categories.append(category)
    if problems:
        where = len({problem["row"] for problem in problems})
        raise TableNotValid(
            f"{len(problems)} problems in {where} rows; nothing was imported", problems=problems[:MOST_PROBLEMS]
        )
    return tuple(categories)


def table_of(categories: Iterable[domain.Category], form: str) -> dict[str, Any]:
    """Show categories as `import_categories` takes them: under table, csv or xlsx."""
    rows = [row_of(category) for category in categories]
    if form == "csv":
        return {"csv": sheets.to_csv(rows)}
    return {"xlsx": sheets.to_xlsx(rows)} if form == "xlsx" else {"table": rows}


def default_categories() -> tuple[domain.Category, ...]:
    """Read the categories that come along with the program."""
    return categories_in(dict(enumerate(json.loads(DEFAULTS.read_text(encoding="utf-8")), start=1)))


def _rows(request: ImportCategories) -> Mapping[int, Any]:
    """Return rows by the number that whoever made the table sees; of a list, from 1."""
    if request.csv is not None:
        return sheets.from_csv(request.csv)
    if request.xlsx is not None:
        return sheets.from_xlsx(request.xlsx)
    return dict(enumerate(request.table or (), start=1))


def _repeated(rows: Mapping[int, Any]) -> Iterator[Problem]:
    times = Counter(str(row.get("code")) for row in rows.values())
    for number, row in rows.items():
        if times[str(row.get("code"))] > 1:
            yield _problem(number, row, "code", "each code once")


def _problem(number: int, row: Mapping[str, Any], column: str, why: str) -> Problem:
    return {"row": number, "code": row.get("code"), "column": column, "problem": why}


def _flat(problems: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Turn marshmallow's tree of messages into columns such as questions.0.datatype."""
    if isinstance(problems, dict):
        for name, inner in problems.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    else:
        yield path, " ".join(str(message) for message in problems)
