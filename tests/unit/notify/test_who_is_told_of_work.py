"""Who is told of the work on an issue, with which template, in exactly which words of both languages."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.notify import domain, inbound
from services.notify.domain import Cause, Channel, Language
from services.notify.service import NotifyService

AT = datetime(2025, 3, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SHED = "振徽苑9栋非机动车棚"
COMMUNITY = domain.OrgUnit(
    org_unit_id="C01",
    level="community",
    parent_id=None,
    secretary_id="P-0001",
    announced=1,
    label_zh="滨湖世纪社区党委",
)

DISPATCHED = inbound.IssueDispatched(
    issue_id="IS-0401",
    dispatch_no=1,
    lead_unit="PC-0007",
    sign_by=AT,
    lead_kind="property_company",
    handler_refs=("U-0071", "U-0072"),
    reporter_ref="R-1001",
)
ARBITRATION = inbound.IssueArbitrationOpened(issue_id="IS-0401", returns=2, community_unit="C01")
REQUESTED = inbound.IssueApprovalRequested(issue_id="IS-0401", kind="suspend", approver_refs=("P-0200", "P-0003"))
DECLINED = inbound.IssueApprovalDeclined(issue_id="IS-0401", kind="extend", asked_by="U-0071")
POSTPONED = inbound.DeliberationPostponed(
    deliberation_id="DL-0101",
    issue_id="IS-0101",
    meets_at=AT,
    postponement_no=1,
    voter_refs=("R-1002", "R-1003"),
    title=SHED,
)
WITHDRAWN = inbound.DeliberationWithdrawn(
    deliberation_id="DL-0101",
    issue_id="IS-0101",
    voter_refs=("R-1001", "R-1002"),
    reporter_ref="R-1001",
    title=SHED,
)
CANCELLED = inbound.SecretaryProjectCancelled(
    project_id="SP-0101",
    leader_id="P-0007",
    member_refs=("P-0009", "V-2001"),
    reporter_refs=("R-1001",),
    title=SHED,
)
BARE = {
    kind.type: dataclasses.replace(kind, title=None) for kind in (POSTPONED, WITHDRAWN, CANCELLED)
}  # without the optional title


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (DISPATCHED, {"dispatched_to_unit": ("U-0071", "U-0072"), "issue_dispatched": ("R-1001",)}),
        (ARBITRATION, {"arbitration_opened": ("P-0001",)}),
        (REQUESTED, {"approval_requested": ("P-0200", "P-0003")}),
        (DECLINED, {"approval_declined": ("U-0071",)}),
        (POSTPONED, {"vote_postponed": ("R-1002", "R-1003")}),
        (WITHDRAWN, {"topic_withdrawn": ("R-1001",), "vote_withdrawn": ("R-1001", "R-1002")}),
        (
            CANCELLED,
            {
                "project_cancelled": ("P-0007",),
                "member_project_cancelled": ("P-0009", "V-2001"),
                "reporter_project_cancelled": ("R-1001",),
            },
        ),
    ],
    ids=lambda one: getattr(one, "type", ""),
)
def test_the_rules_of_a_fact_name_these_persons(fact, told):
    units = {"C01": COMMUNITY}
    params = domain.params_of(fact, Language.CHINESE, units)

    assert {
        domain.template_for(rule, params).name: domain.recipients(rule, fact, units) for rule in domain.RULES[fact.type]
    } == told


TEXTS = [
    (DISPATCHED, "issue_dispatched",
     "王小梅您好,您反映的事项IS-0401已派给物业公司(PC-0007)办理。",
     "Dear 王小梅, your report IS-0401 was sent to a property company (PC-0007), which is to handle it."),
    (dataclasses.replace(DISPATCHED, lead_kind=None), "issue_dispatched_brief",
     "王小梅您好,您反映的事项IS-0401已派给PC-0007办理。",
     "Dear 王小梅, your report IS-0401 was sent to PC-0007, which is to handle it."),
    (DISPATCHED, "dispatched_to_unit",
     "王小梅您好,事项IS-0401已派给PC-0007,请于2025-03-04 09:00前签收。",
     "Dear 王小梅, IS-0401 was sent to PC-0007. Please sign for it before 2025-03-04 09:00."),
    (ARBITRATION, "arbitration_opened",
     "王小梅您好,事项IS-0401已被退单2次,请您裁定由哪个单位办理。",
     "Dear 王小梅, IS-0401 was returned (times: 2). Please rule which unit handles it."),
    (REQUESTED, "approval_requested",
     "王小梅您好,事项IS-0401的挂账申请待您审批。",
     "Dear 王小梅, a proposal on IS-0401 waits for your approval: to put it on hold."),
    (DECLINED, "approval_declined",
     "王小梅您好,您就事项IS-0401提出的延期申请未获批准。",
     "Dear 王小梅, what you proposed on IS-0401 was not approved: more time."),
    (POSTPONED, "vote_postponed",
     "王小梅您好,“振徽苑9栋非机动车棚”(IS-0101)协商议事延期至2025-03-04 09:00。",
     "Dear 王小梅, the deliberation on “振徽苑9栋非机动车棚” (IS-0101) is put off to 2025-03-04 09:00."),
    (BARE["deliberation.postponed"], "vote_postponed_brief",
     "王小梅您好,事项IS-0101协商议事延期至2025-03-04 09:00。",
     "Dear 王小梅, the deliberation on IS-0101 is put off to 2025-03-04 09:00."),
    (WITHDRAWN, "vote_withdrawn",
     "王小梅您好,“振徽苑9栋非机动车棚”(IS-0101)协商议题已撤回,您无需再投票。",
     "Dear 王小梅, the vote on “振徽苑9栋非机动车棚” (IS-0101) does not take place. You need not vote any more."),
    (BARE["deliberation.withdrawn"], "vote_withdrawn_brief",
     "王小梅您好,事项IS-0101协商议题已撤回,您无需再投票。",
     "Dear 王小梅, the vote on IS-0101 does not take place. You need not vote any more."),
    (WITHDRAWN, "topic_withdrawn",
     "王小梅您好,您反映的“振徽苑9栋非机动车棚”(IS-0101)协商议题已撤回,不再表决。",
     "Dear 王小梅, the vote on “振徽苑9栋非机动车棚” (IS-0101), which you reported, does not take place."),
    (BARE["deliberation.withdrawn"], "topic_withdrawn_brief",
     "王小梅您好,您反映的事项IS-0101协商议题已撤回,不再表决。",
     "Dear 王小梅, the vote on IS-0101, which you reported, does not take place."),
    (CANCELLED, "project_cancelled",
     "王小梅您好,由您领办的书记项目“振徽苑9栋非机动车棚”(SP-0101)已取消。",
     "Dear 王小梅, the project “振徽苑9栋非机动车棚” (SP-0101) that you lead is cancelled."),
    (BARE["secretary_project.cancelled"], "project_cancelled_brief",
     "王小梅您好,由您领办的书记项目SP-0101已取消。",
     "Dear 王小梅, the project SP-0101 that you lead is cancelled."),
    (CANCELLED, "member_project_cancelled",
     "王小梅您好,您参与的书记项目“振徽苑9栋非机动车棚”(SP-0101)已取消。",
     "Dear 王小梅, the project “振徽苑9栋非机动车棚” (SP-0101) that you work on is cancelled."),
    (BARE["secretary_project.cancelled"], "member_project_cancelled_brief",
     "王小梅您好,您参与的书记项目SP-0101已取消。",
     "Dear 王小梅, the project SP-0101 that you work on is cancelled."),
    (CANCELLED, "reporter_project_cancelled",
     "王小梅您好,您反映的问题所在的书记项目SP-0101已取消,问题将继续办理。",
     "Dear 王小梅, the project SP-0101 about what you reported is cancelled; your report is still handled."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "template", "language", "text"),
    [
        pytest.param(fact, template, language, text, id=f"{template}-{language}")
        for fact, template, *texts in TEXTS
        for language, text in zip((Language.CHINESE, Language.ENGLISH), texts, strict=True)
    ],
)
def test_a_message_reads_like_this(fact, template, language, text):
    params = domain.params_of(fact, language, {})
    [chosen] = {
        domain.template_for(rule, params).name for rule in domain.RULES[fact.type] if template in rule.templates
    }
    contact = domain.set_contact(
        None, person_id="R-1001", name="王小梅", addresses={Channel.SMS: "1"}, language=language
    )
    notification, _ = domain.compose(
        Cause(id="E-1", correlation_id="IS-0101"),
        domain.TEMPLATES[chosen],
        params,
        person_ref="R-1001",
        contact=contact,
        now=AT,
    )

    assert (chosen, notification.text) == (template, f"【滨湖世纪社区】{text}")


@pytest.mark.parametrize("kind", ["property_company", "utility", "department", "alliance_member", "other"])
def test_every_kind_of_unit_has_words_in_both_languages(kind):
    fact = dataclasses.replace(DISPATCHED, lead_kind=kind)
    words = {domain.params_of(fact, language, {})["lead_kind"] for language in Language}
    assert len(words) == len(Language)
    assert kind not in words


def test_reporters_who_have_withdrawn_are_not_told_of_a_cancelled_project():
    fact = dataclasses.replace(CANCELLED, reporter_refs=("withdrawn", "R-1001"))
    rule = domain.RULES[fact.type][-1]
    assert domain.recipients(rule, fact, {}) == ("R-1001",)


@pytest.mark.parametrize("kind", ["reject", "suspend", "extend", "force_close"])
def test_every_decision_that_needs_approval_has_words_in_both_languages(kind):
    fact = dataclasses.replace(REQUESTED, kind=kind)
    words = {domain.params_of(fact, language, {})["kind"] for language in Language}
    assert len(words) == len(Language)
    assert kind not in words


@pytest.mark.parametrize(
    "kind", [kind for kind, rules in domain.RULES.items() if any(rule.secretary for rule in rules)]
)
def test_a_secretary_is_told_by_a_subscription_that_nobody_else_waits_for(kind):
    """One of its own beside that of the persons, which bears the name of the fact where nobody else is told."""
    alone = all(rule.secretary for rule in domain.RULES[kind])
    name = "on_" + kind.replace(".", "_")
    assert hasattr(NotifyService, f"{name}_secretary") is not alone
