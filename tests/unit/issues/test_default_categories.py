"""The categories that come along with the program."""

import pytest

from services.issues import domain
from services.issues.domain.voting import VotingRule
from tests.support.categories import CATEGORIES


@pytest.mark.parametrize(
    ("code", "label_zh", "route", "policy", "qualification", "sensitive"),
    [
        ("bike_shed", "非机动车棚", "deliberation", "preferred", "hazard_inspection", False),
        ("lift_maintenance", "电梯维修", "deliberation", "none", None, False),
        ("electricity_price_dispute", "电价争议", "deliberation", "preferred", "mediation", False),
        ("neighbour_dispute", "邻里纠纷", "volunteers", "required", "mediation", False),
        ("special_group_support", "特殊群体帮扶", "volunteers", "preferred", "elder_care", True),
        ("child_care", "儿童托管", "volunteers", "required", "child_care", False),
        ("waste_station", "垃圾站点", "volunteers", "none", None, False),
        ("fire_hazard", "消防隐患", "volunteers", "preferred", "hazard_inspection", False),
        ("parking", "停车管理", "deliberation", "none", None, False),
    ],
)
def test_the_table_of_rule_r3(*, code, label_zh, route, policy, qualification, sensitive):
    found = CATEGORIES[code]

    assert (found.label_zh, found.route, found.policy) == (label_zh, route, policy)
    assert (found.qualification, found.sensitive) == (qualification, sensitive)


def test_changing_the_use_of_common_ground_needs_three_quarters_of_the_owners():
    assert CATEGORIES["bike_shed"].may_deliberate is VotingRule.OWNERS_SPECIAL
    assert CATEGORIES["parking"].may_deliberate is VotingRule.OWNERS_SPECIAL
    assert CATEGORIES["lift_maintenance"].may_deliberate is VotingRule.OWNERS_ORDINARY
    assert CATEGORIES["special_group_support"].may_deliberate is None


def test_every_class_of_deadline_is_used():
    assert {category.deadline_class for category in CATEGORIES.values()} == set(domain.DeadlineClass)


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda one: one.code)
def test_what_is_deliberated_may_be_deliberated(category):
    assert category.route is not domain.Route.DELIBERATION or category.may_deliberate is not None


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda one: one.code)
def test_every_advice_names_an_emergency_number_in_both_languages(category):
    for question in category.questions:
        for stop in question.stops:
            numbers = [number for number in ("110", "119", "120", "95598") if number in stop.advice_zh]
            assert numbers
            assert all(number in stop.advice_en for number in numbers)


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda one: one.code)
def test_every_category_says_when_it_is_filed_and_when_it_is_done(category):
    assert category.filing_condition_zh
    assert category.closing_condition_zh
    assert list(category.faults()) == []
