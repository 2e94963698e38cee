import dataclasses

import pytest

from services.issues import domain
from services.issues.domain.matters import rule_of

ITEMS = {  # Civil Code art. 278: item → rule
    "assembly_rules": "owners_ordinary", "covenant": "owners_ordinary", "elect_committee": "owners_ordinary",
    "hire_manager": "owners_ordinary", "use_maintenance_fund": "owners_ordinary",
    "raise_maintenance_fund": "owners_special", "rebuild": "owners_special", "change_common_parts": "owners_special",
    "other_owners_matter": "owners_ordinary", "council_matter": "council_simple",
}  # fmt: skip
BARRED = {
    "block_fire_lane": "settled_by_law", "cut_off_supply": "settled_by_law", "dwelling_to_business": "settled_by_law",
    "settled_by_law": "settled_by_law", "good_morals": "against_good_morals", "private_dispute": "private_dispute",
}  # fmt: skip
RULES = list(domain.VotingRule)


def check(issue, matter=None, rule=None, affected=()):
    return domain.check_topic(issue, matter=matter, rule=rule, affected=affected)


def test_every_matter_has_either_a_rule_or_a_bar():
    assert {matter.value for matter in domain.Matter} == {*ITEMS, *BARRED}
    assert all((row.rule is None) != (row.bar is None) for row in domain.MATTERS.values())


@pytest.mark.parametrize(("matter", "needed"), ITEMS.items())
def test_each_item_of_the_civil_code_needs_its_rule(triaged, matter, needed):
    verdict = check(triaged, domain.Matter(matter))

    assert (verdict.allowed, verdict.needed_rule, verdict.rule, verdict.bar) == (True, needed, needed, None)


@pytest.mark.parametrize(("matter", "bar"), BARRED.items())
def test_what_law_or_morals_keep_from_a_vote_is_refused_with_what_is_allowed(triaged, matter, bar):
    verdict = check(triaged, domain.Matter(matter), domain.VotingRule.OWNERS_SPECIAL)

    assert (verdict.allowed, verdict.bar, verdict.needed_rule) == (False, bar, None)
    with pytest.raises(domain.TopicNotAllowed) as refused:
        rule_of(verdict)
    assert (refused.value.code, refused.value.details["bar"]) == ("topic_not_allowed", bar)
    assert set(refused.value.details["allowed"]) == set(ITEMS)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("needed", RULES)
def test_a_stronger_rule_suffices_and_a_weaker_one_is_refused_by_name(triaged, rule, needed):
    matter = next(matter for matter, row in domain.MATTERS.items() if row.rule is needed)
    verdict = check(triaged, matter, rule)

    assert verdict.allowed is (RULES.index(rule) >= RULES.index(needed))
    if verdict.allowed:
        assert rule_of(verdict) is rule
    else:
        with pytest.raises(domain.RuleTooWeak) as refused:
            rule_of(verdict)
        assert refused.value.details == {"matter": matter, "rule": rule, "needed_rule": needed}


@pytest.mark.parametrize(
    ("category", "matter"),
    [
        ("bike_shed", "change_common_parts"),
        ("lift_maintenance", "use_maintenance_fund"),
        ("electricity_price_dispute", "council_matter"),
        ("neighbour_dispute", "private_dispute"),
    ],
)
def test_without_a_matter_the_category_says_which_it_is(triaged, category, matter):
    assert check(dataclasses.replace(triaged, category=category)).matter == matter


def test_the_issues_own_building_is_affected_unless_others_are_named(triaged):
    assert check(triaged).affected == ("C01-G03-E07-B09",)
    assert check(triaged, affected=("C01-G03-E07-B10",)).affected == ("C01-G03-E07-B10",)
