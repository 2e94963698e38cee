"""Ordered subscriptions when something fails: the subject waits as a whole, others go on, and its order stays."""

import json
from collections.abc import Iterator

import pytest

from tests.integration.line.conftest import make_register
from tests.support.eventually import eventually
from tests.support.toy.driver import payment
from tests.support.toy.ordered import Register

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Give a register of one replica and the ledger it hears; tests work on accounts of their own names."""
    for register in make_register(tmp_path_factory.mktemp("register")):
        register.start_ledger()
        register.start()
        yield register


def replay(register: Register, subject: str) -> int:
    """Replay every parked event of a subject, the last one first."""
    ids = [row["_id"] for row in reversed(register.parked(subject))]
    return int(register.system.call("register", "replay_parked", ids=ids)["replayed"])


def states(register: Register, subject: str) -> list[tuple[int, str, str]]:
    """Return number, state and reason of what is kept of a subject, in its order."""
    kept = []
    for row in register.database.parked.find({"subject": subject, "open": True}, sort=[("position", 1)]):
        body = json.loads(row["raw"])
        number = int(body["sequence"]) if body["type"] == "account.credited" else body["data"]["amount"]
        kept.append((number, row["state"], row["reason"]))
    return kept


def test_an_event_that_must_wait_holds_its_subject_and_nobody_else(running: Register) -> None:
    running.trouble("later", 3, "later")
    running.announce(["later", "other"], 5)
    running.wait_heard("other", range(1, 6))
    running.announce(["later"], 1)
    eventually(lambda: len(states(running, "later")) == 4)
    assert running.heard("later") == [1, 2]
    assert states(running, "later") == [
        (3, "waiting", ""),
        (4, "waiting", "behind_parked"),
        (5, "waiting", "behind_parked"),
        (6, "waiting", "behind_parked"),
    ]
    running.mend()
    running.wait_heard("later", range(1, 7))  # after the first rung of the ladder
    eventually(lambda: running.parked("later") == [])


def test_behind_a_parked_event_its_subject_is_parked_and_replayed_in_order(running: Register) -> None:
    running.trouble("broken", 2, "broken")
    running.announce(["broken", "whole"], 3)
    running.wait_heard("whole", range(1, 4))
    eventually(lambda: len(states(running, "broken")) == 2)
    running.announce(["broken"], 2)
    eventually(lambda: len(states(running, "broken")) == 4)
    assert states(running, "broken") == [
        (2, "parked", "defect"),
        *((number, "parked", "behind_parked") for number in (3, 4, 5)),
    ]
    assert replay(running, "broken") == 4  # not mended: the head fails again, and nobody passes it
    eventually(lambda: running.parked("broken")[0]["times"] == 2)
    assert running.heard("broken") == [1]
    running.mend()
    assert replay(running, "broken") == 4
    running.announce(["broken"], 1)  # meanwhile
    running.wait_heard("broken", range(1, 7))
    eventually(lambda: running.parked("broken") == [])


def test_what_is_behind_cannot_be_replayed_before_its_head(running: Register) -> None:
    running.trouble("ahead", 1, "broken")
    running.announce(["ahead"], 2)
    eventually(lambda: len(states(running, "ahead")) == 2)
    last = running.parked("ahead")[-1]["_id"]
    running.system.call("register", "replay_parked", ids=[last])
    eventually(lambda: running.database.deadlines.count_documents({}) == 0)
    running.announce(["ahead"], 1)
    eventually(lambda: len(states(running, "ahead")) == 3)
    assert running.heard("ahead") == []


def test_what_waits_behind_a_dropped_event_goes_on(running: Register) -> None:
    running.trouble("dropped", 2, "broken")
    running.announce(["dropped"], 4)
    eventually(lambda: len(states(running, "dropped")) == 3)
    head = running.parked("dropped")[0]
    assert running.system.call("register", "drop_parked", ids=[head["_id"]]) == {"dropped": 1}
    running.wait_heard("dropped", [1, 3, 4])
    running.mend()
    resent = running.system.call(
        "ledger", "resend_events", types=["account.credited"], since=head["parked_at"].replace(hour=0).isoformat()
    )
    assert resent["resent"] > 0
    running.announce(["dropped"], 1)
    running.wait_heard("dropped", [1, 3, 4, 5])  # what was dropped does not come after its successors


def test_an_event_without_readable_data_holds_its_subject_and_bytes_without_envelope_nobody(running: Register) -> None:
    running.bank.publish(b"no event at all")
    running.bank.pay("data", 1)
    running.bank.send(payment("data", 0))  # an amount of nothing is not valid
    running.bank.pay("data", 2)
    running.bank.pay("data-too", 1)
    running.wait_heard("bank-data-too", [1])
    eventually(lambda: len(states(running, "data")) == 2)
    assert running.heard("bank-data") == [1]
    assert states(running, "data") == [(0, "parked", "invalid"), (2, "parked", "behind_parked")]
    [loose] = running.database.parked.find({"reason": "not_json"})
    assert "subject" not in loose
    head = running.parked("data")[0]["_id"]
    running.system.call("register", "drop_parked", ids=[head])
    running.wait_heard("bank-data", [1, 2])
