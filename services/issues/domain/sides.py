"""For whom a person works: for an outside unit that the register names them for, or for our own tree."""

from datetime import datetime

from services.issues.domain.issue import Issue
from shared.errors import Refusal


class NotTheLeadUnit(Refusal):
    """Only the unit that leads does this; the details name it."""


class NotOfTheUnit(Refusal):
    """The person does not act for the unit that has to do this."""


def check_lead_unit(issue: Issue, unit_id: str) -> None:
    """Let only the unit speak that the issue was sent to; raises NotTheLeadUnit."""
    if unit_id != issue.lead_unit:
        raise NotTheLeadUnit(
            f"{issue.lead_unit or 'no outside unit'} leads, not {unit_id}", unit=unit_id, lead_unit=issue.lead_unit
        )


def check_our_tree(by: str, units: tuple[str, ...]) -> None:
    """Let nobody act who works for an outside unit; raises NotOfTheUnit."""
    if units:
        raise NotOfTheUnit(f"{by} acts for {', '.join(units)}, not for our own tree", by=by, acts_for=list(units))


def check_lead(issue: Issue, by: str, units: tuple[str, ...]) -> None:
    """Let a person of the lead unit act, or one of our own tree where none leads; raises NotOfTheUnit."""
    if issue.lead_unit is None:
        check_our_tree(by, units)
    elif issue.lead_unit not in units:
        raise NotOfTheUnit(f"{by} does not act for {issue.lead_unit}, which leads", by=by, lead_unit=issue.lead_unit)


def check_at_work(issue: Issue, by: str, units: tuple[str, ...], now: datetime) -> None:
    """Let a person of the lead or an assisting unit act, or one of our own tree where none leads.

    Raises NotOfTheUnit.
    """
    if not acts_for_unit_at_work(issue, units, now):
        check_lead(issue, by, units)


def check_concerned(issue: Issue, by: str, units: tuple[str, ...], now: datetime) -> None:
    """Let everybody of our own tree act, and persons of the units at work; raises NotOfTheUnit."""
    if units:
        check_at_work(issue, by, units, now)


def acts_for_unit_at_work(issue: Issue, units: tuple[str, ...], now: datetime) -> bool:
    """Whether one of these outside units leads or assists now."""
    return bool(set(units) & {issue.lead_unit, *assisting_units(issue, now)})


def assisting_units(issue: Issue, now: datetime) -> tuple[str, ...]:
    """Name the units that assist now."""
    return tuple(one.unit for one in issue.assisting if one.holds(now))
