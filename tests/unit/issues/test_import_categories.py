import base64
import csv
import dataclasses
import io
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from services.issues import domain, schemas
from services.issues.schemas import sheets, tables
from services.issues.schemas.categories import COLUMNS, MOST_ROWS, row_of
from shared.errors import Forbidden, InvalidInput
from shared.schemas import load
from tests.support.categories import CATEGORIES

ROW = {
    "code": "street_light",
    "label_zh": "路灯",
    "label_en": "Street light",
    "group_zh": "公共设施",
    "description_zh": "路灯不亮",
    "route": "volunteers",
    "deadline_class": "general",
}
LIST = {"code": "what", "label_zh": "什么？", "label_en": "What?", "datatype": "singlevaluelist"}
YES = {"key": "yes", "name_zh": "是", "name_en": "Yes"}


def categories_of(**fields):
    return schemas.categories_of(load(schemas.ImportCategories, fields))


def problems(**fields):
    with pytest.raises(tables.TableNotValid) as refused:
        categories_of(**fields)
    return [(one["row"], one["column"], one["problem"]) for one in refused.value.details["problems"]]


def plan(rows, retire=(), latest=CATEGORIES):
    return domain.plan_import(latest, rows, retire)


# -- what a table means


def test_a_new_row_is_the_first_version_of_its_category():
    [category] = categories_of(table=[ROW])

    found = plan([category])

    assert (found.added, found.changed, found.unchanged, found.retired) == (("street_light",), (), (), ())
    [version] = found.versions
    assert (version.category_id, version.version, version.active) == ("street_light@1", 1, True)


def test_a_row_that_says_something_new_is_the_next_version():
    changed = dataclasses.replace(CATEGORIES["parking"], label_zh="停车", version=0, category_id="", revision=7)

    found = plan([changed, CATEGORIES["bike_shed"]])

    assert (found.changed, found.unchanged) == (("parking",), ("bike_shed",))
    [version] = found.versions
    assert (version.category_id, version.label_zh, version.revision) == ("parking@2", "停车", 0)


def test_a_missing_row_stays_unless_it_is_retired():
    assert plan([CATEGORIES["parking"]]).versions == ()

    found = plan([], retire=["parking"])

    assert found.retired == ("parking",)
    assert [(one.category_id, one.active, one.label_zh) for one in found.versions] == [("parking@2", False, "停车管理")]


def test_retiring_again_changes_nothing_and_a_retired_row_may_come_back():
    retired = {"parking": dataclasses.replace(CATEGORIES["parking"], active=False).as_version(2)}

    assert plan([], retire=["parking"], latest=retired).versions == ()
    back = plan([CATEGORIES["parking"]], latest=retired)
    assert back.changed == ("parking",)
    assert [(one.version, one.active) for one in back.versions] == [(3, True)]


def test_what_does_not_exist_cannot_be_retired():
    with pytest.raises(domain.CategoryUnknown) as refused:
        plan([], retire=["parking", "unicorns"])

    assert refused.value.details["categories"] == ["unicorns"]
    assert "bike_shed" in refused.value.details["valid"]


def test_a_category_is_either_in_the_table_or_retired():
    with pytest.raises(domain.RetiredAndImported):
        plan([CATEGORIES["parking"]], retire=["parking"])


def test_only_an_administrator_imports(resident, administrator):
    with pytest.raises(Forbidden):
        domain.authorise(resident, "import_categories")
    domain.authorise(administrator, "import_categories")


# -- which version is in force


def test_the_version_in_force_is_the_newest():
    newest = domain.newest([CATEGORIES["parking"].as_version(number) for number in (1, 10, 2)])

    assert newest["parking"].version == 10
    assert domain.choose(newest["parking"], "parking", None, list).version == 10
    assert domain.choose(newest["parking"], "parking", 10, list).version == 10


@pytest.mark.parametrize(("version", "why"), [(1, "has been replaced"), (3, "does not exist")])
def test_another_version_is_refused_with_the_one_in_force(version, why):
    with pytest.raises(domain.VersionNotInForce, match=why) as refused:
        domain.choose(CATEGORIES["parking"].as_version(2), "parking", version, list)

    assert refused.value.details == {"category": "parking", "category_version": version, "valid": 2}


def test_a_retired_or_unknown_category_is_refused_with_those_in_use():
    retired_parking = dataclasses.replace(CATEGORIES["parking"], active=False).as_version(2)
    latest = domain.newest([*CATEGORIES.values(), retired_parking])

    def codes():
        return domain.codes_in_force(latest)

    with pytest.raises(domain.CategoryRetired) as retired:
        domain.choose(latest["parking"], "parking", 2, codes)
    with pytest.raises(domain.CategoryUnknown) as unknown:
        domain.choose(None, "unicorns", None, codes)
    assert retired.value.details["valid"] == unknown.value.details["valid"] == sorted(set(CATEGORIES) - {"parking"})


# -- round trips


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_what_was_exported_changes_nothing_when_it_is_imported(form):
    exported = schemas.table_of(CATEGORIES.values(), form)

    found = plan(categories_of(**exported))

    assert found.versions == ()
    assert set(found.unchanged) == set(CATEGORIES)


def test_a_spreadsheet_shows_texts_only():
    exported = schemas.table_of([CATEGORIES["parking"]], "xlsx")["xlsx"]

    sheet = load_workbook(io.BytesIO(base64.b64decode(exported))).worksheets[0]

    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    assert sheet["A2"].value == "parking"


def test_a_table_may_pass_through_a_spreadsheet_program():
    """Which writes a mark first, flags in capitals, rows of empty cells, and leaves columns out."""
    text = io.StringIO()
    names = [*ROW, "sensitive", "keywords"]
    csv.writer(text).writerows([names, [*ROW.values(), "TRUE", "灯\r\n 路灯 \n"], [""] * len(names)])

    [category] = categories_of(csv="\ufeff" + text.getvalue())

    assert (category.sensitive, category.keywords, category.policy) == (True, ("灯", "路灯"), "none")


def test_flags_may_be_real_ones_in_a_spreadsheet():
    book = Workbook()
    book.active.append([*ROW, "proof_required"])
    book.active.append([*ROW.values(), True])
    file = io.BytesIO()
    book.save(file)

    [category] = categories_of(xlsx=base64.b64encode(file.getvalue()).decode())

    assert category.proof_required


# -- what is wrong, and where


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [
        ({"code": "Street-Light"}, "code", "Allowed are a-z, 0-9 and _, with a letter first."),
        ({"label_zh": ""}, "label_zh", "Length must be between 1 and 200."),
        ({"label_zh": "=1+1"}, "label_zh", "Must not begin with = + - or @, which a spreadsheet would compute."),
        ({"label_zh": "两\n行"}, "label_zh", "Must be one line, without blanks around it."),
        ({"route": "teleport"}, "route", "Must be one of: deliberation, volunteers."),
        ({"deadline_class": "soon"}, "deadline_class", "Must be one of: urgent, utility, general, complex."),
        (
            {"may_deliberate": "all"},
            "may_deliberate",
            "Must be one of: council_simple, owners_ordinary, owners_special.",
        ),
        ({"sensitive": "yes"}, "sensitive", "Not a valid boolean."),
        ({"keywords": ["灯", ""]}, "keywords.1", "Length must be between 1 and 200."),
        ({"policy": "required"}, "qualification", "is needed where policy is required"),
        ({"version": 3}, "version", "Unknown field; allowed are"),
        ({"questions": [{**LIST, "datatype": "colour"}]}, "questions.0.datatype", "Must be one of: string, number"),
        ({"questions": [LIST]}, "questions.0.values", "a singlevaluelist has values"),
        ({"questions": [{**LIST, "datatype": "text", "values": [YES]}]}, "questions.0.values", "a text has none"),
        ({"questions": [{**LIST, "values": [YES, YES]}]}, "questions.0.values", "each answer once; repeated: yes"),
        ({"questions": [{**LIST, "values": [YES]}] * 2}, "questions", "each code once; repeated: what"),
        (
            {
                "questions": [
                    {**LIST, "values": [YES], "stops": [{"answer": "no", "advice_zh": "停", "advice_en": "x"}]}
                ]
            },
            "questions.0.stops.0.answer",
            "is none of the values yes",
        ),
        (
            {"questions": [{**LIST, "values": [YES], "stops": [{"answer": "yes", "advice_zh": "停"}]}]},
            "questions.0.stops.0.advice_en",
            "Missing data for required field.",
        ),
    ],
)
def test_a_problem_is_told_with_its_row_and_column(change, column, why):
    [(row, named, told)] = problems(table=[row_of(CATEGORIES["parking"]), {**ROW, **change}])

    assert (row, named) == (2, column)
    assert told.startswith(why)


def test_every_problem_of_every_row_is_told_at_once():
    broken = {**ROW, "route": "teleport", "label_en": 3}

    assert [(row, column) for row, column, _ in problems(table=[broken, {}, row_of(CATEGORIES["parking"])])] == [
        (1, "label_en"),
        (1, "route"),
        *((2, column) for column in ("code", "label_zh", "label_en", "group_zh", "description_zh")),
        (2, "route"),
        (2, "deadline_class"),
    ]


def test_a_code_twice_is_told_for_both_rows():
    assert problems(table=[ROW, ROW]) == [(1, "code", "each code once"), (2, "code", "each code once")]


def test_rows_of_a_text_are_numbered_as_a_spreadsheet_shows_them():
    text = sheets.to_csv([row_of(CATEGORIES["parking"]), {**row_of(CATEGORIES["other"]), "route": "teleport"}])

    assert [(row, column) for row, column, _ in problems(csv=text)] == [(3, "route")]


@pytest.mark.parametrize("cell", ["[{,", '[{"code": "half \\ud83d"}]', "[" * 100_000])
def test_questions_that_are_no_json_are_told_as_such(cell):
    text = sheets.to_csv([{**row_of(CATEGORIES["parking"]), "questions": []}])
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][COLUMNS.index("questions")] = cell
    again = io.StringIO()
    csv.writer(again).writerows(rows)

    assert [(row, column) for row, column, _ in problems(csv=again.getvalue())] == [(2, "questions")]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"csv": 'code,label_zh\n"open'}, "not CSV"),
        ({"csv": "code,colour\n1,2"}, "row 1 names each column once"),
        ({"csv": "code,code\n1,2"}, "row 1 names each column once"),
        ({"csv": "\ufeff"}, "the table is empty"),
        ({"xlsx": "not base64!"}, "not a spreadsheet"),
        ({"xlsx": base64.b64encode(b"PK no zip").decode()}, "not a spreadsheet"),
    ],
)
def test_what_is_no_table_is_refused(fields, why):
    with pytest.raises(sheets.SheetNotReadable, match=why):
        categories_of(**fields)


def test_a_zip_file_that_is_no_spreadsheet_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("hello.txt", "hello")

    with pytest.raises(sheets.SheetNotReadable, match="not a spreadsheet"):
        categories_of(xlsx=base64.b64encode(file.getvalue()).decode())


def test_a_spreadsheet_that_unpacks_to_something_huge_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"0" * (sheets.UNPACKED + 1))

    with pytest.raises(sheets.SheetNotReadable, match="larger than"):
        categories_of(xlsx=base64.b64encode(file.getvalue()).decode())


def spreadsheet_with(sheet: str) -> str:
    """Write a spreadsheet whose first sheet is this XML."""
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(sheets.to_xlsx([])))) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    content["xl/worksheets/sheet1.xml"] = sheet.encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, part in content.items():
            parts.writestr(name, part)
    return base64.b64encode(file.getvalue()).decode()


WORKSHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'


def test_a_spreadsheet_of_few_bytes_that_says_to_be_as_large_as_any_is_read_in_little_memory():
    far = '<row r="2000"><c r="A2000" t="inlineStr"><is><t>BIKE</t></is></c></row>'
    size = '<dimension ref="A1:XFD1048576"/>'
    sheet = spreadsheet_with(f"{WORKSHEET}{size}<sheetData>{HEADER}{far}</sheetData></worksheet>")
    tracemalloc.start()
    try:
        found = sheets.from_xlsx(sheet)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found == {2000: {"code": "BIKE"}}
    assert most < 50_000_000  # 2000 x 16384 cells take 262 MB


@pytest.mark.parametrize(
    "rows", ["<row", '<row r="99999999999999"><c r="A1"><v>1</v></c></row>', '<row r="one"/>', '<c r="A1"><v>1</v>']
)
def test_a_spreadsheet_that_is_broken_inside_is_refused(rows):
    with pytest.raises(sheets.SheetNotReadable):
        categories_of(xlsx=spreadsheet_with(f"{WORKSHEET}<sheetData>{HEADER}{rows}</sheetData></worksheet>"))


def test_a_text_of_more_rows_than_a_table_has_is_refused_before_they_are_looked_at():
    assert len(sheets.from_csv("code\n" + "a\n" * MOST_ROWS)) == MOST_ROWS
    with pytest.raises(sheets.SheetNotReadable, match="at most 500 rows"):
        categories_of(csv="code\n" + "a\n" * (MOST_ROWS + 1))


def test_a_label_with_a_control_character_does_not_spoil_the_spreadsheet():
    [found] = sheets.from_xlsx(sheets.to_xlsx([{**row_of(CATEGORIES["parking"]), "label_zh": "停\x07车"}])).values()

    assert found["label_zh"] == "停\ufffd车"


@pytest.mark.parametrize("fields", [{}, {"table": [], "csv": "code"}])
def test_one_table_is_taken_at_a_time(fields):
    with pytest.raises(tables.NotOneTable):
        categories_of(**fields)


def test_a_table_of_anything_else_than_rows_is_refused():
    with pytest.raises(InvalidInput):
        load(schemas.ImportCategories, {"table": ["street_light"]})
