"""Reports as tables for a spreadsheet, with headings in Chinese or English."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from services.issues import domain
from services.issues.schemas.categories import Code
from services.issues.schemas.reports import IssueReport, SatisfactionReport, Worklist
from shared.schemas import Id, dump, load
from shared.spreadsheets import Format, Table

MOST_EXPORTED = 2000  # rows of a work list in one file
TOTAL = {"zh": "合计", "en": "total"}
Q = TypeVar("Q")
Row = Mapping[str, Any]
Column = tuple[str, str, Callable[[Row], Any]]  # 中文, English, the cell


class Exported(StrEnum):
    """What may be exported."""

    ISSUES = "issue_report"
    SATISFACTION = "satisfaction_report"
    WORKLIST = "worklist"


class Language(StrEnum):
    """The language of the headings."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, kw_only=True)
class ExportReport:
    """Write a report as a file; `since`, `until` and `by` belong to the two counts, the rest to any."""

    report: Exported
    format: Format = Format.XLSX
    lang: Language = Language.ZH
    unit: Id | None = None
    category: Code | None = None
    since: date | None = None
    until: date | None = None
    by: domain.By | None = None
    state: domain.IssueState | None = None
    due_before: datetime | None = None

    @property
    def issues(self) -> IssueReport:
        """The report to be written; raises InvalidInput that names what is missing or does not belong to it."""
        return self._asked(IssueReport)

    @property
    def satisfaction(self) -> SatisfactionReport:
        """The report to be written; raises InvalidInput that names what is missing or does not belong to it."""
        return self._asked(SatisfactionReport)

    @property
    def worklist(self) -> Worklist:
        """The list to be written; raises InvalidInput that names what does not belong to it."""
        return replace(self._asked(Worklist), limit=MOST_EXPORTED)

    @property
    def filename(self) -> str:
        """What it is, of which unit and days, without the ending."""
        parts = (self.report, self.unit, self.since, self.until)
        return "_".join(str(part).replace("/", "-").replace(":", "-") for part in parts if part is not None)

    def _asked(self, of: type[Q]) -> Q:
        own = ("report", "format", "lang")
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in own}
        return load(of, {name: dump(value) for name, value in given.items() if value is not None})


def _at(*path: str) -> Callable[[Row], Any]:
    def cell(row: Row) -> Any:
        found: Any = row
        for name in path:
            found = found.get(name)
        return found

    return cell


def _state(state: domain.IssueState) -> Column:
    return domain.STATE_ZH[state], state.value.replace("_", " "), lambda row: row["states"].get(state.value, 0)


def _rate(zh: str, en: str, name: str) -> tuple[Column, Column]:
    """Show a rate never without what it is a share of."""
    return (f"{zh}(%)", f"{en} (%)", _at("rates", name, "percent")), (f"{zh}基数", f"{en} of", _at("rates", name, "of"))


COLUMNS: dict[Exported, tuple[Column, ...]] = {
    Exported.ISSUES: (
        ("分组", "group", _at("group")),
        ("上报", "reported", _at("reported")),
        ("在办", "open", _at("open")),
        ("超期", "overdue", _at("overdue")),
        *(_state(state) for state in (*domain.ENDED, domain.IssueState.MERGED)),
        ("办结平均天数", "mean days open", _at("days_open", "mean")),
        ("办结中位天数", "median days open", _at("days_open", "median")),
        ("九成办结天数", "days open, 90 % within", _at("days_open", "p90")),
    ),
    Exported.SATISFACTION: (
        ("分组", "group", _at("group")),
        ("名次", "rank", _at("rank")),
        ("件数", "cases", _at("rates", "cases")),
        *_rate("响应率", "responded", "responded"),
        *_rate("解决率", "solved", "solved"),
        *_rate("满意率", "satisfied", "satisfied"),
        ("综合", "composite", _at("rates", "composite")),
        *_rate("未联系上", "unreachable", "unreachable"),
        *_rate("按期(调整后)", "on time", "on_time"),
        *_rate("按期(首次承诺)", "on first time", "on_first_time"),
        *_rate("准确派遣", "right first dispatch", "right_first_dispatch"),
        *_rate("返工", "rework", "rework"),
        *_rate("重办", "reopened", "reopened"),
        *_rate("重复反映", "repeated", "repeated"),
        *_rate("强制结案", "forced", "forced"),
        *_rate("未诉先办", "found by staff", "found_by_staff"),
    ),
    Exported.WORKLIST: (
        ("编号", "issue", _at("issue_id")),
        ("事项", "title", _at("title")),
        ("类别", "category", _at("category")),
        ("状态", "state", _at("state_zh")),
        ("办理阶段", "stage", _at("stage", "en")),
        ("责任单位", "responsible unit", _at("responsible_unit")),
        ("承办单位", "lead unit", _at("lead_unit")),
        ("截止时间", "due", _at("due_at")),
        ("时限", "clock", _at("clock")),
        ("超期", "overdue", _at("overdue")),
        ("预警", "warning", _at("warning")),
    ),
}
TITLES = {
    Exported.ISSUES: ("事项统计", "issues"),
    Exported.SATISFACTION: ("三率统计", "satisfaction"),
    Exported.WORKLIST: ("待办清单", "work list"),
}


def table(report: Exported, rows: Iterable[Row], lang: Language) -> Table:
    """Lay the rows of a report out."""
    chinese = lang is Language.ZH
    columns = COLUMNS[report]
    return Table(
        title=TITLES[report][0 if chinese else 1],
        headings=[zh if chinese else en for zh, en, _ in columns],
        rows=[[cell(row) for _, _, cell in columns] for row in rows],
    )
