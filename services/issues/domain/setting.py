"""What the office sets: a change of rules is the next version of all of them."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from services.issues.domain.rules import Rules
from services.issues.domain.working_time import Span, Unit, length
from shared.errors import Refusal

OF_THE_RECORD = ("rules_id", "version", "since", "set_by", "revision")
SETTABLE = tuple(member.name for member in fields(Rules) if member.name not in OF_THE_RECORD)
WHOLE = 100  # percent


class RulesDoNotFit(Refusal):
    """Each value is possible, but not all of them together."""


def change_rules(rules: Rules, changes: Mapping[str, Any], *, by: str, now: datetime) -> Rules:
    """Set what is named and keep the rest; what is set already makes no new version.

    Values by class or level replace those that they name. Raises RulesDoNotFit.
    """
    changed = proposed(rules, changes)
    if changed == rules:
        return rules
    return replace(changed, version=rules.version + 1, since=now, set_by=by)


def proposed(rules: Rules, changes: Mapping[str, Any]) -> Rules:
    """Return the rules as they would be; raises RulesDoNotFit."""
    merged: dict[str, Any] = {
        name: {**getattr(rules, name), **value} if isinstance(value, Mapping) else value
        for name, value in changes.items()
    }
    changed = replace(rules, **merged)
    _check_weights(changed)
    _check_reminders(changed)
    return changed


def of_version(rules: Rules) -> Rules:
    """Return the copy that keeps this version on record."""
    return replace(rules, rules_id=version_id(rules.version), revision=0)


def version_id(version: int) -> str:
    """Name the record of a version."""
    return f"{Rules.rules_id}/{version}"


def _check_weights(rules: Rules) -> None:
    weights = {name: getattr(rules, name) for name in ("weight_responded", "weight_solved", "weight_satisfied")}
    if sum(weights.values()) != WHOLE:
        raise RulesDoNotFit(f"the three weights are {WHOLE} percent together, not {sum(weights.values())}", **weights)


def _check_reminders(rules: Rules) -> None:
    days = rules.remind_after_days
    if list(days) != sorted(set(days)):
        raise RulesDoNotFit("reminders come in order and once a day", remind_after_days=list(days))
    if days and not _is_before(days[-1], rules.confirm):
        raise RulesDoNotFit(
            "the last reminder comes before the time to confirm is over",
            remind_after_days=list(days),
            confirm=f"{rules.confirm.amount} {rules.confirm.unit}",
        )


def _is_before(day: int, end: Span) -> bool:
    """Whether so many natural days are over before the span is, on the shortest calendar: without a holiday."""
    natural = Span(end.amount, Unit.NATURAL_DAY) if end.unit is Unit.WORK_DAY else end
    return length(Span(day, Unit.NATURAL_DAY)) < length(natural)
