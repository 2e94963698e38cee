"""The command line on running services."""

import json

import pytest

from tests.integration.shell.conftest import run
from tests.support.eventually import eventually

pytestmark = pytest.mark.server


def test_a_thread_for_machines_is_json_with_titles_and_causes(cli):
    done = cli("trace", "IS-0001", "--json")

    steps = json.loads(done.stdout)
    assert len(steps) == 229
    assert steps[0]["type"] == "issue.reported"
    assert steps[0]["zh"] == "事项已反映"
    assert {step["service"] for step in steps} == {"issues", "volunteer", "notify"}
    assert all(step["caused_by"] is None or step["caused_by"] < step["step"] for step in steps)


def test_a_method_is_called_with_values_from_the_command_line(cli):
    done = cli("call", "issues.get_issue", "issue_id=IS-0001", "--json")

    assert json.loads(done.stdout)["state"] == "closed"


def test_an_error_is_one_line_and_exit_code_1(cli):
    for argv in (
        ["call", "issues.get_issue", "issue_id=IS-9999"],
        ["call", "issues.get_issue", "IS-9999"],
        ["trace", "IS-9999"],
        ["parked", "show", "nope"],
        ["parked", "drop"],
    ):
        done = cli(*argv)
        assert (done.returncode, done.stdout) == (1, ""), argv
        assert done.stderr.startswith("✗ ")
        assert done.stderr.count("\n") == 1


def test_a_wrong_option_says_what_is_allowed(cli):
    done = cli("parked", "list", "--since", "yesterday")

    assert done.returncode == 2
    assert "a moment such as 2025-03-03T09:00" in done.stderr


def test_services_that_are_away_do_not_hide_the_others(system):
    system.start("enrollment")

    done = run(system.place, "shared.cli", "queues", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["enrollment"]["parked"] == 0
    assert "issues: ✗ Unavailable unavailable: no service named issues takes calls" in done.stderr


def test_what_is_due_can_be_handled_now(cli):
    assert set(json.loads(cli("run-due", "--json").stdout)) == {"issues", "volunteer", "enrollment", "notify"}


def test_sent_events_are_sent_again(cli):
    done = cli("resend", "--service", "issues", "--type", "issue.closed", "--since", "1h", "--json")

    assert json.loads(done.stdout)["issues"]["resent"] >= 1


def test_a_parked_event_is_listed_shown_replayed_and_dropped(cli, shell, played):
    event = {"specversion": "1.0", "id": "E-1", "source": "issues", "type": "issue.resolved", "subject": "IS-0001"}
    whole = {**event, "time": "2025-03-03T09:00:00+08:00", "data": {"issue_id": {"$gt": ""}}}
    sent = shell(f'n.dispatch_event("issues", "issue.resolved", {whole})')
    assert "confirmed" in sent.stdout

    def listed(*argv):
        page = json.loads(cli("parked", "list", "--json", "--service", "notify", *argv).stdout)
        return page["notify"]["items"]

    [row] = eventually(listed)
    shown = cli("parked", "show", row["parked_id"])
    assert '"$gt"' in shown.stdout
    assert json.loads(cli("parked", "replay", "--reason", row["reason"], "--rate", "10", "--json").stdout)[
        "notify"
    ] == {"replayed": 1}
    eventually(lambda: [one for one in listed() if one["times"] == 2])
    assert listed("--type", "issue.closed") == []
    assert json.loads(cli("parked", "drop", row["parked_id"], "--json").stdout)["notify"] == {"dropped": 1}
    assert listed() == []
    assert "nothing is parked" in cli("parked", "list").stdout
