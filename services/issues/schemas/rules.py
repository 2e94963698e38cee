"""What the office sets, and what other rules would have done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from marshmallow import ValidationError, validate

from services.issues import domain
from shared.errors import InvalidInput
from shared.schemas import Command, dump

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEAR = 366 * DAY
NOMINAL = {  # how long a unit is when a range is checked; clocks count working time by the calendar
    domain.Unit.URGENT_HOUR: HOUR,
    domain.Unit.WORK_HOUR: HOUR,
    domain.Unit.WORK_DAY: DAY,
    domain.Unit.NATURAL_DAY: DAY,
}


@dataclass(frozen=True, kw_only=True)
class SpanValue:
    """A length of time as it is set: `{"amount": 2, "unit": "work_day"}`."""

    amount: Annotated[float, validate.Range(0, 100_000, min_inclusive=False)]
    unit: domain.Unit

    @property
    def span(self) -> domain.Span:
        """The span as rules know it."""
        return domain.Span(self.amount, self.unit)


def lasts(least: timedelta, most: timedelta) -> Callable[[SpanValue], None]:
    """Return a check that refuses a shorter or a longer span."""

    def check(value: SpanValue) -> None:
        if not least <= value.amount * NOMINAL[value.unit] <= most:
            raise ValidationError(f"Must last from {least} to {most}; a work_day counts as 24 hours here.")

    return check


def each(check: Callable[[Any], Any]) -> Callable[[Mapping[Any, Any]], None]:
    """Return a check of every value of a mapping."""

    def check_all(values: Mapping[Any, Any]) -> None:
        for value in values.values():
            check(value)

    return check_all


def days_from(least: int, most: int) -> Callable[[tuple[int, ...]], None]:
    """Return a check that refuses a day outside of these."""

    def check(days: tuple[int, ...]) -> None:
        for day in days:
            validate.Range(least, most)(day)

    return check


Short = Annotated[SpanValue | None, lasts(MINUTE, 60 * DAY)]
Long = Annotated[SpanValue | None, lasts(DAY, YEAR)]
Kept = Annotated[SpanValue | None, lasts(30 * DAY, 10 * YEAR)]
Percent = Annotated[int | None, validate.Range(0, 100)]
Ladder = Annotated[dict[domain.Level, int] | None, validate.Length(1), each(validate.Range(1, 24 * 60))]


@dataclass(frozen=True, kw_only=True)
class RuleChanges:
    """Any of the rules; what is left out stays, and so do the classes and levels that are not named."""

    accept: Short = None
    accept_urgent: Short = None
    sign: Short = None
    sign_urgent: Short = None
    return_window: Short = None
    contact: Short = None
    resolve: Annotated[
        dict[domain.DeadlineClass, SpanValue] | None, validate.Length(1), each(lasts(30 * MINUTE, YEAR))
    ] = None
    verify: Short = None
    confirm: Annotated[SpanValue | None, lasts(DAY, 60 * DAY)] = None
    remind_after_days: Annotated[tuple[int, ...] | None, validate.Length(max=10), days_from(1, 60)] = None
    call_back: Short = None
    durability: Long = None
    reopen_within: Long = None
    relapse_within: Long = None
    ladder_normal: Ladder = None
    ladder_hazard: Ladder = None
    info_cap: Annotated[SpanValue | None, lasts(HOUR, 60 * DAY)] = None
    deliberation_cap: Long = None
    mediation_cap: Long = None
    notice_owners: Annotated[SpanValue | None, lasts(15 * DAY, 60 * DAY)] = None  # 15 days are the law's least
    notice_council: Short = None
    public_notice: Annotated[SpanValue | None, lasts(DAY, 60 * DAY)] = None
    most_proxy_votes: Annotated[int | None, validate.Range(0, 50)] = None
    longest_suspension: Annotated[SpanValue | None, lasts(DAY, 2 * YEAR)] = None
    longest_extension: Long = None
    most_questions: Annotated[int | None, validate.Range(0, 10)] = None
    most_returns: Annotated[int | None, validate.Range(1, 10)] = None
    most_extensions: Annotated[int | None, validate.Range(0, 10)] = None
    warn_percent_left: Annotated[int | None, validate.Range(0, 90)] = None
    retention: Kept = None
    retention_sensitive: Kept = None
    retention_by_visibility: Annotated[dict[domain.Visibility, SpanValue] | None, each(lasts(30 * DAY, 10 * YEAR))] = (
        None
    )
    weight_responded: Percent = None
    weight_solved: Percent = None
    weight_satisfied: Percent = None
    basically_percent: Percent = None
    fewest_cases: Annotated[int | None, validate.Range(1, 1000)] = None
    most_calls: Annotated[int | None, validate.Range(1, 10)] = None
    sample_percent: Percent = None

    @property
    def changes(self) -> dict[str, Any]:
        """What is to be another than now, by name; raises InvalidInput where nothing is named."""
        named = {name: _plain(getattr(self, name)) for name in domain.SETTABLE if getattr(self, name) is not None}
        if not named:
            raise InvalidInput("name at least one rule", fields={name: ["Nothing is set."] for name in domain.SETTABLE})
        return named


@dataclass(frozen=True, kw_only=True)
class SetRules(RuleChanges, Command):
    """Set rules; clocks that run already keep the time that they were given."""


@dataclass(frozen=True, kw_only=True)
class GetRules:
    """Look at the rules in force, or at those of an earlier version."""

    version: Annotated[int, validate.Range(0)] | None = None


@dataclass(frozen=True, kw_only=True)
class PreviewRules(RuleChanges):
    """Ask what these rules would have done to the issues of the last `days`."""

    days: Annotated[int, validate.Range(1, 366)] = 90


def rules_view(rules: domain.Rules) -> dict[str, Any]:
    """Show each rule beside its default, the version, and who set it when."""
    values, defaults = _named(rules), _named(domain.Rules())
    return {
        "version": rules.version,
        "since": dump(rules.since),
        "set_by": rules.set_by,
        "revision": rules.revision,
        "rules": {name: {"value": values[name], "default": defaults[name]} for name in domain.SETTABLE},
    }


def preview_view(found: domain.Preview, request: PreviewRules, *, complete: bool) -> dict[str, Any]:
    """Show what would have been, and which of the rules asked for say nothing about clocks that ran."""
    return {
        **_with_text_keys(dump(found)),
        "days": request.days,
        "complete": complete,
        "not_simulated": [name for name in request.changes if name not in domain.SIMULATED],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, SpanValue):
        return value.span
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _named(rules: domain.Rules) -> dict[str, Any]:
    return {name: _with_text_keys(dump(getattr(rules, name))) for name in domain.SETTABLE}


def _with_text_keys(value: Any) -> Any:
    """Name classes, levels and kinds by their code, as JSON has texts only."""
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(one) for key, one in value.items()}
    return value
