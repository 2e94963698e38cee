"""Reports counted anew from the issues themselves, to find what a report has wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.issues.domain.counting import recount
from services.issues.domain.issue import Issue
from services.issues.domain.rates import Lines, rates
from services.issues.domain.reports import Slice, Slices, issue_counts
from services.issues.domain.rules import Rules

MOST_NAMED = 100  # issues


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure of a report that is not what the issues say."""

    report: str
    figure: str
    told: Any
    recounted: Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """How many issues were recounted, which figures differ, and which issues have a wrong line."""

    reported: int
    ended: int
    differences: tuple[Difference, ...]
    wrong_issues: tuple[str, ...]


def check_counts(
    reported: Sequence[Issue], ended: Sequence[Issue], slices: Slices, lines: Lines, now: datetime
) -> Check:
    """Compare what the two reports count with the issues that were reported and that ended in the period."""
    rules = Rules()
    told = asdict(issue_counts(slices)), asdict(rates(lines, rules))
    anew = (
        asdict(issue_counts(Counter(slice_of(one, now) for one in reported))),
        asdict(rates(Counter(recount(one) for one in ended), rules)),
    )
    names = ("issue_report", "satisfaction_report")
    differences = [one for name, t, a in zip(names, told, anew, strict=True) for one in _differences(name, t, a)]
    wrong = sorted({one.issue_id for one in (*reported, *ended) if not _is_right(one)})
    return Check(
        reported=len(reported), ended=len(ended), differences=tuple(differences), wrong_issues=tuple(wrong[:MOST_NAMED])
    )


def slice_of(issue: Issue, now: datetime) -> Slice:
    """Say what a report of issues counts of this one."""
    due = issue.next_due_at
    overdue = due is not None and due < now
    ended_as = recount(issue).ended_as
    return Slice(state=issue.state, ended_as=ended_as, days_open=_days_open(issue), overdue=overdue)


def _days_open(issue: Issue) -> int | None:
    return (issue.ended_at - issue.reported_at).days if issue.ended_at else None


def _differences(report: str, told: Mapping[str, Any], anew: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(report=report, figure=figure, told=told[figure], recounted=anew[figure])
        for figure in told
        if told[figure] != anew[figure]
    ]


def _is_right(issue: Issue) -> bool:
    return issue.record == recount(issue) and issue.days_open == _days_open(issue)
