from datetime import UTC, date, datetime

import pytest

from services.notify import domain, inbound
from services.notify.domain import Cause, Channel, Language

NAMES = {
    "R-1001": "王小梅",
    "R-1007": "李桂兰",
    "V-2001": "陈国强",
    "P-0003": "沈立",
    "P-0007": "赵建军",
    "L-32": "学员",
}


UNITS = {
    unit: domain.OrgUnit(
        org_unit_id=unit, level=level, parent_id=None, secretary_id=secretary, announced=1, label_zh=label
    )
    for unit, level, secretary, label in (
        ("C01-G03", "grid", "P-0003", "振杰网格党总支"),
        ("C01-G03-E07", "estate", "P-0007", "振徽苑小区党支部"),
    )
}


def received(fact, person_ref, now, language=Language.CHINESE):
    [rule] = [one for one in domain.RULES[fact.type] if person_ref in domain.recipients(one, fact, UNITS)]
    contact = domain.set_contact(
        None, person_id=person_ref, name=NAMES[person_ref], addresses={Channel.SMS: "1"}, language=language
    )
    notification, facts = domain.compose(
        Cause(id="E-1", correlation_id="IS-0101"),
        domain.template_for(rule, domain.params_of(fact, Language.CHINESE, UNITS)),
        domain.params_of(fact, language, UNITS),
        person_ref=person_ref,
        contact=contact,
        now=now,
    )
    assert facts == ()
    return notification.text


def test_story_1_closed(now):
    fact = inbound.IssueClosed(
        issue_id="IS-0101", rounds=1, reporter_ref="R-1001", title="振徽苑9栋非机动车棚", satisfaction=5
    )
    assert (
        received(fact, "R-1001", now)
        == "【滨湖世纪社区】王小梅您好,您反映的“振徽苑9栋非机动车棚”(IS-0101)已办结,感谢您的5星评价!"
    )


def test_story_1_hours(now):
    fact = inbound.HoursCredited(
        ledger_id="DP-0101/V-2001", hours=3.0, total_hours=43.0, person_id="V-2001", title="振徽苑9栋非机动车棚"
    )
    assert (
        received(fact, "V-2001", now)
        == "【滨湖世纪社区】陈国强您好,“振徽苑9栋非机动车棚”志愿服务3.0小时已入账,累计43.0小时。"
    )


def test_story_2_qualified(now):
    fact = inbound.VolunteerQualified(
        volunteer_id="V-2101",
        qualification="mediation",
        valid_until=date(2027, 3, 20),
        person_id="V-2001",
        title="社区矛盾纠纷调解实务",
    )
    assert (
        received(fact, "V-2001", now)
        == "【滨湖世纪社区】您已完成《社区矛盾纠纷调解实务》,获得“矛盾调解”资格,有效期至2027-03-20。"
    )


def test_qualified_without_a_course_title_leaves_the_course_out(now):
    fact = inbound.VolunteerQualified(
        volunteer_id="V-2101", qualification="mediation", valid_until=date(2027, 3, 20), person_id="V-2001"
    )
    assert received(fact, "V-2001", now) == "【滨湖世纪社区】您已获得“矛盾调解”资格,有效期至2027-03-20。"


def test_story_5_promoted_in_local_time(now):
    fact = inbound.LearnerPromoted(
        enrollment_id="CO-0501/L-32",
        course_id="CO-0501",
        person_id="L-32",
        hold_expires_at=datetime(2025, 3, 17, 1, 0, tzinfo=UTC),
        title="安全隐患排查实务",
    )
    assert (
        received(fact, "L-32", now)
        == "【滨湖世纪社区】您候补的《安全隐患排查实务》已有名额,请于2025-03-17 09:00前确认,逾期将顺延。"
    )


def test_story_7_please_confirm(now):
    fact = inbound.IssueResolved(issue_id="IS-0701", round=1, reporter_ref="R-1007")
    assert (
        received(fact, "R-1007", now)
        == "【滨湖世纪社区】李桂兰您好,您反映的事项IS-0701已办结,请回复1-5评价(5为非常满意)。"
    )


def test_an_issue_that_the_clock_closed_has_no_stars(now):
    fact = inbound.IssueClosed(issue_id="IS-0101", rounds=1, reporter_ref="R-1001", title="振徽苑9栋非机动车棚")
    text = received(fact, "R-1001", now)
    assert "星" not in text
    assert "“振徽苑9栋非机动车棚”(IS-0101)已结案" in text


def test_a_fact_without_title_names_the_issue(now):
    fact = inbound.IssueTriaged(issue_id="IS-0101", reporter_ref="R-1001")
    assert received(fact, "R-1001", now) == "【滨湖世纪社区】王小梅您好,您反映的事项IS-0101已受理,我们将尽快办理。"


def test_items_are_listed_as_the_language_does(now):
    fact = inbound.SecretaryProjectReturned(project_id="SP-0101", failed_items=("A1", "A3"), leader_id="P-0007")
    assert "A1、A3" in received(fact, "P-0007", now)
    assert "A1, A3" in received(fact, "P-0007", now, Language.ENGLISH)


@pytest.mark.parametrize("language", Language)
def test_every_language_is_signed(now, language):
    fact = inbound.IssueTriaged(issue_id="IS-0101", reporter_ref="R-1001", title="振徽苑9栋非机动车棚")
    assert received(fact, "R-1001", now, language).startswith("【滨湖世纪社区】")


def test_story_4_escalated(now):
    fact = inbound.IssueEscalated(
        issue_id="IS-0401",
        from_unit="C01-G03-E07",
        to_unit="C01-G03",
        escalation_level=2,
        due_at=now,
        reporter_ref="R-1001",
    )
    assert (
        received(fact, "R-1001", now)
        == "【滨湖世纪社区】您反映的事项IS-0401因超过办理时限,已上报至振杰网格党总支督办。"
    )
    assert "振徽苑小区党支部超过办理时限,已上报至振杰网格党总支" in received(fact, "P-0003", now)
