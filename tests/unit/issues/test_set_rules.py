import dataclasses
import json
from datetime import timedelta

import pytest
from bson import decode, encode

from services.issues import domain, repository, schemas
from services.issues.domain import ClockKind, DeadlineClass, Level, Rules, Span, Times, Unit
from shared.actor import Actor
from shared.errors import Forbidden, InvalidInput
from shared.schemas import load
from tests.support.times import NOW, TIMES

TWO_DAYS = {"amount": 2, "unit": "work_day"}


def changed(rules=None, **values):
    return domain.change_rules(rules or Rules(), load(schemas.SetRules, values).changes, by="P-0900", now=NOW)


def refused(**values):
    with pytest.raises(InvalidInput) as error:
        _ = load(schemas.SetRules, values).changes
    return error.value.details["fields"]


def test_a_change_is_the_next_version_of_all_rules():
    rules = changed(accept=TWO_DAYS, most_questions=1)

    assert rules == dataclasses.replace(
        Rules(), accept=Span(2, Unit.WORK_DAY), most_questions=1, version=1, since=NOW, set_by="P-0900"
    )
    assert changed(rules, sign=TWO_DAYS).version == 2


def test_what_is_set_already_makes_no_new_version():
    rules = changed(accept=TWO_DAYS)

    assert changed(rules, accept=TWO_DAYS) is rules


def test_classes_and_levels_that_are_not_named_stay():
    rules = changed(resolve={"general": {"amount": 5, "unit": "natural_day"}}, ladder_hazard={"grid": 6})

    assert rules.resolve == {**Rules().resolve, DeadlineClass.GENERAL: Span(5, Unit.NATURAL_DAY)}
    assert rules.ladder_hazard == {**Rules().ladder_hazard, Level.GRID: 6}


def test_every_rule_can_be_set():
    settable = {member.name for member in dataclasses.fields(schemas.SetRules)}

    assert set(domain.SETTABLE) == settable - {"command_id", "expected_revision"}


@pytest.mark.parametrize("name", domain.SETTABLE)
def test_each_default_lies_in_its_own_range(name):
    shown = schemas.rules_view(Rules())["rules"][name]

    assert shown["value"] == shown["default"]
    assert (
        domain.change_rules(Rules(), load(schemas.SetRules, {name: shown["value"]}).changes, by="P", now=NOW) == Rules()
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"accept": {"amount": 0, "unit": "work_day"}}, "accept"),
        ({"accept": {"amount": -1, "unit": "work_day"}}, "accept"),
        ({"accept": {"amount": float("nan"), "unit": "work_day"}}, "accept"),
        ({"accept": {"amount": 61, "unit": "work_day"}}, "accept"),
        ({"accept": {"amount": 1, "unit": "fortnight"}}, "accept"),
        ({"accept": {"amount": 1}}, "accept"),
        ({"accept": 2}, "accept"),
        ({"accept": {"amount": "2", "unit": "work_day"}}, "accept"),
        ({"resolve": {"general": {"amount": 1, "unit": "fortnight"}}}, "resolve"),
        ({"resolve": {"generous": TWO_DAYS}}, "resolve"),
        ({"resolve": {"general": {"amount": 1000, "unit": "natural_day"}}}, "resolve"),
        ({"resolve": {}}, "resolve"),
        ({"ladder_normal": {"grid": 0}}, "ladder_normal"),
        ({"ladder_normal": {"galaxy": 1}}, "ladder_normal"),
        ({"confirm": {"amount": 1, "unit": "urgent_hour"}}, "confirm"),
        ({"remind_after_days": [0]}, "remind_after_days"),
        ({"remind_after_days": "3"}, "remind_after_days"),
        ({"most_questions": 11}, "most_questions"),
        ({"most_questions": 1.5}, "most_questions"),
        ({"warn_percent_left": 91}, "warn_percent_left"),
        ({"retention": {"amount": 1, "unit": "natural_day"}}, "retention"),
        ({"weight_solved": 101}, "weight_solved"),
        ({"version": 7}, "version"),
        ({"set_by": "P-1"}, "set_by"),
    ],
)
def test_a_value_outside_of_its_range_is_refused_by_its_name(values, field):
    assert set(refused(**values)) == {field}


def test_a_refusal_says_what_is_allowed():
    assert "accept_urgent" in refused(acept=TWO_DAYS)["acept"][0]
    assert "60 days" in str(refused(accept={"amount": 61, "unit": "work_day"}))
    assert "natural_day" in str(refused(accept={"amount": 1, "unit": "fortnight"}))


def test_nothing_named_is_refused_with_what_can_be():
    assert set(refused()) == set(domain.SETTABLE)


@pytest.mark.parametrize(
    "values",
    [
        {"weight_solved": 60},
        {"remind_after_days": [6, 3]},
        {"remind_after_days": [3, 3]},
        {"remind_after_days": [3, 7]},
        {"confirm": {"amount": 6, "unit": "natural_day"}},
    ],
)
def test_values_that_do_not_fit_each_other_are_refused(values):
    with pytest.raises(domain.RulesDoNotFit):
        changed(**values)


def test_values_that_fit_together_are_set_together():
    rules = changed(
        weight_responded=20, weight_solved=40, confirm={"amount": 5, "unit": "natural_day"}, remind_after_days=[2, 4]
    )

    assert (rules.weight_responded, rules.weight_solved, rules.weight_satisfied) == (20, 40, 40)
    assert rules.remind_after_days == (2, 4)


def test_clocks_that_run_keep_the_time_that_they_were_given(reported):
    short = Times(changed(accept={"amount": 1, "unit": "work_hour"}), TIMES.calendar)

    asked, _ = domain.ask_info(reported, "?", by="P-0100", now=NOW + timedelta(hours=1), times=short)
    answered, _ = domain.give_info(asked, "!", by="R-1001", now=NOW + timedelta(hours=2), times=short)

    accept = answered.clock(ClockKind.ACCEPT)
    assert accept.first_due_at == reported.clock(ClockKind.ACCEPT).first_due_at
    assert accept.due_at == accept.first_due_at + timedelta(hours=1)


def test_rules_come_back_from_their_document_as_they_were():
    rules = changed(resolve={"general": TWO_DAYS}, ladder_normal={"grid": 30}, remind_after_days=[1])

    document = decode(encode(repository.rules.to_document(dataclasses.replace(rules, since=None))))

    assert repository.rules.to_entity(document) == dataclasses.replace(rules, since=None)


def test_a_version_is_kept_under_its_number():
    kept = domain.of_version(changed(accept=TWO_DAYS))

    assert (kept.rules_id, domain.version_id(1), kept.accept) == ("issues/1", "issues/1", Span(2, Unit.WORK_DAY))


def test_the_view_shows_each_value_beside_its_default_and_is_plain_json():
    shown = schemas.rules_view(changed(accept=TWO_DAYS))

    assert shown["rules"]["accept"] == {
        "value": {"amount": 2, "unit": "work_day"},
        "default": {"amount": 1, "unit": "work_day"},
    }
    assert shown["rules"]["ladder_hazard"]["value"] == {"building": 2, "estate": 4, "grid": 8, "community": 24}
    assert (shown["version"], shown["since"], shown["set_by"]) == (1, NOW.isoformat(), "P-0900")
    assert {type(key) for key in shown["rules"]["resolve"]["value"]} == {str}
    json.dumps(shown)


@pytest.mark.parametrize("command", ["set_rules", "preview_rules"])
def test_only_an_administrator_sets_rules(administrator, command):
    domain.authorise(administrator, command)
    with pytest.raises(Forbidden):
        domain.authorise(Actor(id="P-0001", roles=("secretary", "triage", "dispatcher")), command)
