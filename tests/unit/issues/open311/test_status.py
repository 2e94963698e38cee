"""Every state has its place in the two words of the specification and the finer ones of mySociety."""

from dataclasses import replace

import pytest

from services.issues.domain import IssueState, Outcome
from services.issues.open311.status import CLOSED, ELSEWHERE, OPEN, STANDINGS, UNCONFIRMED, standing, states

EXTENDED = {  # open311-adapter, Open311::Endpoint::Role::mySociety, and what FixMyStreet takes them for
    OPEN: {"open", "in_progress", "planned", "action_scheduled", "investigating", "for_triage", "reopen"},
    CLOSED: {"closed", "fixed", "duplicate", "not_councils_responsibility", "no_further_action", "cancelled"},
}


def test_all_twenty_states_are_told():
    assert set(STANDINGS) == set(IssueState)
    assert len(STANDINGS) == 20


@pytest.mark.parametrize("told", [*STANDINGS.values(), UNCONFIRMED, ELSEWHERE], ids=lambda told: told.note)
def test_both_words_say_the_same(told):
    assert told.extended in EXTENDED[told.status]


def test_what_is_not_solved_for_the_resident_is_open():
    assert set(states(CLOSED)) == {"rejected", "closed", "force_closed", "merged", "withdrawn", "archived"}
    assert {"resolved", "handed_over"} <= set(states(OPEN))
    assert len(states()) == 20


def test_fixed_is_only_what_a_person_confirmed(closed):
    assert standing(closed) is UNCONFIRMED
    assert standing(replace(closed, satisfaction=4)).extended == "fixed"


def test_what_belongs_elsewhere_is_told_apart(reported):
    rejected = replace(reported, state=IssueState.REJECTED)

    assert standing(rejected).extended == "no_further_action"
    assert standing(replace(rejected, outcome=Outcome.NOT_OURS)).extended == "not_councils_responsibility"
