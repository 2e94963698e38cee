import pytest

from services.volunteer import domain
from services.volunteer.domain import IssueState
from shared.errors import AlreadyHandled


@pytest.fixture
def fresh():
    return domain.IssueCopy(issue_id="IS-0101")


def test_the_residents_answer_verifies_the_round(fresh):
    copy = domain.verify(fresh, 1, IssueState.CLOSED, 9)

    assert (copy.state, copy.sequence, copy.verified_rounds) == (IssueState.CLOSED, 9, (1,))


@pytest.mark.parametrize("sequence", [0, 9, 12])
def test_a_round_is_verified_once_whatever_the_number_of_the_event(fresh, sequence):
    copy = domain.verify(fresh, 1, IssueState.CLOSED, 9)

    with pytest.raises(AlreadyHandled):
        domain.verify(copy, 1, IssueState.CLOSED, sequence)


def test_a_late_first_round_is_verified_but_does_not_take_the_state_back(fresh):
    copy = domain.verify(fresh, 2, IssueState.CLOSED, 15)

    copy = domain.verify(copy, 1, IssueState.OPEN, 9)

    assert (copy.state, copy.sequence) == (IssueState.CLOSED, 15)
    assert sorted(copy.verified_rounds) == [1, 2]


def test_a_closed_issue_that_is_reopened_later_is_open_again_without_verifying_twice(fresh):
    copy = domain.verify(fresh, 1, IssueState.CLOSED, 9)

    copy = domain.verify(copy, 1, IssueState.OPEN, 20)

    assert (copy.state, copy.verified_rounds) == (IssueState.OPEN, (1,))


def test_closing_before_the_confirmation_has_arrived_leaves_the_round_to_be_verified(fresh):
    copy = domain.close(fresh, 1, 10)

    copy = domain.verify(copy, 1, IssueState.CLOSED, 9)

    assert (copy.state, copy.sequence, copy.verified_rounds) == (IssueState.CLOSED, 10, (1,))


def test_no_help_is_sought_for_a_round_that_is_over(fresh):
    copy = domain.close(fresh, 1, 10)

    with pytest.raises(domain.IssueClosed):
        domain.check_open(copy, 1)
    domain.check_open(copy, 2)
