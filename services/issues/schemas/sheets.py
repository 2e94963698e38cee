"""Tables of categories as texts and spreadsheets: a row each, lists as lines of a cell, questions as JSON in one."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from services.issues.schemas.categories import COLUMNS, MOST_ROWS
from shared.errors import Refusal
from shared.spreadsheets import writable

LINES = ("keywords", "closing_condition_zh")
FLAGS = ("sensitive", "proof_required", "safety")
UNPACKED = 20_000_000  # bytes of a spreadsheet, which is a zip file and could hold anything
LAST_ROW = 2**20  # of a spreadsheet, which a row may name without those before it being there
MOST_COLUMNS = len(COLUMNS) + 1  # that are looked at; of so many one is not ours
Row = dict[str, Any]


class SheetNotReadable(Refusal):
    """The text or file is no table; nothing was imported."""


def to_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV (RFC 4180), with the names of the columns first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for row in rows)
    return text.getvalue()


def to_xlsx(rows: Iterable[Row]) -> str:
    """Write rows as a spreadsheet in base64, with the names of the columns first."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("categories")
    sheet.freeze_panes = "B2"
    for cells in (COLUMNS, *(_cells(row) for row in rows)):
        sheet.append([_as_text(WriteOnlyCell(sheet, value=writable(cell))) for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return base64.b64encode(file.getvalue()).decode()


def _as_text(cell: Any) -> Any:
    """Let a spreadsheet show what is written, whatever it begins with."""
    cell.data_type = "s"
    return cell


def from_csv(text: str) -> dict[int, Row]:
    """Read rows by their number in the text, where the names of the columns are row 1; raises SheetNotReadable."""
    try:
        return _rows(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise SheetNotReadable(f"not CSV: {error}") from None


def from_xlsx(text: str) -> dict[int, Row]:
    """Read rows of the first sheet by their number in it; raises SheetNotReadable."""
    try:
        sheet = _first_sheet(io.BytesIO(base64.b64decode(text, validate=True)))
        return _rows(["" if cell is None else str(cell) for cell in row] for row in sheet)
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001 -- hostile bytes lead to any error of openpyxl; all mean the same
        raise SheetNotReadable("not a spreadsheet (xlsx) in base64", reason=type(error).__name__) from None


def _first_sheet(file: io.BytesIO) -> Iterator[Sequence[Any]]:
    with zipfile.ZipFile(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED:
            raise SheetNotReadable(f"the spreadsheet is larger than {UNPACKED} bytes")
    book = load_workbook(file, read_only=True, data_only=True)
    rows: Iterator[Sequence[Any]] = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return rows


def _rows(sheet: Iterable[Sequence[str]]) -> dict[int, Row]:
    """Read row after row: a few bytes of a spreadsheet can stand for more rows than there is memory for."""
    numbered = enumerate(sheet, start=1)
    _, names = next(numbered, (0, None))
    if names is None:
        raise SheetNotReadable(f"the table is empty; its first row names the columns: {', '.join(COLUMNS)}")
    header = _header(names)
    rows: dict[int, Row] = {}
    for number, cells in numbered:
        if any(cells):
            rows[number] = _row(dict(zip(header, cells, strict=False)))
        if len(rows) > MOST_ROWS or number > LAST_ROW:
            raise SheetNotReadable(f"a table has at most {MOST_ROWS} rows, and ends before row {LAST_ROW}", row=number)
    return rows


def _header(names: Sequence[str]) -> list[str]:
    header = [name.strip() for name in names]
    while header and not header[-1]:
        header.pop()
    if sorted(header) != sorted(set(header)) or not set(header) <= set(COLUMNS):
        raise SheetNotReadable(f"row 1 names each column once, out of {', '.join(COLUMNS)}", row=1, found=header)
    return header


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [_cell(column, row[column]) for column in COLUMNS]


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column in LINES:
        return "\n".join(value)
    if column == "questions":
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value).lower() if column in FLAGS else str(value)


def _row(cells: Mapping[str, str]) -> Row:
    return dict(_value(column, cell.strip()) for column, cell in cells.items() if cell.strip())


def _value(column: str, cell: str) -> tuple[str, Any]:
    """Return what a cell says; what it cannot say stays a text, which the check of the row refuses by name."""
    if column in LINES:
        return column, list(_lines(cell))
    if column in FLAGS:
        return column, {"true": True, "false": False}.get(cell.lower(), cell)
    return column, _json(cell) if column == "questions" else cell


def _json(cell: str) -> Any:
    try:
        value = json.loads(cell)
        json.dumps(value, ensure_ascii=False).encode()  # half a character pair has no bytes
    except (ValueError, RecursionError):
        return cell
    return value


def _lines(cell: str) -> Iterator[str]:
    return (line.strip() for line in cell.splitlines() if line.strip())
