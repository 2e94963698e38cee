import dataclasses

import pytest

from services.issues import domain
from services.issues.domain.steps import Done
from services.issues.schemas import deliberation_view
from shared.errors import StateNotAllowed


def test_a_topic_waits_for_its_roll_and_the_issue_stays_where_it_is(triaged, topic, now):
    issue, deliberation = domain.propose_topic(triaged, topic, by="P-0007", now=now)

    assert (deliberation.deliberation_id, deliberation.state) == ("DL-0101", domain.DeliberationState.PROPOSED)
    assert (deliberation.rule, deliberation.matter) == ("owners_special", "change_common_parts")
    assert deliberation.steps == (Done(step=domain.Step.PROPOSE, by="P-0007", at=now),)
    assert deliberation.next_step.step is domain.Step.ROLL
    assert (issue.state, issue.open_deliberation_id) == (triaged.state, "DL-0101")
    assert issue.deliberation_ids == ("DL-0101",)
    assert issue.clocks == triaged.clocks


def test_an_issue_has_one_topic_at_a_time(proposed, topic, owners, now):
    issue, _ = proposed

    with pytest.raises(domain.DeliberationUnderWay) as refused:
        domain.propose_topic(issue, topic, by="P-0007", now=now)

    assert refused.value.details == {"deliberation_id": "DL-0101"}


@pytest.mark.parametrize(("proposers", "size", "enough"), [(3, 7, False), (4, 7, True), (3, 6, True), (7, 6, False)])
def test_half_of_the_council_brings_a_topic_up(triaged, topic, *, now, proposers, size, enough):
    topic = dataclasses.replace(
        topic,
        proposed_by=domain.ProposedBy.COUNCIL_HALF,
        proposers=tuple(f"R-{n}" for n in range(proposers)),
        council_size=size,
    )

    if enough:
        assert domain.propose_topic(triaged, topic, by="P-0007", now=now)[1].proposers == topic.proposers
    else:
        with pytest.raises(domain.TooFewProposers) as refused:
            domain.propose_topic(triaged, topic, by="P-0007", now=now)
        assert refused.value.details == {"council_size": size, "proposers": proposers}


def test_a_topic_of_the_council_names_the_councils_size(triaged, topic, now):
    topic = dataclasses.replace(topic, proposed_by=domain.ProposedBy.COUNCIL_HALF, proposers=("R-1",))

    with pytest.raises(domain.TooFewProposers):
        domain.propose_topic(triaged, topic, by="P-0007", now=now)


def test_what_no_vote_decides_is_not_even_proposed(triaged, topic, now):
    with pytest.raises(domain.TopicNotAllowed):
        domain.propose_topic(
            triaged, dataclasses.replace(topic, matter=domain.Matter.CUT_OFF_SUPPLY), by="P-0007", now=now
        )


def test_a_rule_below_what_the_matter_needs_is_refused(triaged, topic, now):
    with pytest.raises(domain.RuleTooWeak, match="change_common_parts needs owners_special"):
        domain.propose_topic(
            triaged, dataclasses.replace(topic, rule=domain.VotingRule.OWNERS_ORDINARY), by="P-0007", now=now
        )


def test_an_issue_that_nobody_has_looked_at_is_not_deliberated(reported, topic, now):
    with pytest.raises(StateNotAllowed):
        domain.propose_topic(reported, topic, by="P-0007", now=now)


def test_the_topic_of_a_sensitive_issue_is_shown_to_those_who_are_asked_only(triaged, topic, now):
    _, deliberation = domain.propose_topic(triaged, topic, by="P-0007", now=now)

    assert deliberation_view(deliberation, guarded=True)["topic"] == topic.topic
    assert deliberation_view(deliberation, whole=False)["topic"] == topic.topic
    masked = str(deliberation_view(deliberation, whole=False, guarded=True))
    assert "DL-0101" in masked
    assert all(secret not in masked for secret in ("车棚", "9栋", "B09"))
