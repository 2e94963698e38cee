import pytest

from services.issues import domain
from services.issues.domain.lifecycle import BY_ITSELF, DELIBERATION, ISSUE, PROJECT
from services.issues.service import IssuesService
from shared.errors import StateNotAllowed

CYCLES = pytest.mark.parametrize("cycle", [ISSUE, DELIBERATION, PROJECT], ids=lambda cycle: cycle.kind)

ALLOWED = {
    "reported": ("triage",),
    "triaged": ("open_deliberation", "request_help", "start_secretary_project"),
    "deliberating": ("close_vote",),
    "in_project": ("accept_project", "request_help", "resolve"),
    "in_progress": ("accept_project", "open_deliberation", "request_help", "resolve", "start_secretary_project"),
    "resolved": ("confirm",),
    "closed": (),
}


@pytest.mark.parametrize("state", list(domain.IssueState))
def test_each_state_of_an_issue_allows_these_commands_and_no_other(state):
    assert ISSUE.allowed_in(state) == ALLOWED[state]


@CYCLES
def test_every_command_of_a_table_is_a_method_that_can_be_called(cycle):
    callable_rows = [row for row in cycle.rows if BY_ITSELF not in row.who]

    assert all(hasattr(IssuesService, row.command) for row in callable_rows)


@CYCLES
def test_whatever_the_table_does_not_name_is_refused_with_what_is_allowed(cycle):
    states = {type(state) for row in cycle.rows for state in row.states}.pop()
    commands = {row.command for row in cycle.rows}
    for state in states:
        for command in commands - {row.command for row in cycle.rows if state in row.states}:
            with pytest.raises(StateNotAllowed, match=f"the {cycle.kind} is {state}") as refused:
                cycle.step(state, command)
            assert refused.value.details["allowed"] == list(cycle.allowed_in(state))


def test_a_decision_cannot_lead_to_a_state_outside_the_table():
    with pytest.raises(StateNotAllowed):
        ISSUE.step(domain.IssueState.RESOLVED, "confirm", domain.IssueState.TRIAGED)
