from dataclasses import replace
from datetime import timedelta

import pytest

from services.issues import domain
from shared.errors import StateNotAllowed
from tests.support.reports import BUILDING, ESTATE, at_work, reported, triaged
from tests.support.times import NOW, TIMES

UNITS = domain.Units(own=BUILDING, above=ESTATE)
CLOSED_AT = NOW - timedelta(days=10)


def closed(number=1, **told):
    return replace(
        at_work(number, **{"asset_id": "LIFT-9", **told}), state=domain.IssueState.CLOSED, closed_at=CLOSED_AT
    )


def relapse(issue, of):
    return domain.relapse(issue, of, UNITS, by="P-0100", now=NOW, times=TIMES)


def test_a_report_on_the_same_asset_and_class_is_linked():
    issue = domain.link_relapse(triaged(2, asset_id="LIFT-9"), closed(), TIMES)

    assert issue.relapse_of == "IS-0001"


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        replace(closed(), closed_at=NOW - timedelta(days=31)),
        replace(closed(), asset_id="LIFT-8"),
        replace(closed(), category="waste_station"),
        replace(closed(), state=domain.IssueState.IN_PROGRESS, closed_at=None),
    ],
    ids=["nothing", "long ago", "another asset", "another class", "still open"],
)
def test_anything_else_is_not(earlier):
    issue = triaged(2, asset_id="LIFT-9")

    assert domain.link_relapse(issue, earlier, TIMES) == issue


def test_a_relapse_reopens_the_closed_issue_which_leads_the_report():
    member, lead, facts = relapse(triaged(2, asset_id="LIFT-9"), closed())

    assert [(fact.type, fact.issue_id) for fact in facts] == [
        ("issue.reopened", "IS-0001"),
        ("issue.merged", "IS-0002"),
    ]
    assert (facts[0].reason, facts[0].satisfaction) == ("relapse", None)
    assert (lead.state, lead.round, lead.members) == ("in_progress", 2, ("IS-0002",))
    assert (member.state, member.lead_issue_id, member.relapse_of) == ("merged", "IS-0001", "IS-0001")


def test_a_second_relapse_goes_one_level_up():
    _, lead, facts = relapse(triaged(2, asset_id="LIFT-9"), replace(closed(), round=2))

    assert [fact.type for fact in facts] == ["issue.reopened", "issue.assigned", "issue.merged"]
    assert lead.responsible_unit == ESTATE.org_unit_id


def test_a_report_that_triage_has_not_sorted_may_be_one():
    assert relapse(reported(2, asset_id="LIFT-9"), closed())[0].state is domain.IssueState.MERGED


@pytest.mark.parametrize(
    ("issue", "of", "why"),
    [
        (triaged(2), closed(), "not about one asset"),
        (triaged(2, asset_id="LIFT-9", category="waste_station"), closed(), "the categories differ"),
        (triaged(2, asset_id="LIFT-9"), triaged(1, asset_id="LIFT-9"), "IS-0001 is triaged, not closed"),
        (triaged(2, asset_id="LIFT-9"), replace(closed(), closed_at=NOW - timedelta(days=31)), "reported later than"),
    ],
    ids=["asset", "class", "open", "long ago"],
)
def test_what_is_no_relapse_is_refused_with_the_reason(issue, of, why):
    with pytest.raises(domain.NotARelapse, match=why):
        relapse(issue, of)


def test_work_that_has_begun_is_not_merged_into_the_closed_issue():
    with pytest.raises(StateNotAllowed, match="the issue is in_progress"):
        relapse(at_work(2, asset_id="LIFT-9"), closed())
