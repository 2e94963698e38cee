"""The common fixture of stories.md, as far as rules need it."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from services.issues import domain
from services.issues.domain.ladder import go_up
from shared.actor import Actor
from shared.clock import COMMUNITY_TIME
from tests.support.categories import CATEGORIES
from tests.support.times import NOW, TIMES


@pytest.fixture
def now():
    return datetime(2025, 3, 3, 9, 0, tzinfo=COMMUNITY_TIME)


def unit(org_unit_id, level, parent_id, secretary_id, place_zh):
    return domain.OrgUnit(
        org_unit_id=org_unit_id,
        level=level,
        parent_id=parent_id,
        secretary_id=secretary_id,
        place_zh=place_zh,
        tree_revision=1,
        revision=1,
    )


@pytest.fixture
def grid():
    return unit("C01-G03", domain.Level.GRID, "C01", "P-0003", "振杰网格")


@pytest.fixture
def estate():
    return unit("C01-G03-E07", domain.Level.ESTATE, "C01-G03", "P-0007", "振徽苑")


@pytest.fixture
def building():
    return unit("C01-G03-E07-B09", domain.Level.BUILDING, "C01-G03-E07", "P-0009", "振徽苑9栋")


@pytest.fixture
def report():
    return domain.Report(
        reporter="R-1001",
        text="9栋门口电动车乱停、飞线充电",
        source=domain.Source.WECHAT,
        client_id="wx-1",
        sensitive=False,
    )


@pytest.fixture
def assessment():
    return domain.Assessment(
        category=CATEGORIES["bike_shed"],
        priority=domain.Priority.NORMAL,
        hazard=domain.Hazard.FLYING_WIRE_CHARGING,
        route=None,
    )


@pytest.fixture
def plan():
    return domain.Plan(
        leader="P-0007",
        goal="新增40个车位并配充电设施",
        deadline=date(2025, 4, 2),
        acceptance=(
            domain.AcceptanceItem(item="A1", text="车位>=40"),
            domain.AcceptanceItem(item="A2", text="充电口>=40"),
            domain.AcceptanceItem(item="A3", text="消防设施到位"),
        ),
        measures=(),
        members=("P-0009",),
    )


@pytest.fixture
def help_wanted():
    return domain.HelpWanted(
        needed=2, hours_estimate=3.0, scope=domain.Level.BUILDING, policy=None, lead_rule=None, urgent=False
    )


@pytest.fixture
def reported(report, building, estate, now):
    issue, _ = domain.report_issue("IS-0101", report, building=building, estate=estate, now=now, times=TIMES)
    return issue


@pytest.fixture
def triaged(reported, assessment, building, now):
    issue, _ = domain.triage(reported, assessment, building, now, TIMES)
    return issue


@pytest.fixture
def in_progress(triaged):
    return domain.dispatch_filled(triaged, ("V-2002", "V-2001"), 1, NOW)


@pytest.fixture
def resolved(in_progress, now):
    issue, _ = domain.resolve(in_progress, by="P-0009", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)
    return issue


@pytest.fixture
def closed(resolved, now):
    issue, _ = domain.confirm_automatically(resolved, now + timedelta(days=7), TIMES)
    return issue


@pytest.fixture
def deliberating(triaged, owners, now):
    return domain.open_deliberation(triaged, owners, by="local-shell", now=now, times=TIMES)


@pytest.fixture
def owners():
    """200 owners with 100 m² each."""
    return domain.Question(
        rule=domain.VotingRule.OWNERS_SPECIAL,
        topic="9栋公共用地新建非机动车棚",
        roll={f"R-{1001 + number}": 100_00 for number in range(200)},
        meets_at=None,
    )


@pytest.fixture
def administrator():
    return Actor(id="local-shell", roles=("administrator",))


@pytest.fixture
def resident():
    return Actor(id="R-1001", roles=("resident",))


# -- outside units


def outside(unit_id, *, categories=(), persons=(), active=True):
    return domain.HandlingUnit(
        unit_id=unit_id,
        kind=domain.UnitKind.PROPERTY_COMPANY,
        label_zh="金源物业",
        label_en="Jinyuan Property",
        categories=categories,
        persons=persons,
        active=active,
    )


@pytest.fixture
def company():
    return outside("PC-0007", persons=("U-0071", "U-0072"))


@pytest.fixture
def utility():
    return outside("UT-0001", persons=("U-0011",))


@pytest.fixture
def department():
    return outside("DEP-0003", persons=("U-0031",))


@pytest.fixture
def harmless(reported, assessment, building, now):
    """An issue that nobody is in danger from, triaged on a Monday at nine."""
    found = dataclasses.replace(assessment, hazard=None, deadline_class=domain.DeadlineClass.GENERAL)
    issue, _ = domain.triage(reported, found, building, now, TIMES)
    return issue


@pytest.fixture
def send(now):
    """Dispatch an issue to a unit, with a note where it had it before."""

    def sent(issue, unit, *, at=now, note=None):
        issue, _ = domain.dispatch(issue, unit, (), note=note, by="P-0200", now=at, times=TIMES)
        return issue

    return sent


@pytest.fixture
def give_back(now):
    """Return an issue for its lead unit."""

    def given(issue, reason="not_responsible", *, at=now):
        unit = issue.lead_unit
        why = domain.Grounds(reason=domain.ReturnReason(reason), evidence="不在我方管理范围")
        issue, _ = domain.return_issue(issue, unit, why, by=f"{unit}-1", units=(unit,), now=at, times=TIMES)
        return issue

    return given


@pytest.fixture
def dispatched(harmless, company, send):
    return send(harmless, company)


@pytest.fixture
def signed(dispatched, now):
    issue, _ = domain.sign(dispatched, "PC-0007", by="U-0071", units=("PC-0007",), now=now, times=TIMES)
    return issue


@pytest.fixture
def done(now):
    """What a unit did; nothing has to be ticked."""
    return domain.Work(conditions=(), proof=(), answer="已更换门禁")


@pytest.fixture
def handled(signed, done, now):
    issue, _ = domain.report_done(
        signed, done, domain.Standard(), by="U-0071", units=("PC-0007",), now=now + timedelta(days=1), times=TIMES
    )
    return issue


@pytest.fixture
def handed_over(triaged, now):
    issue, _ = go_up(triaged, None, now, TIMES)
    return issue


# -- deliberation in steps, mediation, project


@pytest.fixture
def topic():
    return domain.Topic(topic="9栋公共用地新建非机动车棚", proposed_by=domain.ProposedBy.BRANCH)


@pytest.fixture
def roll():
    """Three owners with 300 m² together."""
    return domain.Roll(areas={"R-1001": 89_37, "R-1002": 110_63, "R-1003": 100_00})


@pytest.fixture
def proposed(triaged, topic, now):
    return domain.propose_topic(triaged, topic, by="P-0007", now=now)


@pytest.fixture
def with_roll(proposed, roll, now):
    issue, deliberation = proposed
    return issue, *domain.set_roll(deliberation, roll, by="P-0007", now=now)


@pytest.fixture
def asking():
    """What may still be said when a proposed topic is opened: nothing but times and material."""
    return domain.Question(rule=None, topic=None, roll={}, meets_at=None)


@pytest.fixture
def called(with_roll, asking, now):
    """A vote with a meeting in 15 days that closes two days later."""
    question = dataclasses.replace(
        asking, meets_at=now + timedelta(days=15), closes_at=now + timedelta(days=17), material=("平面图",)
    )
    return domain.open_proposed(*with_roll, question, by="P-0007", now=now, times=TIMES)


@pytest.fixture
def passed(called, now):
    issue, deliberation, voters, _ = called
    votes = [dataclasses.replace(voter, choice=domain.Choice.FOR) for voter in voters]
    deliberation, issue, _ = domain.close_vote(deliberation, issue, votes, now + timedelta(days=17), TIMES)
    return issue, deliberation, votes


@pytest.fixture
def resolution(passed, now):
    issue, deliberation, [voter, *_] = passed
    deliberation, _ = domain.sign_resolution(deliberation, voter, now=now + timedelta(days=17))
    return issue, deliberation


@pytest.fixture
def parties(now):
    return tuple(
        domain.Party(party_ref=person, consent_via=domain.ConsentVia.WRITTEN, consented_at=now)
        for person in ("R-1001", "R-1007")
    )


@pytest.fixture
def mediating(in_progress, parties, now):
    issue, mediation, _ = domain.refer_mediation(
        in_progress, "V-2101", parties, by="P-0007", now=now + timedelta(hours=1), times=TIMES
    )
    return issue, mediation


@pytest.fixture
def in_project(triaged, plan, estate, now):
    [issue], project, _ = domain.start_secretary_project([triaged], plan, estate, now)
    return issue, project
