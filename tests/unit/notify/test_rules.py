import dataclasses
import inspect
from dataclasses import fields

import pytest

from services.notify import domain, inbound, telling
from services.notify.service import NotifyService

TOLD = {kind.type: kind for name, kind in inspect.getmembers(inbound, inspect.isclass) if name != "OrgUnitUpdated"}


def recipients(fact, units=None):
    [rule] = domain.RULES[fact.type]
    return domain.recipients(rule, fact, units or {})


def template_for(fact):
    [rule] = domain.RULES[fact.type]
    return domain.template_for(rule, domain.params_of(fact, domain.Language.CHINESE, {}))


def test_the_table_has_a_rule_for_every_fact_and_no_other():
    assert set(domain.RULES) == set(TOLD)


@pytest.mark.parametrize("kind", TOLD.values(), ids=TOLD)
def test_every_fact_has_the_subscription_of_its_name(kind):
    handler = getattr(NotifyService, "on_" + kind.type.replace(".", "_"))
    assert inspect.unwrap(handler).__annotations__["fact"] is kind


@pytest.mark.parametrize("kind", TOLD.values(), ids=TOLD)
def test_a_rule_names_fields_that_its_fact_has(kind):
    known = {field.name for field in fields(kind)}
    for rule in domain.RULES[kind.type]:
        assert rule.to in known
        assert all(domain.TEMPLATES[name].placeholders <= known | {"name"} for name in rule.templates)


def test_every_template_is_used_by_a_rule():
    used = [name for rules in domain.RULES.values() for rule in rules for name in rule.templates]
    assert sorted(used) == sorted(domain.TEMPLATES)


def test_story_1_invites_each_voter_once():
    voters = tuple(f"O-{number:03d}" for number in range(200))
    fact = inbound.DeliberationOpened(deliberation_id="DL-0101", issue_id="IS-0101", voter_refs=(*voters, "O-000"))
    assert recipients(fact) == voters


def test_a_fact_that_names_nobody_has_no_recipient():
    assert recipients(inbound.IssueResolved(issue_id="IS-0101", round=1)) == ()
    assert recipients(inbound.DeliberationOpened(deliberation_id="DL-0101", issue_id="IS-0101")) == ()


def test_who_supported_an_issue_is_told_in_other_words_than_its_reporter():
    fact = inbound.IssueClosed(
        issue_id="IS-0101", rounds=1, reporter_ref="R-1001", satisfaction=5, supporter_refs=("R-1007", "R-1008")
    )
    params = domain.params_of(fact, domain.Language.CHINESE, {})

    told = {
        domain.template_for(rule, params).name: domain.recipients(rule, fact, {}) for rule in domain.RULES[fact.type]
    }

    assert told == {
        "issue_closed_rated_brief": ("R-1001",),
        "supported_issue_closed_brief": ("R-1007", "R-1008"),
    }


def test_a_reporter_who_has_withdrawn_is_told_nothing_more():
    assert recipients(inbound.IssueResolved(issue_id="IS-0101", round=1, reporter_ref="R-1001")) == ("R-1001",)
    assert recipients(inbound.IssueResolved(issue_id="IS-0101", round=1, reporter_ref="withdrawn")) == ()


def test_the_secretary_of_a_unit_is_told_and_a_unit_without_one_tells_nobody():
    fact = inbound.IssueAssigned(issue_id="IS-0101", org_unit_id="C01-G03")
    grid = domain.OrgUnit(org_unit_id="C01-G03", level="grid", parent_id="C01", secretary_id="P-0003", announced=1)

    assert recipients(fact, {"C01-G03": grid}) == ("P-0003",)
    assert recipients(fact, {"C01-G03": dataclasses.replace(grid, secretary_id=None)}) == ()


def test_an_empty_field_is_a_missing_placeholder_not_a_gap():
    fact = inbound.HoursCredited(ledger_id="", hours=3.0, total_hours=43.0, person_id="V-2001", title="")
    assert template_for(fact).name == "hours_credited_brief"


def test_a_fact_that_fills_no_template_parks_the_event():
    fact = inbound.IssueResolved(issue_id="", round=1, reporter_ref="R-1001")
    with pytest.raises(domain.MissingPlaceholders) as refused:
        template_for(fact)
    assert refused.value.details["missing"] == ["issue_id"]
    assert not isinstance(refused.value, telling.AlreadyHandled)
