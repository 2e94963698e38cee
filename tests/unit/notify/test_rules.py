import inspect
from dataclasses import fields

import pytest

from services.notify import domain, inbound, telling
from services.notify.service import NotifyService

TOLD = {kind.type: kind for name, kind in inspect.getmembers(inbound, inspect.isclass) if name != "OrgUnitUpdated"}


def test_the_table_has_a_rule_for_every_fact_and_no_other():
    assert set(domain.RULES) == set(TOLD)


@pytest.mark.parametrize("kind", TOLD.values(), ids=TOLD)
def test_every_fact_has_the_subscription_of_its_name(kind):
    handler = getattr(NotifyService, "on_" + kind.type.replace(".", "_"))
    assert inspect.unwrap(handler).__annotations__["fact"] is kind


@pytest.mark.parametrize("kind", TOLD.values(), ids=TOLD)
def test_a_rule_names_fields_that_its_fact_has(kind):
    rule = domain.RULES[kind.type]
    known = {field.name for field in fields(kind)}
    assert rule.to in known
    for name in rule.templates:
        assert domain.TEMPLATES[name].placeholders <= known | {"name"}


def test_every_template_is_used_by_a_rule():
    assert {name for rule in domain.RULES.values() for name in rule.templates} == set(domain.TEMPLATES)


def test_story_1_invites_each_voter_once():
    voters = tuple(f"O-{number:03d}" for number in range(200))
    fact = inbound.DeliberationOpened(deliberation_id="DL-0101", issue_id="IS-0101", voter_refs=(*voters, "O-000"))
    assert domain.recipients(fact) == voters


def test_a_fact_that_names_nobody_is_refused():
    with pytest.raises(domain.NoRecipient):
        domain.recipients(inbound.IssueResolved(issue_id="IS-0101", round=1))
    with pytest.raises(domain.NoRecipient):
        domain.recipients(inbound.DeliberationOpened(deliberation_id="DL-0101", issue_id="IS-0101"))


def test_an_empty_field_is_a_missing_placeholder_not_a_gap():
    fact = inbound.HoursCredited(ledger_id="", hours=3.0, total_hours=43.0, person_id="V-2001", title="")
    assert domain.template_for(fact).name == "hours_credited_brief"


def test_a_fact_that_fills_no_template_parks_the_event():
    fact = inbound.IssueResolved(issue_id="", round=1, reporter_ref="R-1001")
    with pytest.raises(domain.MissingPlaceholders) as refused:
        domain.template_for(fact)
    assert refused.value.details["missing"] == ["issue_id"]
    assert not isinstance(refused.value, telling.AlreadyHandled)
