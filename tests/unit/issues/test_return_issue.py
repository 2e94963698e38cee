import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueArbitrationOpened, IssueReturned
from shared.clock import COMMUNITY_TIME
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import TIMES

NOT_OURS = domain.Grounds(reason=domain.ReturnReason.NOT_RESPONSIBLE, evidence="属于供电公司资产")


def give(issue, now, why=NOT_OURS, *, unit="PC-0007", by="U-0071", units=("PC-0007",)):
    return domain.return_issue(issue, unit, why, by=by, units=units, now=now, times=TIMES)


def test_a_returned_issue_goes_back_to_the_dispatcher_with_what_the_unit_said(dispatched, now):
    issue, facts = give(dispatched, now)

    assert facts == (IssueReturned(issue_id="IS-0101", unit="PC-0007", reason="not_responsible", return_no=1),)
    [returned] = issue.returns
    assert (returned.unit, returned.reason, returned.by, returned.at, returned.evidence) == (
        "PC-0007",
        domain.ReturnReason.NOT_RESPONSIBLE,
        "U-0071",
        now,
        "属于供电公司资产",
    )
    assert (issue.state, issue.lead_unit, issue.handlers) == (domain.IssueState.RETURNED, None, ())


def test_only_the_time_to_sign_ends_and_the_residents_runs_on(dispatched, now):
    issue, _ = give(dispatched, now + timedelta(hours=3))

    assert issue.clock(domain.ClockKind.SIGN) is None
    for kind in (domain.ClockKind.RESOLVE, domain.ClockKind.LADDER):
        assert issue.clock(kind) == dispatched.clock(kind)


def test_units_that_assisted_do_so_no_longer(harmless, company, now):
    task = domain.Task(unit="DEP-0003", task="协助停水")
    issue, _ = domain.dispatch(harmless, company, [task], note=None, by="P-0200", now=now, times=TIMES)

    issue, _ = give(issue, now + timedelta(hours=1))

    assert [one.ended_at for one in issue.assisting] == [now + timedelta(hours=1)]


@pytest.mark.parametrize(
    ("sent", "last"),
    [("2025-03-03T09:00", "2025-03-05T09:00"), ("2025-03-06T15:20", "2025-03-10T15:20")],  # a Monday; a Thursday
)
def test_it_may_be_returned_for_two_working_days_to_the_minute(*, harmless, company, send, sent, last):
    issue = send(harmless, company, at=datetime.fromisoformat(f"{sent}+08:00"))
    last = datetime.fromisoformat(f"{last}+08:00")

    assert give(issue, last)
    with pytest.raises(domain.ReturnWindowOver) as refusal:
        give(issue, last + timedelta(minutes=1))
    assert refusal.value.details == {"return_by": last.isoformat()}


def test_a_return_shows_a_text_or_a_photo(dispatched, now):
    with pytest.raises(domain.EvidenceMissing) as refusal:
        give(dispatched, now, dataclasses.replace(NOT_OURS, evidence=None))

    assert refusal.value.details == {"needed": ["evidence", "photos"]}
    issue, _ = give(dispatched, now, dataclasses.replace(NOT_OURS, evidence=None, photos=("PH-1",)))
    assert issue.returns[0].photos == ("PH-1",)


def test_only_the_lead_unit_returns_it_by_a_person_of_its_own(dispatched, now):
    with pytest.raises(domain.NotTheLeadUnit):
        give(dispatched, now, unit="UT-0001", by="U-0011", units=("UT-0001",))
    with pytest.raises(domain.NotOfTheUnit):
        give(dispatched, now, by="P-0009", units=())


def test_what_is_signed_for_is_not_returned(signed, now):
    with pytest.raises(StateNotAllowed, match="the issue is in_progress"):
        give(signed, now)


def test_the_second_unit_that_refuses_opens_arbitration(dispatched, give_back, send, utility, now):
    issue = send(give_back(dispatched), utility)

    issue, facts = give(issue, now, unit="UT-0001", by="U-0011", units=("UT-0001",))

    assert facts == (
        IssueReturned(issue_id="IS-0101", unit="UT-0001", reason="not_responsible", return_no=2),
        IssueArbitrationOpened(issue_id="IS-0101", units=("PC-0007", "UT-0001"), returns=2),
    )
    assert (issue.state, issue.lead_unit) == (domain.IssueState.ARBITRATING, None)


def test_the_arbitration_names_the_community_whose_secretary_rules(dispatched, give_back, send, utility, now):
    issue = send(give_back(dispatched), utility)

    _, [_, opened] = domain.return_issue(
        issue, "UT-0001", NOT_OURS, by="U-0011", units=("UT-0001",), now=now, times=TIMES, community="C01"
    )

    assert opened.community_unit == "C01"


def test_the_third_return_opens_arbitration_though_it_is_one_units(*, dispatched, give_back, send, company, now):
    issue = send(give_back(dispatched, "missing_information"), company, note="附图")
    issue = send(give_back(issue, "wrong_place"), company, note="9栋东门")
    assert issue.state is domain.IssueState.DISPATCHED

    issue, [returned, opened] = give(issue, now)

    assert (returned.return_no, opened.units, opened.returns) == (3, ("PC-0007",), 3)
    assert issue.state is domain.IssueState.ARBITRATING


def test_how_often_is_what_the_office_has_set(dispatched, now):
    strict = domain.Times(dataclasses.replace(TIMES.rules, most_returns=1), TIMES.calendar)

    issue, facts = domain.return_issue(
        dispatched, "PC-0007", NOT_OURS, by="U-0071", units=("PC-0007",), now=now, times=strict
    )

    assert [fact.type for fact in facts] == ["issue.returned", "issue.arbitration_opened"]
    assert issue.state is domain.IssueState.ARBITRATING


def test_returns_of_an_earlier_round_do_not_count(dispatched, give_back, send, utility, now):
    issue = send(dataclasses.replace(give_back(dispatched), round=2), utility)

    issue, [returned] = give(issue, now, unit="UT-0001", by="U-0011", units=("UT-0001",))

    assert (issue.state, returned.return_no, len(issue.returns)) == (domain.IssueState.RETURNED, 1, 2)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("reason", "no_time"), ("evidence", ""), ("photos", ["a b"]), ("photos", ["P"] * 21), ("unit", 7)],
)
def test_a_return_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    values = {"issue_id": "IS-1", "unit": "PC-0007", "reason": "duplicate", "evidence": "IS-0100"}

    with pytest.raises(InvalidInput) as error:
        load(schemas.ReturnIssue, {**values, field: wrong})

    assert list(error.value.details["fields"]) == [field]


def test_the_time_to_return_is_counted_in_the_communitys_working_days(dispatched):
    assert dispatched.orders[0].return_by == datetime(2025, 3, 5, 9, 0, tzinfo=COMMUNITY_TIME)
