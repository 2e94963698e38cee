import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueHandled
from shared.clock import COMMUNITY_TIME
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.categories import CATEGORIES
from tests.support.times import TIMES

SHED = domain.Standard(conditions=("车位已划线", "充电口可用"), proof_required=True)
DONE = domain.Work(conditions=("充电口可用", "车位已划线"), proof=("PH-0001",), answer="已新增40个车位")


def report(issue, now, work=DONE, standard=SHED, *, by="U-0071", units=("PC-0007",)):
    return domain.report_done(issue, work, standard, by=by, units=units, now=now, times=TIMES)


def test_who_handled_it_says_that_it_is_done_and_the_check_begins(signed, now):
    at = now + timedelta(hours=1)

    issue, fact = report(signed, at)

    assert fact == IssueHandled(issue_id="IS-0101", round=1, unit="PC-0007")
    [said] = issue.reports
    assert (said.by, said.at, said.conditions, said.proof, said.answer) == (
        "U-0071",
        at,
        DONE.conditions,
        DONE.proof,
        DONE.answer,
    )
    assert (issue.state, issue.handlers) == (domain.IssueState.HANDLED, ("U-0071",))
    assert {clock.kind for clock in issue.clocks if clock.runs} == {domain.ClockKind.VERIFY}
    [resolve] = [clock for clock in issue.clocks if clock.kind is domain.ClockKind.RESOLVE]
    assert resolve.finished_at == at


def test_the_check_takes_a_working_day_and_our_own_unit_answers_for_it(signed, estate):
    friday = datetime(2025, 3, 7, 15, 0, tzinfo=COMMUNITY_TIME)
    issue, _ = report(signed, friday)
    around = domain.Around(above=estate, times=TIMES)
    monday = datetime(2025, 3, 10, 15, 0, tzinfo=COMMUNITY_TIME)

    issue, warned = domain.tick(issue, around, monday - timedelta(minutes=1))
    _, [expired] = domain.tick(issue, around, monday)

    assert [(fact.type, fact.clock) for fact in warned] == [("issue.clock_warned", "verify")]
    assert (expired.clock, expired.unit, expired.due_at) == ("verify", "C01-G03-E07-B09", monday)


def test_an_issue_nobody_of_the_level_took_on_climbs_no_further_once_it_is_done(triaged, estate, now):
    issue = dataclasses.replace(triaged, state=domain.IssueState.IN_PROGRESS)

    issue, _ = report(issue, now, by="P-0009", units=())
    _, facts = domain.tick(issue, domain.Around(above=estate, times=TIMES), now + timedelta(hours=5))

    assert [fact.type for fact in facts if fact.type == "issue.escalated"] == []


def test_each_condition_of_the_category_is_ticked(signed, now):
    with pytest.raises(domain.ConditionsNotMet) as refusal:
        report(signed, now, dataclasses.replace(DONE, conditions=("车位已划线",)))

    assert refusal.value.details == {"missing": ["充电口可用"]}


def test_what_the_category_does_not_ask_for_is_not_ticked(signed, now):
    with pytest.raises(domain.UnknownCondition) as refusal:
        report(signed, now, dataclasses.replace(DONE, conditions=(*DONE.conditions, "很满意")))

    assert (refusal.value.details["unknown"], refusal.value.details["allowed"]) == (["很满意"], list(SHED.conditions))


def test_where_the_category_asks_for_a_proof_there_is_one(signed, now):
    without = dataclasses.replace(DONE, proof=())

    with pytest.raises(domain.ProofMissing):
        report(signed, now, without)
    assert report(signed, now, without, dataclasses.replace(SHED, proof_required=False))


def test_the_version_of_the_category_says_what_has_to_be_ticked_and_shown():
    row = dataclasses.replace(CATEGORIES["bike_shed"], closing_condition_zh=("车位已划线",), proof_required=True)

    assert domain.closing_standard(row) == domain.Standard(conditions=("车位已划线",), proof_required=True)


@pytest.mark.parametrize(("by", "units"), [("P-0009", ()), ("U-0031", ("DEP-0003",))])
def test_only_the_lead_unit_says_so(signed, now, by, units):
    with pytest.raises(domain.NotOfTheUnit):
        report(signed, now, by=by, units=units)


def test_where_no_outside_unit_leads_our_own_people_say_so(in_progress, now):
    issue, fact = report(in_progress, now, by="P-0009", units=())

    assert (fact.unit, issue.workers) == ("C01-G03-E07-B09", ("P-0009", "V-2002", "V-2001"))
    with pytest.raises(domain.NotOfTheUnit):
        report(in_progress, now, by="U-0071", units=("PC-0007",))


def test_who_verified_in_an_earlier_round_does_not(signed, now):
    with pytest.raises(domain.VerifierMayNotHandle):
        report(dataclasses.replace(signed, verifiers=("U-0071",)), now)


@pytest.mark.parametrize("state", ["triaged", "dispatched", "handled", "resolved"])
def test_only_what_is_worked_on_is_done(signed, now, state):
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        report(dataclasses.replace(signed, state=domain.IssueState(state)), now)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("answer", ""), ("answer", None), ("conditions", "all"), ("conditions", [""]), ("proof", ["P"] * 51)],
)
def test_a_report_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    with pytest.raises(InvalidInput) as error:
        load(schemas.ReportDone, {"issue_id": "IS-1", "answer": "x", field: wrong})

    assert list(error.value.details["fields"]) == [field]
