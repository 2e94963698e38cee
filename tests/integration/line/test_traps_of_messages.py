"""Traps of stock nameko in what arrives (architecture.md): each row by its name, on real servers."""

import json

import pytest

from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.toy.driver import Toy, payment

pytestmark = pytest.mark.server
FORMS = (
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "APPLICATION/JSON",
    "application/cloudevents+json",
    "application/cloudevents+json; charset=utf-8",
    None,
)
FOREIGN = ("text/plain", "application/xml", "application/x-python-serialize", "application/jsonp", "nonsense")
STRANGE = {
    "nameko.call_id_stack": 7,
    "nameko.auth_token": ["not", "a", "token"],
    "nameko.language": {"a": 1},
    "nameko.": None,
}


def test_handler_raises_and_its_event_is_parked_and_the_next_one_handled(ledger: Toy) -> None:
    bad = ledger.bank.pay("raises", 1, "raise")
    ledger.bank.pay("raises", 2)
    row = ledger.wait_parked(bad)
    assert (row["reason"], row["state"], row["handler"]) == ("defect", "parked", "on_payment_received")
    assert "ZeroDivisionError: the rule broke" in row["detail"]
    ledger.wait_booked("raises", 2)
    assert ledger.mark(bad) == {}


def test_requeue_on_error_and_a_poison_message_do_not_loop(ledger: Toy) -> None:
    bad = ledger.bank.pay("loops", 1, "raise")
    assert ledger.wait_parked(bad)["times"] == 1
    for _ in range(5):  # the handler goes on, and whatever loops would come by
        ledger.bank.pay("loops", 1)
    ledger.wait_booked("loops", 5)
    ledger.system.settled()
    assert ledger.runs(bad) <= 2  # once in its batch, once alone
    assert ledger.parked(bad)["times"] == 1


def test_malformed_bodies_are_parked_and_every_form_of_the_content_type_is_taken(ledger: Toy) -> None:
    taken = [payment("forms") for _ in FORMS]
    for form, event in zip(FORMS, taken, strict=True):
        ledger.bank.publish(json.dumps(event).encode(), content_type=form, message_id=event["id"])
    foreign = {f"foreign-{number}": form for number, form in enumerate(FOREIGN)}
    for message_id, form in foreign.items():
        ledger.bank.publish(f"<{message_id}/>".encode(), content_type=form, message_id=message_id)
    ledger.bank.publish(b"\x80\x04}.", message_id="broken")
    ledger.bank.pay("forms")
    for message_id, form in foreign.items():
        row = ledger.wait_parked(message_id)
        assert (row["reason"], row["content_type"]) == ("content_type", form)
        assert row["raw"] == f"<{message_id}/>".encode()
    assert (ledger.wait_parked("broken")["reason"], ledger.parked("broken")["raw"]) == ("encoding", b"\x80\x04}.")
    ledger.wait_booked("forms", len(FORMS) + 1)


def test_a_header_nameko_call_id_stack_of_7_on_an_event_hurts_nobody(ledger: Toy) -> None:
    for name, value in STRANGE.items():
        ledger.bank.send(payment("headers"), {name: value})
    ledger.bank.pay("headers")
    ledger.wait_booked("headers", len(STRANGE) + 1)
    assert all(process.is_ready() for process in ledger.system.processes)


def test_a_header_nameko_call_id_stack_of_7_on_a_call_hurts_nobody(ledger: Toy) -> None:
    caller = RawCaller(ledger.system.place.amqp_uri)
    for name, value in STRANGE.items():
        answer = caller.call("ledger", "list_accounts", headers={name: value}, limit=1)
        assert answer["error"] is None, name
    caller.close()
    assert all(process.is_ready() for process in ledger.system.processes)


def test_headers_no_database_can_hold_hurt_nobody(ledger: Toy) -> None:
    """What is parked is kept with its headers; not every header can be kept."""
    names = {"a\0b": 1, "a.b": 2, "$set": 3, "": 4, "half": "x\ud83d"}
    ledger.bank.publish(b"{", message_id="bad-header", headers=names)
    ledger.bank.publish(b"{", message_id="bad-\ud83d-id")
    ledger.bank.publish(b"{}", message_id="bad-attribute", headers={"ce-specversion": "1.0", "ce-id": {"$gt": ""}})
    ledger.bank.pay("header-values")
    ledger.wait_booked("header-values", 1)
    row = ledger.wait_parked("bad-header")
    assert row["reason"] == "not_json"
    assert 2 in row["headers"].values()
    eventually(lambda: ledger.database.parked.count_documents({"event_id": {"$regex": "^bad-"}}) == 3)


def test_expected_errors_are_logged_without_a_traceback(ledger: Toy) -> None:
    [process] = ledger.system.of("ledger")
    before = process.log.stat().st_size
    caller = RawCaller(ledger.system.place.amqp_uri)
    assert caller.call("ledger", "get_account", account_id="nobody")["error"]["code"] == "not_found"
    assert caller.call("ledger", "deposit", account_id={"$gt": ""}, amount=1)["error"]["code"] == "invalid_input"
    caller.close()
    refused = ledger.bank.pay("quiet", 1, "refuse")
    eventually(lambda: ledger.mark(refused))
    ledger.bank.publish(b"[]", message_id="quiet-list")
    ledger.wait_parked("quiet-list")
    expected = process.log.read_bytes()[before:].decode()
    assert "call refused" in expected
    assert "Traceback" not in expected
    ledger.wait_parked(ledger.bank.pay("quiet", 1, "raise"))
    unexpected = process.log.read_bytes()[before:].decode()
    assert "Traceback" in unexpected
    assert all(json.loads(line) for line in unexpected.splitlines())  # one JSON object a line, tracebacks included
