"""What may be put to a vote, and who must vote on it: Civil Code art. 278 and the three bars (三不议) as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.issues.domain.issue import Issue
from services.issues.domain.voting import VotingRule
from shared.errors import Refusal


class TopicNotAllowed(Refusal):
    """No vote decides this: it is against good morals, settled by law, or a purely private dispute."""


class RuleTooWeak(Refusal):
    """The matter needs a larger majority than the rule asks for."""


class Matter(StrEnum):
    """What kind of decision a topic asks for."""

    ASSEMBLY_RULES = "assembly_rules"
    COVENANT = "covenant"
    ELECT_COMMITTEE = "elect_committee"
    HIRE_MANAGER = "hire_manager"
    USE_MAINTENANCE_FUND = "use_maintenance_fund"
    RAISE_MAINTENANCE_FUND = "raise_maintenance_fund"
    REBUILD = "rebuild"
    CHANGE_COMMON_PARTS = "change_common_parts"
    OTHER_OWNERS_MATTER = "other_owners_matter"
    COUNCIL_MATTER = "council_matter"
    BLOCK_FIRE_LANE = "block_fire_lane"
    CUT_OFF_SUPPLY = "cut_off_supply"
    DWELLING_TO_BUSINESS = "dwelling_to_business"
    SETTLED_BY_LAW = "settled_by_law"
    GOOD_MORALS = "good_morals"
    PRIVATE_DISPUTE = "private_dispute"


class Bar(StrEnum):
    """Why a matter is never put to a vote (三不议)."""

    GOOD_MORALS = "against_good_morals"
    SETTLED_BY_LAW = "settled_by_law"
    PRIVATE_DISPUTE = "private_dispute"


@dataclass(frozen=True, kw_only=True)
class MatterRow:
    """The weakest rule that decides a matter, or the bar that keeps it from any vote, and where that stands."""

    zh: str
    source: str
    rule: VotingRule | None = None
    bar: Bar | None = None


def _owners(zh: str, item: int, rule: VotingRule) -> MatterRow:
    return MatterRow(zh=zh, source=f"Civil Code art. 278 ({item})", rule=rule)


_ORDINARY, _SPECIAL = VotingRule.OWNERS_ORDINARY, VotingRule.OWNERS_SPECIAL
_HOUSE_RULE = "two matters to deliberate, three not to (两议三不议)"
MATTERS: Mapping[Matter, MatterRow] = {
    Matter.ASSEMBLY_RULES: _owners("制定和修改业主大会议事规则", 1, _ORDINARY),
    Matter.COVENANT: _owners("制定和修改管理规约", 2, _ORDINARY),
    Matter.ELECT_COMMITTEE: _owners("选举或更换业主委员会成员", 3, _ORDINARY),
    Matter.HIRE_MANAGER: _owners("选聘和解聘物业服务企业", 4, _ORDINARY),
    Matter.USE_MAINTENANCE_FUND: _owners("使用维修资金", 5, _ORDINARY),
    Matter.RAISE_MAINTENANCE_FUND: _owners("筹集维修资金", 6, _SPECIAL),
    Matter.REBUILD: _owners("改建、重建建筑物及其附属设施", 7, _SPECIAL),
    Matter.CHANGE_COMMON_PARTS: _owners("改变共有部分用途或利用共有部分经营", 8, _SPECIAL),
    Matter.OTHER_OWNERS_MATTER: _owners("有关共有和共同管理权利的其他重大事项", 9, _ORDINARY),
    Matter.COUNCIL_MATTER: MatterRow(
        zh="小区日常事务", source="on urban and rural community consultation, 2015", rule=VotingRule.COUNCIL_SIMPLE
    ),
    Matter.BLOCK_FIRE_LANE: MatterRow(
        zh="占用消防车通道", source="Fire Protection Law art. 28", bar=Bar.SETTLED_BY_LAW
    ),
    Matter.CUT_OFF_SUPPLY: MatterRow(zh="停水停电催交物业费", source="Civil Code art. 944", bar=Bar.SETTLED_BY_LAW),
    Matter.DWELLING_TO_BUSINESS: MatterRow(
        zh="住宅改为经营性用房", source="Civil Code art. 279: every affected owner", bar=Bar.SETTLED_BY_LAW
    ),
    Matter.SETTLED_BY_LAW: MatterRow(zh="法律已有规定的事项", source=_HOUSE_RULE, bar=Bar.SETTLED_BY_LAW),
    Matter.GOOD_MORALS: MatterRow(zh="违背公序良俗的事项", source=_HOUSE_RULE, bar=Bar.GOOD_MORALS),
    Matter.PRIVATE_DISPUTE: MatterRow(zh="纯属私人纠纷", source=_HOUSE_RULE, bar=Bar.PRIVATE_DISPUTE),
}

# What a category is about unless somebody says otherwise; the safe side, which a lawyer has to confirm.
USUAL_MATTER: Mapping[str, Matter] = {
    "bike_shed": Matter.CHANGE_COMMON_PARTS,
    "lift_maintenance": Matter.USE_MAINTENANCE_FUND,
    "neighbour_dispute": Matter.PRIVATE_DISPUTE,
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the check of a topic found: may it be decided, by which rule at least, and who is affected."""

    matter: Matter
    matter_zh: str
    source: str
    affected: tuple[str, ...]
    allowed: bool
    bar: Bar | None
    needed_rule: VotingRule | None
    rule: VotingRule | None


def check_topic(
    issue: Issue, *, matter: Matter | None, rule: VotingRule | None, affected: tuple[str, ...] = ()
) -> Verdict:
    """Say whether and how the matter may be decided; without a rule the weakest that suffices is taken.

    Without a matter the issue's category says which; without buildings the issue's own is affected.
    """
    matter = matter or USUAL_MATTER.get(str(issue.category), Matter.COUNCIL_MATTER)
    row = MATTERS[matter]
    rule = rule or row.rule
    return Verdict(
        matter=matter,
        matter_zh=row.zh,
        source=row.source,
        affected=affected or (issue.building_id,),
        allowed=row.rule is not None and rule is not None and _suffices(rule, row.rule),
        bar=row.bar,
        needed_rule=row.rule,
        rule=rule,
    )


def rule_of(verdict: Verdict) -> VotingRule:
    """Return the rule to vote by; raises TopicNotAllowed, RuleTooWeak."""
    if verdict.needed_rule is None or verdict.rule is None:
        raise TopicNotAllowed(
            f"no vote decides on {verdict.matter} ({verdict.source})",
            matter=verdict.matter.value,
            bar=verdict.bar and verdict.bar.value,
            allowed=[matter.value for matter, row in MATTERS.items() if row.rule is not None],
        )
    if not verdict.allowed:
        raise RuleTooWeak(
            f"{verdict.matter} needs {verdict.needed_rule} ({verdict.source})",
            matter=verdict.matter.value,
            rule=verdict.rule.value,
            needed_rule=verdict.needed_rule.value,
        )
    return verdict.rule


def _suffices(rule: VotingRule, needed: VotingRule) -> bool:
    """Whether a rule asks for as much as the needed one; the enumeration goes from the weakest to the strongest."""
    order = list(VotingRule)
    return order.index(rule) >= order.index(needed)
