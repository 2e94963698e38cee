import pytest

from services.issues import domain, schemas
from services.issues.events import IssueDistrictReported, IssueHandOverAcknowledged
from shared.actor import Actor
from shared.errors import Forbidden, InvalidInput, StateNotAllowed
from shared.schemas import load

NUMBER = "QJ-2025-00417"


def test_the_districts_own_number_replaces_ours(handed_over, now):
    assert handed_over.reference_no == "HO-0101"

    issue, [fact] = domain.acknowledge_hand_over(handed_over, NUMBER, now)

    assert fact == IssueHandOverAcknowledged(
        issue_id="IS-0101", reference_no=NUMBER, reporter_ref="R-1001", title="振徽苑9栋非机动车棚"
    )
    assert (issue.reference_no, issue.acknowledged_at, issue.state) == (NUMBER, now, domain.IssueState.HANDED_OVER)


def test_the_same_number_again_says_nothing_new_and_another_is_refused(handed_over, now):
    issue, _ = domain.acknowledge_hand_over(handed_over, NUMBER, now)

    assert domain.acknowledge_hand_over(issue, NUMBER, now) == (issue, ())
    with pytest.raises(domain.AlreadyAcknowledged) as refusal:
        domain.acknowledge_hand_over(issue, "QJ-2025-00418", now)
    assert refusal.value.details == {"reference_no": NUMBER}


def test_what_came_of_it_is_taken_down_once(handed_over, now):
    issue, fact = domain.record_district_result(
        handed_over, domain.Outcome.SOLVED, "区城管局已改造", by="P-0200", now=now
    )

    assert fact == IssueDistrictReported(
        issue_id="IS-0101", outcome="solved", reporter_ref="R-1001", title="振徽苑9栋非机动车棚"
    )
    assert (issue.outcome, issue.district_result.answer, issue.district_result.by) == (
        domain.Outcome.SOLVED,
        "区城管局已改造",
        "P-0200",
    )
    with pytest.raises(domain.AlreadyReported):
        domain.record_district_result(issue, domain.Outcome.PARTLY, "x", by="P-0200", now=now)


def test_both_are_shown_with_the_issue(handed_over, now):
    issue, _ = domain.acknowledge_hand_over(handed_over, NUMBER, now)
    issue, _ = domain.record_district_result(issue, domain.Outcome.NOT_SOLVABLE, "无用地", by="P-0200", now=now)

    shown = schemas.issue_view(issue)

    assert (shown["reference_no"], shown["outcome"], shown["district_result"]["answer"]) == (
        NUMBER,
        "not_solvable",
        "无用地",
    )
    assert "district_result" not in schemas.issue_view(issue, whole=False)


def test_only_what_the_district_has_is_acknowledged_or_reported(triaged, now):
    with pytest.raises(StateNotAllowed):
        domain.acknowledge_hand_over(triaged, NUMBER, now)
    with pytest.raises(StateNotAllowed):
        domain.record_district_result(triaged, domain.Outcome.SOLVED, "x", by="P-0200", now=now)


def test_a_dispatcher_takes_it_down_and_a_unit_does_not():
    for command in ("acknowledge_hand_over", "record_district_result"):
        domain.authorise(Actor(id="P-0200", roles=("dispatcher",)), command)
        with pytest.raises(Forbidden):
            domain.authorise(Actor(id="U-0071", roles=("unit",)), command)


@pytest.mark.parametrize("outcome", ["none", "withdrawn", "great"])
def test_a_result_is_one_that_the_district_can_have(outcome):
    with pytest.raises(InvalidInput) as error:
        load(schemas.RecordDistrictResult, {"issue_id": "IS-1", "outcome": outcome, "answer": "x"})

    assert list(error.value.details["fields"]) == ["outcome"]


@pytest.mark.parametrize("number", ["", "QJ 1", "x" * 65, {"$ne": 1}])
def test_a_number_is_a_short_id(number):
    with pytest.raises(InvalidInput) as error:
        load(schemas.AcknowledgeHandOver, {"issue_id": "IS-1", "reference_no": number})

    assert list(error.value.details["fields"]) == ["reference_no"]
