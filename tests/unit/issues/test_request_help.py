import dataclasses

import pytest

from services.issues import domain
from services.issues.events import IssueHelpRequested
from shared.errors import StateNotAllowed
from tests.support.categories import CATEGORIES


def test_the_request_says_all_that_volunteer_needs(triaged, help_wanted):
    issue, fact = domain.request_help(triaged, help_wanted, CATEGORIES["bike_shed"])

    assert fact == IssueHelpRequested(
        issue_id="IS-0101",
        category="bike_shed",
        needed=2,
        hours_estimate=3.0,
        scope="building",
        qualification_policy="preferred",
        lead_rule="dual_lead",
        urgent=False,
        sensitive=False,
        building_id="C01-G03-E07-B09",
        qualification="hazard_inspection",
        round=1,
        request_no=1,
        title="振徽苑9栋非机动车棚",
    )
    assert (issue.state, issue.help_requests) == (domain.IssueState.TRIAGED, 1)


def test_the_second_request_has_the_next_number(triaged, help_wanted):
    issue, _ = domain.request_help(triaged, help_wanted, CATEGORIES["bike_shed"])

    _, fact = domain.request_help(issue, help_wanted, CATEGORIES["bike_shed"])

    assert fact.request_no == 2


@pytest.mark.parametrize(
    ("category", "policy", "qualification"),
    [
        ("bike_shed", "preferred", "hazard_inspection"),
        ("neighbour_dispute", "required", "mediation"),
        ("child_care", "required", "child_care"),
        ("waste_station", "none", None),
    ],
)
def test_the_qualification_follows_the_category(triaged, help_wanted, category, policy, qualification):
    _, fact = domain.request_help(triaged, help_wanted, CATEGORIES[category])

    assert (fact.qualification_policy, fact.qualification) == (policy, qualification)


def test_the_policy_can_be_stricter_or_looser(triaged, help_wanted):
    required = dataclasses.replace(help_wanted, policy=domain.QualificationPolicy.REQUIRED)
    nothing = dataclasses.replace(help_wanted, policy=domain.QualificationPolicy.NONE)

    _, strict = domain.request_help(triaged, required, CATEGORIES["bike_shed"])
    _, loose = domain.request_help(triaged, nothing, CATEGORIES["bike_shed"])

    assert (strict.qualification_policy, strict.qualification) == ("required", "hazard_inspection")
    assert (loose.qualification_policy, loose.qualification) == ("none", None)


def test_a_category_without_a_qualification_cannot_require_one(triaged, help_wanted):
    required = dataclasses.replace(help_wanted, policy=domain.QualificationPolicy.REQUIRED)

    with pytest.raises(domain.NoQualificationKnown):
        domain.request_help(triaged, required, CATEGORIES["waste_station"])


@pytest.mark.parametrize(("needed", "lead_rule"), [(1, "none"), (2, "dual_lead"), (5, "dual_lead")])
def test_two_or_more_go_as_party_member_and_non_member(triaged, help_wanted, needed, lead_rule):
    _, fact = domain.request_help(triaged, dataclasses.replace(help_wanted, needed=needed), CATEGORIES["bike_shed"])

    assert fact.lead_rule == lead_rule


@pytest.mark.parametrize("state", ["reported", "deliberating", "resolved", "closed"])
def test_no_helpers_are_asked_for_before_triage_during_a_vote_or_at_the_end(triaged, help_wanted, state):
    issue = dataclasses.replace(triaged, state=domain.IssueState(state))

    with pytest.raises(StateNotAllowed):
        domain.request_help(issue, help_wanted, CATEGORIES["bike_shed"])
