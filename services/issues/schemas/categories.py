"""Commands and questions on the categories."""

from dataclasses import dataclass, fields
from typing import Annotated, Any

from marshmallow import ValidationError, validate

from services.issues import domain
from services.issues.domain.questions import Datatype, Question, Stop, Value
from shared.schemas import Command, Page, dump

MOST_ROWS = 500
LARGEST_SHEET = 1_000_000  # characters of a CSV text or of a spreadsheet in base64
MOST_IN_A_LIST = 50

CODE = r"^[a-z][a-z0-9_]*(?!\n)$"
Code = Annotated[
    str,
    validate.Length(1, 40),
    validate.Regexp(CODE, error="Allowed are a-z, 0-9 and _, with a letter first."),
]
CategoryCode = Annotated[
    str, validate.Length(1, 40), validate.Regexp(CODE, error="Must be a code that list_categories answers.")
]


def _plain(text: str) -> None:
    """Refuse what a spreadsheet would compute, or what would fall apart in a cell of several lines."""
    if text.startswith(("=", "+", "-", "@")):
        raise ValidationError("Must not begin with = + - or @, which a spreadsheet would compute.")
    if text != text.strip() or len(text.splitlines()) != 1:
        raise ValidationError("Must be one line, without blanks around it.")


Line = Annotated[str, validate.Length(1, 200), _plain]
Lines = Annotated[tuple[Line, ...], validate.Length(max=MOST_IN_A_LIST)]
LongLine = Annotated[str, validate.Length(1, 1000), _plain]


@dataclass(frozen=True, kw_only=True)
class ValueRow:
    """One of the answers that a question offers."""

    key: Code
    name_zh: Line
    name_en: Line


@dataclass(frozen=True, kw_only=True)
class StopRow:
    """An answer that ends the form, with what to do instead."""

    answer: Code
    advice_zh: LongLine
    advice_en: LongLine


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """One line of the form."""

    code: Code
    label_zh: Line
    label_en: Line
    datatype: Datatype
    required: bool = False
    values: Annotated[tuple[ValueRow, ...], validate.Length(max=MOST_IN_A_LIST)] = ()
    stops: Annotated[tuple[StopRow, ...], validate.Length(max=MOST_IN_A_LIST)] = ()

    @property
    def question(self) -> Question:
        """The same, as rules take it."""
        return Question(
            code=self.code,
            label_zh=self.label_zh,
            label_en=self.label_en,
            datatype=self.datatype,
            required=self.required,
            values=tuple(Value(**vars(one)) for one in self.values),
            stops=tuple(Stop(**vars(one)) for one in self.stops),
        )


@dataclass(frozen=True, kw_only=True)
class CategoryRow:
    """A category as a table has it, without the number of its version."""

    code: Code
    label_zh: Line
    label_en: Line
    group_zh: Line
    description_zh: LongLine
    keywords: Lines = ()
    route: domain.Route
    policy: domain.QualificationPolicy = domain.QualificationPolicy.NONE
    qualification: Code | None = None
    sensitive: bool = False
    deadline_class: domain.DeadlineClass
    questions: Annotated[tuple[QuestionRow, ...], validate.Length(max=MOST_IN_A_LIST)] = ()
    filing_condition_zh: LongLine | None = None
    closing_condition_zh: Lines = ()
    proof_required: bool = False
    safety: bool = False
    unit_hint_zh: Line | None = None
    may_deliberate: domain.VotingRule | None = None

    @property
    def category(self) -> domain.Category:
        """The same, as rules take it."""
        return domain.Category(**{**vars(self), "questions": tuple(one.question for one in self.questions)})


COLUMNS = tuple(field.name for field in fields(CategoryRow))


@dataclass(frozen=True, kw_only=True)
class ImportCategories(Command):
    """Take over a table: rows, or a CSV text, or a spreadsheet in base64, as `export_categories` answers them.

    A row that says something new makes a new version. `retire` names categories that are not used any more.
    """

    table: Annotated[tuple[dict[str, Any | None], ...], validate.Length(max=MOST_ROWS)] | None = None
    csv: Annotated[str, validate.Length(1, LARGEST_SHEET)] | None = None
    xlsx: Annotated[str, validate.Length(1, LARGEST_SHEET)] | None = None
    retire: Annotated[tuple[Code, ...], validate.Length(max=MOST_ROWS)] = ()
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class ExportCategories:
    """Get the categories in use as a table that `import_categories` takes."""

    format: Annotated[str, validate.OneOf(["json", "csv", "xlsx"])] = "json"


@dataclass(frozen=True, kw_only=True)
class ListCategories(Page):
    """List the categories in use by code, where asked for the retired ones too."""

    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class GetCategory:
    """Look at a category, in its last version or in the one that an issue carries."""

    code: Code
    version: Annotated[int, validate.Range(1)] | None = None


def row_of(category: domain.Category) -> dict[str, Any]:
    """Show a category as a row of a table."""
    view = dump(category)
    return {column: view[column] for column in COLUMNS}


def import_view(found: domain.Import, *, dry_run: bool) -> dict[str, Any]:
    """Say what an import did, or would do."""
    shown = {name: list(codes) for name, codes in vars(found).items() if name != "versions"}
    return {**shown, "versions": {one.code: one.version for one in found.versions}, "dry_run": dry_run}


def category_view(category: domain.Category) -> dict[str, Any]:
    """Show everything of a category."""
    return {name: value for name, value in dump(category).items() if name not in ("revision", "category_id")}
