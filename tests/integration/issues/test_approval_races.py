"""Several persons and the clock decide on one issue at once, on three replicas: whatever comes first counts."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from nameko.exceptions import RemoteError

from tests.integration.issues.deciding import Office, offices
from tests.support.eventually import eventually

pytestmark = pytest.mark.server
RACES = 6
DAY = timedelta(days=1)
NOTHING_LEFT = {"NothingToApprove", "StateNotAllowed"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a service of three replicas, on which each test makes issues of its own."""
    yield from offices(tmp_path_factory.mktemp("test_approval_races"), replicas=3)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make calls at the same moment; return each answer, or the name of its refusal."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(20)
        try:
            return call()
        except RemoteError as refused:
            return refused.exc_type

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def done(answers: list[Any]) -> list[Any]:
    """Return the answers that were none of a refusal."""
    return [answer for answer in answers if isinstance(answer, dict)]


def suspended_until(office: Office, issue_id: str, until: datetime) -> None:
    """Let an issue rest."""
    office.call("suspend", issue_id, until=until.isoformat(), reason="parts", public_reason="等待配件", by="P-0007")
    office.call("approve", issue_id, kind="suspend", by="P-0002")


def test_of_two_who_approve_at_once_where_one_is_needed_one_decides(office: Office) -> None:
    until = (office.system.now + 5 * DAY).isoformat()
    for _ in range(RACES):
        issue_id = office.at_work()
        office.call("suspend", issue_id, until=until, reason="parts", public_reason="等待配件", by="P-0007")

        answers = at_once(
            partial(office.call, "approve", issue_id, kind="suspend", by="P-0002"),
            partial(office.call, "approve", issue_id, kind="suspend", by="P-0003"),
        )

        [answer] = done(answers)
        assert {refused for refused in answers if refused is not answer} <= NOTHING_LEFT
        issue = office.issue(issue_id)
        [approval] = issue["approvals"]
        assert (issue["state"], approval["state"], approval["approved_by"]) == (
            "suspended",
            "granted",
            answer["approvals"][0]["approved_by"],
        )
        assert office.announced(issue_id).count("issue.suspended") == 1


def test_two_who_approve_at_once_where_two_are_needed_both_count_and_the_end_moves_once(office: Office) -> None:
    for _ in range(RACES):
        issue_id = office.at_work()
        office.call("extend", issue_id, days=3, reason="备件未到", by="P-0007")

        answers = at_once(
            partial(office.call, "approve", issue_id, kind="extend", by="P-0002"),
            partial(office.call, "approve", issue_id, kind="extend", by="P-0003"),
        )

        assert len(done(answers)) == 2
        issue = office.issue(issue_id)
        [approval] = issue["approvals"]
        [resolve] = [clock for clock in issue["clocks"] if clock["kind"] == "resolve"]
        moved = datetime.fromisoformat(resolve["due_at"]) - datetime.fromisoformat(resolve["first_due_at"])
        assert (sorted(approval["approved_by"]), approval["state"], moved) == (["P-0002", "P-0003"], "granted", 3 * DAY)
        assert office.announced(issue_id).count("issue.extended") == 1


def test_one_person_who_approves_twice_at_once_counts_once(office: Office) -> None:
    issue_id = office.at_work()
    office.call("extend", issue_id, days=3, reason="备件未到", by="P-0007")

    answers = at_once(*[partial(office.call, "approve", issue_id, kind="extend", by="P-0002")] * 4)

    [approval] = office.issue(issue_id)["approvals"]
    assert (len(done(answers)), sorted(str(one) for one in answers if not isinstance(one, dict))) == (
        1,
        ["AnotherPersonNeeded"] * 3,
    )
    assert (approval["approved_by"], approval["state"]) == (["P-0002"], "pending")


def test_of_one_who_approves_and_one_who_declines_at_once_one_decides(office: Office) -> None:
    until = (office.system.now + 5 * DAY).isoformat()
    for _ in range(RACES):
        issue_id = office.at_work()
        office.call("suspend", issue_id, until=until, reason="parts", public_reason="等待配件", by="P-0007")

        answers = at_once(
            partial(office.call, "approve", issue_id, kind="suspend", by="P-0002"),
            partial(office.call, "decline", issue_id, kind="suspend", by="P-0003", reason="理由不足"),
        )

        [answer] = done(answers)
        assert {refused for refused in answers if refused is not answer} <= NOTHING_LEFT
        issue, events = office.issue(issue_id), office.announced(issue_id)
        granted = issue["approvals"][0]["state"] == "granted"
        assert issue["state"] == ("suspended" if granted else "in_progress")
        assert (events.count("issue.suspended"), events.count("issue.approval_declined")) == (
            (1, 0) if granted else (0, 1)
        )


def test_two_who_propose_at_once_make_one_proposal(office: Office) -> None:
    for _ in range(RACES):
        issue_id = office.at_work()

        answers = at_once(
            partial(office.call, "extend", issue_id, days=3, reason="备件未到", by="P-0007"),
            partial(office.call, "extend", issue_id, days=3, reason="备件未到", by="P-0008"),
        )

        [answer] = done(answers)
        assert [refused for refused in answers if refused is not answer] == ["ApprovalPending"]
        assert len(office.issue(issue_id)["approvals"]) == 1
        assert office.announced(issue_id).count("issue.approval_requested") == 1


def test_the_clock_wakes_each_issue_once_whatever_the_number_of_replicas(office: Office) -> None:
    until = office.system.now + 2 * DAY
    issue_ids = [office.at_work() for _ in range(RACES)]
    for issue_id in issue_ids:
        suspended_until(office, issue_id, until)

    office.system.move_clock(until)

    eventually(lambda: {office.issue(issue_id)["state"] for issue_id in issue_ids} == {"in_progress"})
    for issue_id in issue_ids:
        assert office.announced(issue_id).count("issue.resumed") == 1
        [resolve] = [clock for clock in office.issue(issue_id)["clocks"] if clock["kind"] == "resolve"]
        rested = datetime.fromisoformat(resolve["due_at"]) - datetime.fromisoformat(resolve["first_due_at"])
        assert rested == 2 * DAY


def test_where_the_clock_wakes_what_is_closed_by_force_at_that_moment_it_stays_closed(office: Office) -> None:
    until = office.system.now + 2 * DAY
    issue_ids = [office.at_work() for _ in range(3 * RACES)]
    for issue_id in issue_ids:
        suspended_until(office, issue_id, until)
        office.call("force_close", issue_id, reason="overtaken", public_reason="已拆除", by="P-0007")

    with office.system.rpc() as rpc:
        close = partial(rpc.issues.approve, kind="force_close", by="P-0002")
        _, answers = at_once(
            partial(office.system.move_clock, until),
            lambda: [close(issue_id) for issue_id in issue_ids],
        )

    assert [answer["state"] for answer in answers] == ["force_closed"] * len(issue_ids)
    for issue_id in issue_ids:
        issue, events = office.issue(issue_id), office.announced(issue_id)
        assert (issue["state"], issue["outcome"], issue["forced"]) == ("force_closed", "not_solvable", True)
        assert [clock["kind"] for clock in issue["clocks"] if clock["finished_at"] is None] == ["retention"]
        [deadline] = office.system.database("issues").deadlines.find({"key": issue_id})
        assert deadline["due_at"] > until + 365 * DAY
        resumed = events.count("issue.resumed")
        assert events[-1 - resumed :] == ["issue.resumed"] * resumed + ["issue.force_closed"]
        assert (events.count("issue.force_closed"), resumed <= 1) == (1, True)
