"""Tables as files for people's own programs: xlsx, and csv as Excel reads it."""

import base64
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from shared.clock import COMMUNITY_TIME

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula; OWASP, CSV injection
LONGEST_TITLE = 31  # characters of a sheet's name in xlsx
MOMENT = "yyyy-mm-dd hh:mm"


class Format(StrEnum):
    """What a table may be written as."""

    XLSX = "xlsx"
    CSV = "csv"


CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """Headings and rows; cells are texts, numbers, flags, dates, moments or None."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to be saved; the content is base64."""

    filename: str
    content_type: str
    content: str


def write(table: Table, form: Format, name: str) -> File:
    """Write the table as a file of that name, without its ending."""
    content = _xlsx(table) if form is Format.XLSX else _csv(table)
    return File(
        filename=f"{name}.{form}", content_type=CONTENT_TYPES[form], content=base64.b64encode(content).decode("ascii")
    )


def _csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_plain(cell) for cell in row] for row in (table.headings, *table.rows))
    return out.getvalue().encode("utf-8-sig")  # Excel takes a file without the mark for one in the local code page


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return _local(cell).isoformat(" ", "minutes")
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _xlsx(table: Table) -> bytes:
    """Write row by row: the workbook is never whole in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for row in (table.headings, *table.rows):
        sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, _local(value))
        cell.number_format = MOMENT
        return cell
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, writable(value))
        cell.data_type = "s"  # a text that looks like a formula stays a text
        return cell
    return value


def writable(text: str) -> str:
    """Replace the control characters that no spreadsheet can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)


def _local(moment: datetime) -> datetime:
    """Spreadsheets know no time zones: a moment is what the clock on the wall shows."""
    return moment.astimezone(COMMUNITY_TIME).replace(tzinfo=None)
