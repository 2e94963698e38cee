import pytest

from services.issues import domain
from services.issues.domain.lifecycle import BESIDE, BY_ITSELF, DELIBERATION, ISSUE, MEDIATION, PROJECT
from services.issues.service import IssuesService
from shared.errors import StateNotAllowed

CYCLES = pytest.mark.parametrize(
    "cycle", [ISSUE, BESIDE, DELIBERATION, MEDIATION, PROJECT], ids=lambda cycle: cycle.kind
)

ALLOWED = {
    "reported": "add_update approve ask_info decline force_close merge reject relapse set_deadline support "
    "triage withdraw withdraw_support",
    "needs_info": "add_update approve decline force_close give_info reject set_deadline support triage withdraw "
    "withdraw_support",
    "triaged": "act add_update approve assign decline dispatch force_close merge open_deliberation "
    "propose_topic relapse request_help set_deadline start_secretary_project support withdraw "
    "withdraw_support",
    "rejected": "",
    "dispatched": "add_update approve decline dispatch force_close return_issue set_deadline sign support withdraw "
    "withdraw_support",
    "returned": "add_update approve decline dispatch force_close set_deadline support withdraw withdraw_support",
    "arbitrating": "add_update approve decline force_close rule set_deadline support withdraw withdraw_support",
    "in_progress": "accept_project act add_assisting add_update approve assign cancel_project decline end_assisting "
    "extend force_close open_deliberation propose_topic record_contact refer_mediation report_done "
    "request_help resolve set_deadline start_secretary_project support suspend withdraw "
    "withdraw_support",
    "deliberating": "add_update approve close_vote decline force_close set_deadline support withdraw "
    "withdraw_support withdraw_topic",
    "mediating": "add_update approve conclude_mediation decline force_close set_deadline support withdraw "
    "withdraw_support",
    "in_project": "accept_project act add_update approve cancel_project decline force_close request_help resolve "
    "set_deadline support withdraw withdraw_support",
    "suspended": "add_update approve decline force_close set_deadline support withdraw withdraw_support",
    "handled": "add_update approve decline fail_check force_close resolve set_deadline support withdraw_support",
    "resolved": "confirm",
    "closed": "answer_durability record_call_back reopen",
    "force_closed": "record_call_back reopen",
    "handed_over": "acknowledge_hand_over record_district_result",
    "merged": "support unmerge withdraw_support",
    "withdrawn": "",
    "archived": "",
}


@pytest.mark.parametrize("state", list(domain.IssueState))
def test_each_state_of_an_issue_allows_these_commands_and_no_other(state):
    assert ISSUE.allowed_in(state) == tuple(ALLOWED[state].split())


@CYCLES
def test_every_command_of_a_table_is_a_method_that_can_be_called(cycle):
    commands = {row.command for row in cycle.rows if BY_ITSELF not in row.who}

    assert {command for command in commands if not hasattr(IssuesService, command)} == set()


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
