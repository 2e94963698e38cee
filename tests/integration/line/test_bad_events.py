"""Bad input in events: parked with the reason and the bytes, the next one handled; shown, dropped, replayed."""

import json
from typing import Any

import pytest

from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.toy.driver import Toy, payment

pytestmark = pytest.mark.server
TEN_MEGABYTES = 10 * 1024 * 1024
GOOD = payment("bad-input", id="the-good-one")
SCHEMA = "https://linli.example/schemas/payment.received"


def event(**changes: Any) -> bytes:
    """Write the good event with other attributes, without those that are `...`."""
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not ...}).encode()


def data(**changes: Any) -> bytes:
    """Write the good event with other data."""
    values = {name: value for name, value in {**GOOD["data"], **changes}.items() if value is not ...}
    return event(data=values)


BAD = {  # what arrives, the reason it is parked for, a word of the detail
    "nothing": (b"", "not_json", "not JSON"),
    "no JSON": (b"{'a': 1}", "not_json", "not JSON"),
    "half of it": (event()[:-20], "not_json", "not JSON"),
    "NaN": (data(amount=float("nan")), "not_json", "not JSON"),
    "not UTF-8": (event(subject="居民").decode("unicode_escape").encode("gbk"), "encoding", "not UTF-8"),
    "half a character pair": (event(subject="\ud83d"), "encoding", "not UTF-8"),
    "a list": (json.dumps([GOOD]).encode(), "not_an_object", "not a list"),
    "a number": (b"7", "not_an_object", "one object"),
    "null": (b"null", "not_an_object", "one object"),
    "data is a list": (event(data=[GOOD["data"]]), "not_an_object", "data must be an object"),
    "no data": (event(data=...), "invalid", "account_id"),
    "too deep": (b"[" * 100_000, "not_json", "not JSON"),
    "ten megabytes": (b'{"x": "' + b"x" * TEN_MEGABYTES + b'"}', "too_large", "at most"),
    "id is an object": (event(id={"$gt": ""}), "envelope", "id must be a text"),
    "type is a list": (event(type=[]), "envelope", "type must be a text"),
    "source is missing its text": (event(source=""), "envelope", "source must be a text"),
    "another specversion": (event(specversion="0.3"), "envelope", "specversion"),
    "time without offset": (event(time="2025-03-03T09:00:00"), "envelope", "offset"),
    "time is no time": (event(time="yesterday"), "envelope", "RFC 3339"),
    "unknown type": (event(type="payment.lost"), "unknown_type", "payment.received"),
    "unknown version": (event(dataschema=f"{SCHEMA}/2"), "unknown_version", "version 1"),
    "missing field": (data(amount=...), "invalid", "amount"),
    "malformed field": (data(amount="1"), "invalid", "amount"),
    "operator object": (data(account_id={"$gt": ""}), "invalid", "account_id"),
    "unknown choice": (data(behaviour="explode"), "invalid", "behaviour"),
    "several fields": (data(amount=-1, account_id=7), "invalid", "account_id"),
}


@pytest.fixture(scope="module", autouse=True)
def arrived(ledger: Toy) -> None:
    """Publish everything bad, a good event behind each."""
    for case, (body, _, _) in BAD.items():
        ledger.bank.publish(body, message_id=f"case {case}")
        ledger.bank.pay("bad-input")


def row_of(ledger: Toy, case: str) -> dict[str, Any]:
    """Wait until a case is parked and return its row."""
    return eventually(lambda: ledger.database.parked.find_one({"message_id": f"case {case}"}))


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.replace(" ", "_"))
def test_a_bad_event_is_parked_with_its_reason_and_its_bytes(ledger: Toy, case: str) -> None:
    body, reason, word = BAD[case]
    row = row_of(ledger, case)
    assert (row["reason"], row["state"], row["attempts"], row["times"]) == (reason, "parked", 1, 1)
    assert word in row["detail"]
    assert (row["raw"], row["size"]) == (body, len(body))
    assert (row["handler"], row["exchange"], row["routing_key"]) == (
        "on_payment_received",
        "bank.events",
        "payment.received",
    )


def test_the_event_behind_each_bad_one_is_handled_and_no_bad_one_had_an_effect(ledger: Toy) -> None:
    ledger.wait_booked("bad-input", len(BAD))
    assert ledger.mark("the-good-one") == {}
    assert ledger.runs("the-good-one") == 0


def test_unknown_fields_are_no_mistake(ledger: Toy) -> None:
    more = payment("more-fields", 2)
    more["data"]["added_later"] = {"$set": 1}
    ledger.bank.send({**more, "addedlater": [1]})
    ledger.wait_booked("more-fields", 2)


def test_parked_events_are_listed_shown_and_dropped(ledger: Toy) -> None:
    caller = RawCaller(ledger.system.place.amqp_uri)
    listed = caller.call("ledger", "parked", reason="encoding", handler="on_payment_received")["result"]["items"]
    assert row_of(ledger, "not UTF-8")["_id"] in {one["parked_id"] for one in listed}
    assert {one["reason"] for one in listed} == {"encoding"}
    parked_id = row_of(ledger, "not UTF-8")["_id"]
    shown = caller.call("ledger", "show_parked", parked_id)["result"]
    assert (shown["reason"], "\\x" in shown["body"]) == ("encoding", True)
    assert (
        caller.call("ledger", "show_parked", row_of(ledger, "ten megabytes")["_id"])["result"]["size"] > TEN_MEGABYTES
    )
    assert caller.call("ledger", "drop_parked", ids=[parked_id])["result"] == {"dropped": 1}
    assert caller.call("ledger", "drop_parked", ids=[parked_id])["result"] == {"dropped": 0}
    again = caller.call("ledger", "parked", ids=[parked_id])["result"]["items"]
    assert again == []
    assert caller.call("ledger", "show_parked", parked_id)["result"]["state"] == "dropped"
    assert caller.call("ledger", "show_parked", "nothing")["error"]["code"] == "not_found"
    caller.close()


def test_an_event_is_replayed_under_its_own_id_after_the_cause_is_gone(ledger: Toy) -> None:
    ledger.raise_flag("broken")
    paid = ledger.bank.pay("replayed", 5, "raise_while_broken", correlationid="R-1")
    row = ledger.wait_parked(paid)
    assert (row["reason"], row["correlation"]) == ("defect", "R-1")
    assert ledger.call("replay_parked", ids=[row["_id"]]) == {"replayed": 1}
    eventually(lambda: ledger.parked(paid)["times"] == 2)  # the cause is still there: parked again, one row
    assert ledger.parked(paid)["state"] == "parked"
    ledger.lower_flag("broken")
    assert ledger.call("replay_parked", type="payment.received", reason="defect", ids=[row["_id"]]) == {"replayed": 1}
    ledger.wait_booked("replayed", 5)
    assert (ledger.mark(paid)["result"], ledger.parked(paid)["state"]) == ("done", "replayed")
    [credited] = ledger.system.recorder.wait_for("account.credited", 1, account_id="replayed")
    assert (credited["causationid"], credited["correlationid"]) == (paid, "R-1")
    assert ledger.call("replay_parked", ids=[row["_id"]]) == {"replayed": 0}
    ledger.bank.send(payment("replayed", 5, id=paid))
    eventually(lambda: ledger.mark(paid)["deliveries"] == 2)
    assert ledger.balance("replayed") == 5


def test_what_was_parked_in_a_foreign_form_is_replayed_in_that_form(ledger: Toy) -> None:
    """A bare payload with headers, as an outside service sends it: its type is only in the routing key."""
    ledger.raise_flag("broken")
    body = payment("bare", 3, "raise_while_broken", id="bare-1")["data"]
    binary = {"ce-specversion": "1.0", "ce-id": "binary-1", "ce-source": "bank", "ce-type": "payment.received"}
    ledger.bank.publish(json.dumps(body).encode())
    ledger.bank.publish(json.dumps({**body, "payment_id": "binary-1"}).encode(), headers=binary, content_type=None)
    ids = [ledger.wait_parked(event_id)["_id"] for event_id in ("payment.received:bare-1", "binary-1")]
    ledger.lower_flag("broken")
    assert ledger.call("replay_parked", ids=ids, rate=1000) == {"replayed": 2}
    ledger.wait_booked("bare", 6)
    assert ledger.mark("payment.received:bare-1")["result"] == ledger.mark("binary-1")["result"] == "done"


def test_ten_megabytes_are_replayed_and_parked_again(ledger: Toy) -> None:
    row = row_of(ledger, "ten megabytes")
    assert ledger.call("replay_parked", ids=[row["_id"]]) == {"replayed": 1}
    eventually(lambda: row_of(ledger, "ten megabytes")["times"] == 2)
    assert row_of(ledger, "ten megabytes")["raw"] == row["raw"]
    ledger.bank.pay("after-replay")
    ledger.wait_booked("after-replay", 1)
