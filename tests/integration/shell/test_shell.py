"""The nameko shell with piped lines, on running services."""

import socket
import time

import pytest

from shared.errors import Unavailable
from shared.shell.client import Client
from tests.integration.shell.conftest import run

pytestmark = pytest.mark.server


def test_a_thread_is_shown_over_all_services_in_order_with_causes(shell):
    done = shell('trace("IS-0001")')

    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert "IS-0001: 229 events" in done.stdout
    reported, closed, credited = (
        next(n for n, line in enumerate(lines) if kind in line)
        for kind in ("issue.reported", "issue.closed", "hours.credited")
    )
    assert reported < closed < credited
    assert "└ hours.credited" in lines[credited]
    assert "服务时长已入账" in lines[credited]


def test_hundreds_of_effects_are_one_line_unless_each_is_asked_for(shell):
    assert "notification.delivered ×200" in shell('trace("IS-0001")').stdout
    assert shell('trace("IS-0001", every=True)').stdout.count("notification.delivered") == 210


def test_a_thread_nobody_knows_is_an_error(shell):
    done = shell('trace("IS-9999")')

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "NotFound not_found: no service announced anything about IS-9999" in done.stderr


def test_an_answer_is_shown_as_a_table(shell):
    done = shell('n.rpc.notify.inbox("R-1001")')

    assert "notification_id" in done.stdout
    assert "感谢您的5星评价" in done.stdout


def test_an_error_is_one_line_and_ends_what_was_piped_in(shell):
    done = shell('n.rpc.issues.get_issue("IS-9999")\nprint("still here")')

    assert done.returncode == 1
    assert "still here" not in done.stdout
    assert "Traceback" not in done.stderr
    assert "NotFound not_found:" in done.stderr


def test_an_error_can_be_caught_with_its_code_and_details(shell):
    lines = """
try:
    n.rpc.issues.triage("IS-0001", category={"$gt": ""})
except Exception as error:
    print(error.code, list(error.details["fields"]))
"""

    assert "invalid_input ['category']" in shell(lines).stdout


def test_help_lists_methods_and_says_what_a_call_takes(shell):
    done = shell('help()\nhelp("issues.triage")\nhelp(n.rpc.issues.triage)')

    assert "report_issue(reporter, building_id, text" in done.stdout
    assert "import_org_tree(units)" in done.stdout
    assert done.stdout.count("issue_id           text") == 2
    assert "normal | urgent" in done.stdout
    assert "a code that list_categories answers" in " ".join(done.stdout.split())


def test_queues_show_depth_outbox_and_parked_of_all_services(shell):
    done = shell("queues()")

    assert all(f"rpc-{service}" in done.stdout for service in ("issues", "volunteer", "enrollment", "notify"))
    assert all(word in done.stdout for word in ("messages", "consumers", "outbox pending", "oldest (s)", "parked"))


def test_a_syntax_error_runs_nothing(shell):
    done = shell('print("ran")\nthis is no python')

    assert (done.returncode, done.stdout) == (1, "")


def test_a_service_that_never_was_is_a_retryable_error_at_once(shell):
    began = time.monotonic()
    done = shell("n.rpc.nobody.ask()")

    assert done.returncode == 1
    assert time.monotonic() - began < 5
    assert "Unavailable unavailable: no service named nobody takes calls" in done.stderr
    assert "may be tried again" in done.stderr


def test_a_broker_that_is_away_is_a_retryable_error_within_ten_seconds(shell):
    began = time.monotonic()
    done = shell("n.rpc.issues.list_issues()", AMQP_URI="amqp://nobody:secret@127.0.0.1:9/")

    assert done.returncode == 1
    assert time.monotonic() - began < 10
    assert "Unavailable unavailable: the broker does not answer" in done.stderr


def test_a_broker_that_accepts_and_says_nothing_is_a_retryable_error_within_ten_seconds(shell):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        done = shell("n.rpc.issues.list_issues()", AMQP_URI=f"amqp://a:b@127.0.0.1:{silent.getsockname()[1]}/")

    assert time.monotonic() - began < 12  # the call's 10 s and the start of Python
    assert "Unavailable unavailable: the broker does not answer" in done.stderr


def test_a_call_to_a_stopped_service_ends_in_time_and_takes_no_effect_later(system):
    [process] = system.start("enrollment")
    process.stop()
    client = Client(system.place.amqp_uri, seconds=2)

    with pytest.raises(Unavailable):
        client.call("enrollment", "plan_course", title="x", theme="urban_management", course_kind="skill", capacity=2)

    system.start("enrollment")
    assert client.call("enrollment", "queues")["queues"]
    assert system.database("enrollment").courses.count_documents({}) == 0
    client.close()


def test_a_lost_connection_is_opened_again_by_the_next_call(played):
    client = Client(played.system.place.amqp_uri)
    client.call("issues", "describe")
    client._connection.connection.transport.sock.shutdown(socket.SHUT_RDWR)

    assert client.call("issues", "describe")["service"] == "issues"
    client.close()


def test_with_a_key_the_shell_is_logged_in_as_administrator_and_others_are_not(system):
    key = "a key that is long enough for HMAC-SHA-256"
    system.start("enrollment", AUTH_KEY=key)

    logged_in = run(system.place, "shared.shell", text="n.rpc.enrollment.queues()", AUTH_KEY=key)
    stranger = run(system.place, "shared.shell", text="n.rpc.enrollment.queues()", AUTH_KEY="")

    assert logged_in.returncode == 0, logged_in.stderr
    assert stranger.returncode == 1
    assert "Unauthenticated unauthenticated:" in stranger.stderr
