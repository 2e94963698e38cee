"""Outside units on three replicas: who comes at the same moment, one is first, and the other is told why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.issues.outside import Answer, Office, offices
from tests.support.eventually import eventually
from tests.support.system import T0

pytestmark = pytest.mark.server
TIMES = 8  # races of each kind
OVERDUE = 12  # issues that nobody signs for
EVIDENCE = "属于供电公司资产"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a service of three replicas."""
    yield from offices(tmp_path_factory.mktemp("races"), replicas=3)


def decided(answers: list[Answer]) -> tuple[Any, Any]:
    """Return the result of the one that won and the error of the other; there is one of each."""
    [result] = [answer["result"] for answer in answers if answer["error"] is None]
    [error] = [answer["error"] for answer in answers if answer["error"] is not None]
    return result, error


def test_one_person_signs_while_another_returns_it(office: Office) -> None:
    states = []
    for _ in range(TIMES):
        issue_id = office.dispatched()
        won, lost = decided(
            office.at_once(
                ("sign", issue_id, "PC-0007", "U-0071"),
                ("return_issue", issue_id, "PC-0007", "U-0072", "not_responsible", EVIDENCE),
            )
        )
        assert (lost["code"], lost["details"]["state"]) == ("state_not_allowed", won["state"])
        assert office.state(issue_id) == won["state"]
        states.append((issue_id, won["state"]))
    office.system.settled()
    for issue_id, state in states:
        signed, returned = (
            len(office.system.recorder.of(kind, issue_id=issue_id)) for kind in ("issue.signed", "issue.returned")
        )
        assert (signed, returned) == ((1, 0) if state == "in_progress" else (0, 1))


def test_two_persons_sign_and_one_of_them_has_it(office: Office) -> None:
    for _ in range(TIMES):
        issue_id = office.dispatched()
        won, lost = decided(office.at_once(*(("sign", issue_id, "PC-0007", person) for person in ("U-0071", "U-0072"))))
        assert won["handlers"] in (["U-0071"], ["U-0072"])
        assert office.do("get_issue", issue_id)["handlers"] == won["handlers"]
        assert (lost["code"], lost["details"]["state"]) == ("state_not_allowed", "in_progress")
        office.system.recorder.wait_for("issue.signed", 1, issue_id=issue_id)
    signed = [process.metric("bus_commands_total", method="sign") for process in office.system.of("issues")]
    assert sum(count > 0 for count in signed) > 1, "one replica alone is no race"


def test_a_unit_that_gave_it_back_is_not_heard_while_the_next_one_signs(office: Office) -> None:
    for _ in range(TIMES):
        issue_id = office.dispatched()
        office.do("return_issue", issue_id, "PC-0007", "U-0071", "not_responsible", EVIDENCE)
        office.do("dispatch", issue_id, "UT-0001")
        won, lost = decided(
            office.at_once(
                ("sign", issue_id, "UT-0001", "U-0011"),
                ("return_issue", issue_id, "PC-0007", "U-0071", "not_responsible", EVIDENCE),
            )
        )
        assert (won["state"], won["lead_unit"]) == ("in_progress", "UT-0001")
        assert lost["code"] in ("not_the_lead_unit", "state_not_allowed")


def test_two_dispatchers_dispatch_and_one_unit_has_it(office: Office) -> None:
    for _ in range(TIMES):
        issue_id = office.triaged()
        won, lost = decided(office.at_once(*(("dispatch", issue_id, unit) for unit in ("PC-0007", "UT-0001"))))
        assert (lost["code"], lost["details"]["unit"]) == ("still_to_sign", won["lead_unit"])
        found = office.do("get_issue", issue_id)
        assert (found["lead_unit"], len(found["orders"])) == (won["lead_unit"], 1)
        office.system.recorder.wait_for("issue.dispatched", 1, issue_id=issue_id)


def test_three_replicas_tick_and_each_clock_ends_once(office: Office) -> None:
    """The moment is the same for all; each of them looks by itself, and is asked to at once besides."""
    overdue = [office.dispatched() for _ in range(OVERDUE)]
    office.system.move_clock(T0 + timedelta(days=1))
    answers = office.at_once(*(("run_due",) for _ in range(6)))
    assert [answer["error"] for answer in answers] == [None] * 6
    recorder = office.system.recorder
    eventually(lambda: all(recorder.of("issue.clock_expired", issue_id=one, clock="sign") for one in overdue))
    office.system.settled()
    for issue_id in overdue:
        [expired] = recorder.of("issue.clock_expired", issue_id=issue_id, clock="sign")
        assert (expired["data"]["unit"], expired["actor"]) == ("PC-0007", "clock")
        assert len(recorder.of("issue.escalated", issue_id=issue_id)) == 1
