import base64
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from shared.spreadsheets import Format, Table, write

FORMULAS = ["=1+1", "+49", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


def table(*rows):
    return Table(title="事项统计", headings=["编号", "件数", "截止时间"], rows=rows)


def content(file):
    return base64.b64decode(file.content)


def sheet_of(file):
    return load_workbook(io.BytesIO(content(file))).active


def test_a_csv_begins_with_the_mark_that_excel_needs_and_reads_as_utf_8():
    file = write(table(["IS-0101", 3, None]), Format.CSV, "issue_report_2025-03-01")

    assert content(file) == "\ufeff编号,件数,截止时间\r\nIS-0101,3,\r\n".encode()
    assert (file.filename, file.content_type) == ("issue_report_2025-03-01.csv", "text/csv; charset=utf-8")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_none(text):
    csv = content(write(table([text, -3, None]), Format.CSV, "x")).decode("utf-8-sig")
    cell = sheet_of(write(table([text, -3, None]), Format.XLSX, "x")).cell(2, 1)

    assert f"'{text}" in csv
    assert ",-3," in csv  # a number is no text
    assert cell.data_type == "s"


def test_dates_are_dates_and_moments_show_the_time_on_the_wall():
    file = write(table(["IS-0101", date(2025, 3, 3), datetime(2025, 3, 3, 1, 0, tzinfo=UTC)]), Format.XLSX, "x")

    cells = sheet_of(file)[2]

    assert [str(cell.value) for cell in cells] == ["IS-0101", "2025-03-03 00:00:00", "2025-03-03 09:00:00"]
    assert all(cell.is_date for cell in cells[1:])


def test_a_workbook_has_its_title_and_keeps_its_headings_in_sight():
    sheet = sheet_of(write(table(), Format.XLSX, "x"))

    assert (sheet.title, sheet.freeze_panes) == ("事项统计", "A2")
    assert [cell.value for cell in sheet[1]] == ["编号", "件数", "截止时间"]


def test_a_character_that_no_spreadsheet_can_hold_is_replaced():
    assert (
        sheet_of(write(table(["9栋\x07门口\0", 1, None]), Format.XLSX, "x")).cell(2, 1).value == "9栋\ufffd门口\ufffd"
    )
