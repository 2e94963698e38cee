"""What is cut and what stays, when the time to keep an issue is over or the resident asks."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain.erasure import CUT
from services.issues.events import IssueArchived, ResidentErased
from shared.errors import StateNotAllowed
from tests.support.times import TIMES

# Every field of an issue is one or the other; who adds a field decides here, or the first test below fails.
WRITTEN = {
    "orders",
    "returns",
    "assisting",
    "reports",
    "failed_checks",
    "district_result",
    "approvals",
}  # words go, facts stay
OF_A_PERSON = {*CUT, *WRITTEN, "reporter_ref", "confirmed_by", "feedback"}
COUNTED_OR_PUBLIC = {
    "issue_id", "building_id", "responsible_unit", "place_zh", "place_in_estate_zh", "source", "sensitive",
    "reported_at", "state", "outcome", "round", "category", "priority", "hazard", "route", "request_type", "asset_id",
    "category_version", "label_zh", "answers_to",
    "estate_id", "lead_issue_id", "merged_by", "merged_at", "members", "supporters", "group_supporters", "relapse_of",
    "assignee", "contacted_at", "contacted_how", "contact_tries", "updates", "verifiers", "acknowledged_at",
    "units_of_lead", "forced", "end_reason", "referred_to",
    "visibility", "first_due_at", "due_at", "next_due_at", "clocks", "wakes_at", "deadline_class", "escalation_level",
    "handlers", "lead_unit", "state_before", "reference_no", "deliberation_ids", "deliberation_result",
    "state_after_vote", "project_ids", "open_project_id", "help_requests", "helpers", "resolved_by", "resolved_at",
    "satisfaction", "closed_at", "revision", "line", "ended_at", "ended_as", "days_open", "durability_asked_at",
    "next_due_kind",
    "open_deliberation_id", "decided_deliberation_id", "mediation_ids", "open_mediation_id", "state_before_project",
}  # fmt: skip


@pytest.fixture
def ended(closed, now):
    """A closed issue with everything that a person can leave in it."""
    proxy = domain.Proxy(
        person="R-1002", relation=domain.Relation.CHILD, consent="母亲李桂兰同意", set_by="P-0100", since=now
    )
    issue = replace(closed, text="李桂兰 13955501234", remark="1203室还漏", proxies=(proxy,), confirmed_by="R-1002")
    issue, _ = domain.set_visibility(issue, domain.Visibility.MASKED, reason="李桂兰要求", by="P-0100", now=now)
    asked = domain.Exchange(
        question="李桂兰家几楼?", asked_by="P-0100", asked_at=now, answer="1203", answered_by="R-1002", answered_at=now
    )
    proposal = domain.Proposal(kind=domain.ApprovalKind.EXTEND, reason="李桂兰不在家", days=1)
    declined = domain.Approval(
        proposal=proposal, round=1, asked_by="P-0007", asked_at=now, needed=2, decline_reason="李桂兰在家"
    )
    issue = replace(issue, exchanges=(asked,), approvals=(declined,), withdraw_reason="1203室好了")
    return domain.retain(issue, issue.closed_at, TIMES)


def test_every_field_of_an_issue_is_known_to_be_of_a_person_or_not():
    assert set() == OF_A_PERSON & COUNTED_OR_PUBLIC
    assert {field.name for field in fields(domain.Issue)} == OF_A_PERSON | COUNTED_OR_PUBLIC


def test_what_is_cut_leaves_no_word_and_no_person(ended):
    cut = domain.cut(ended)
    for word in ("李桂兰", "13955501234", "1203", "R-1001", "R-1002", "wx-1"):
        assert word in str(ended)
        assert word not in str(cut)
    assert cut.reporter_ref == cut.confirmed_by == "erased:IS-0101"


def test_what_is_counted_stays(ended):
    cut = domain.cut(ended)
    assert {name: getattr(cut, name) for name in COUNTED_OR_PUBLIC} == {
        name: getattr(ended, name) for name in COUNTED_OR_PUBLIC
    }


def test_who_confirmed_for_the_office_stays(ended):
    assert domain.cut(replace(ended, confirmed_by=None)).confirmed_by is None


def test_what_residents_answered_is_counted_without_them(ended):
    said = domain.GivenAnswer(
        kind=domain.AnswerKind.CONFIRMATION,
        round=1,
        at=ended.reported_at,
        by="R-1001",
        channel="sms",
        solved=domain.Solved.YES,
        remark="又坏了",
    )
    called = replace(said, kind=domain.AnswerKind.CALL_BACK, by="P-0020", remark=None)

    issue = domain.cut(replace(ended, feedback=(said, called)))

    assert issue.feedback == (replace(said, by="erased:IS-0101", remark=None), called)


def test_cutting_twice_is_cutting_once(ended):
    assert domain.cut(domain.cut(ended)) == domain.cut(ended)


@pytest.mark.parametrize(("sensitive", "days"), [(False, 3 * 365), (True, 365)])
def test_the_time_to_keep_an_issue_runs_from_its_end_by_its_class(closed, sensitive, days):
    issue = domain.retain(replace(closed, sensitive=sensitive), closed.closed_at, TIMES)
    assert issue.clock(domain.ClockKind.RETENTION).due_at == closed.closed_at + timedelta(days=days)
    assert domain.retain(issue, closed.closed_at + timedelta(days=9), TIMES) == issue


def test_the_office_may_keep_issues_of_one_visibility_for_another_time(closed):
    rules = replace(
        TIMES.rules, retention_by_visibility={domain.Visibility.PRIVATE: domain.Span(30, domain.Unit.NATURAL_DAY)}
    )
    private = replace(closed, visibility=domain.Visibility.PRIVATE)
    for issue, days in ((private, 30), (closed, 3 * 365), (replace(private, sensitive=True), 365)):
        clock = domain.retain(issue, closed.closed_at, replace(TIMES, rules=rules)).clock(domain.ClockKind.RETENTION)
        assert clock.due_at == closed.closed_at + timedelta(days=days)


def test_the_time_to_keep_an_issue_ends_where_it_is_opened_again(closed, now):
    kept = domain.retain(closed, closed.closed_at, TIMES)
    again = domain.retain(replace(kept, state=domain.IssueState.IN_PROGRESS), now, TIMES)
    assert again.clock(domain.ClockKind.RETENTION) is None


def test_an_open_issue_has_no_time_that_it_is_kept_for(in_progress, now):
    assert domain.retain(in_progress, now, TIMES) == in_progress


def test_when_the_time_is_over_the_clock_archives_and_cuts_in_one_step(ended):
    around = domain.Around(above=None, times=TIMES)
    over = ended.clock(domain.ClockKind.RETENTION).due_at
    early, _ = domain.tick(ended, around, over - timedelta(seconds=1))
    assert early.state is domain.IssueState.CLOSED
    assert "李桂兰" in early.text
    archived, facts = domain.tick(early, around, over)
    assert archived.state is domain.IssueState.ARCHIVED
    assert archived.text == ""
    assert archived.reporter_ref == "erased:IS-0101"
    assert facts == (IssueArchived(issue_id="IS-0101"),)
    assert domain.next_moment(archived.clocks) is None
    assert domain.tick(archived, around, over + timedelta(days=9999)) == (archived, ())


def test_an_open_issue_is_never_archived(in_progress, now):
    with pytest.raises(StateNotAllowed, match="in_progress"):
        domain.archive(in_progress, now)


def test_an_issue_on_which_somebody_works_is_kept_and_says_so(in_progress, now):
    assert domain.kept(in_progress, now) == domain.Kept(id="IS-0101", reason=domain.Duty.OPEN)


def test_a_hazard_stays_on_file_until_its_time_is_over(ended):
    over = ended.clock(domain.ClockKind.RETENTION).due_at
    assert domain.kept(ended, ended.closed_at) == domain.Kept(id="IS-0101", reason=domain.Duty.LEGAL_DUTY, until=over)
    assert domain.kept(ended, over) is None


def test_a_closed_issue_without_a_hazard_can_be_cut(ended):
    assert domain.kept(replace(ended, hazard=None), ended.closed_at) is None


def test_a_vote_stays_in_the_count_without_the_voter(deliberating):
    _, _, voters, _ = deliberating
    voter = replace(
        next(one for one in voters if one.person_id == "R-1001"), choice=domain.Choice.FOR, cast_by="R-1001"
    )
    nobody = domain.cut_voter(voter, "T-1")
    assert "R-1001" not in str(nobody)
    assert (nobody.voter_id, nobody.person_id, nobody.cast_by) == ("DL-0101/erased:T-1", "erased:T-1", "erased:T-1")
    assert (nobody.choice, nobody.area) == (voter.choice, voter.area)


def test_who_was_a_proxy_is_taken_out_and_others_stay(ended, now):
    other = replace(ended.proxies[0], person="R-1003")
    issue = replace(ended, proxies=(*ended.proxies, other))
    assert domain.without_proxy(issue, "R-1002").proxies == (other,)


def test_an_erasure_is_told_without_the_person(now):
    erasure, fact = domain.erase_person(
        "E-1",
        domain.ErasureReason.OWN_WISH,
        ["IS-0101"],
        [domain.Kept(id="IS-0102", reason=domain.Duty.OPEN)],
        now,
    )
    assert fact == ResidentErased(erasure_id="E-1", reason="own_wish", issue_ids=("IS-0101",))
    assert (erasure.issue_ids, erasure.kept_ids, erasure.at) == (("IS-0101",), ("IS-0102",), now)


def test_what_was_found_about_a_person_is_cut_from_a_visit_unless_its_issue_is_kept(now):
    mine = domain.Finding(text="李桂兰独居", dimension="living_needs", resident="R-1001")
    open_one = replace(mine, issue_id="IS-0102")
    others = replace(mine, resident="R-1007")
    visit = domain.Visit(
        visit_id="VI-0001",
        round_no=1,
        held_on=now.date(),
        kind=domain.VisitKind.DOOR_CALL,
        building_id="C01-G03-E07-B09",
        household_ref=None,
        visitors=("P-0009",),
        partners=(),
        people=2,
        dimensions=("living_needs",),
        findings=(mine, open_one, others),
        consent=True,
        outcome=domain.VisitOutcome.MET,
        recorded_at=now,
        recorded_by="P-0009",
    )
    cut = domain.cut_findings(visit, "R-1001", ["IS-0102"])
    assert cut.findings == (replace(mine, text="", resident=None), open_one, others)


@pytest.mark.parametrize(("kind", "reason"), [(domain.ApprovalKind.EXTEND, ""), (domain.ApprovalKind.SUSPEND, "parts")])
def test_an_approval_keeps_its_code_and_loses_its_words(ended, now, kind, reason):
    said = "李桂兰不在家" if kind is domain.ApprovalKind.EXTEND else "parts"
    proposal = domain.Proposal(kind=kind, reason=said, public_reason="李桂兰家要等配件")
    approval = domain.Approval(
        proposal=proposal, round=1, asked_by="P-0009", asked_at=now, needed=1, decline_reason="李桂兰不同意"
    )
    cut = domain.cut(replace(ended, approvals=(approval,), public_reason="李桂兰家要等配件"))
    assert "李桂兰" not in str(cut)
    assert cut.approvals[0].proposal.reason == reason
