"""Bad input in calls: one error with a stable code, the field and what is allowed; nothing written."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.rpc import RawCaller
from tests.support.toy.driver import Toy

pytestmark = pytest.mark.server
MEGABYTE = 1024 * 1024
HALF = "\ud83d"  # half a character pair: AMQP carries it, UTF-8 has no bytes for it
INVALID: dict[str, tuple[dict[str, Any], str, str]] = {  # what is sent, the field at fault, a word of what is allowed
    "unknown field": ({"amounts": 1}, "amounts", "account_id, amount"),
    "missing field": ({"amount": ...}, "amount", "required"),
    "missing id": ({"account_id": ...}, "account_id", "required"),
    "null": ({"amount": None}, "amount", "null"),
    "text for a number": ({"amount": "5"}, "amount", "integer"),
    "fraction for a whole number": ({"amount": 1.5}, "amount", "integer"),
    "true for a number": ({"amount": True}, "amount", "integer"),
    "no number": ({"amount": float("nan")}, "amount", "integer"),
    "infinity": ({"amount": float("inf")}, "amount", "integer"),
    "too small": ({"amount": 0}, "amount", "greater than or equal to 1"),
    "too large": ({"amount": 10**7}, "amount", "less than or equal to 1000000"),
    "beyond 64 bits": ({"amount": 10**30}, "amount", "64 bits"),
    "operator object for an id": ({"account_id": {"$gt": ""}}, "account_id", "Must be a text"),
    "operator object for a number": ({"amount": {"$gt": 0}}, "amount", "integer"),
    "list for a number": ({"amount": [1]}, "amount", "integer"),
    "number for an id": ({"account_id": 7}, "account_id", "Must be a text"),
    "empty id": ({"account_id": ""}, "account_id", "between 1 and 64"),
    "long id": ({"account_id": "A" * 65}, "account_id", "between 1 and 64"),
    "id with an operator": ({"account_id": "$where"}, "account_id", "Allowed are letters"),
    "id with a line break": ({"account_id": "A-1\n"}, "account_id", "Allowed are letters"),
    "id with a NUL": ({"account_id": "A\0"}, "account_id", "Allowed are letters"),
    "unknown choice": ({"behaviour": "explode"}, "behaviour", "book, raise"),
    "operator object for a choice": ({"behaviour": {"$ne": 1}}, "behaviour", "book, raise"),
    "malformed command id": ({"command_id": "a b"}, "command_id", "Allowed are letters"),
    "revision beyond 64 bits": ({"expected_revision": 2**63}, "expected_revision", "64 bits"),
    "revision of nothing": ({"expected_revision": 0}, "expected_revision", "greater than or equal to 1"),
}
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"args": ["\xff"], "kwargs": {}}',
    "a list": b"[]",
    "null": b"null",
    "no kwargs": b'{"args": []}',
    "args is a number": b'{"args": 7, "kwargs": {}}',
    "kwargs is a text": b'{"args": [], "kwargs": "account_id"}',
    "too deep": b'{"args": ' + b"[" * 50_000 + b"]" * 50_000 + b', "kwargs": {}}',
    "two megabytes": json.dumps({"args": [], "kwargs": {"note": "x" * 2 * MEGABYTE}}).encode(),
}


@pytest.fixture(scope="module")
def caller(ledger: Toy) -> Iterator[RawCaller]:
    """Give one caller."""
    ledger.call("open_account", "B-1")
    ledger.call("open_account", "B-closed")
    ledger.call("close_account", "B-closed")
    made = RawCaller(ledger.system.place.amqp_uri)
    yield made
    made.close()


@pytest.fixture
def unchanged(ledger: Toy) -> Iterator[None]:
    """Compare what the ledger keeps before and after a test."""
    ledger.system.settled()
    before = ledger.contents()
    yield
    assert ledger.contents() == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.replace(" ", "_"))
def test_a_malformed_command_is_refused_with_the_field_and_what_is_allowed(caller: RawCaller, case: str) -> None:
    change, field, allowed = INVALID[case]
    values = {name: value for name, value in {"account_id": "B-1", "amount": 1, **change}.items() if value is not ...}
    error = caller.call("ledger", "deposit", **values)["error"]
    assert (error["code"], error["exc_type"], error["retryable"]) == ("invalid_input", "InvalidInput", False)
    assert list(error["details"]["fields"]) == [field]
    assert allowed in str(error["details"]["fields"][field])


@pytest.mark.usefixtures("unchanged")
def test_every_field_at_fault_is_named_at_once(caller: RawCaller) -> None:
    error = caller.call("ledger", "deposit", amount="x", behaviour=7, colour="red")["error"]
    assert set(error["details"]["fields"]) == {"account_id", "amount", "behaviour", "colour"}


@pytest.mark.usefixtures("unchanged")
def test_a_text_of_one_megabyte_is_refused_with_the_length_that_is_allowed(caller: RawCaller) -> None:
    error = caller.call("ledger", "open_account", account_id="B-2", note="长" * (MEGABYTE // 8))["error"]
    assert error["code"] == "invalid_input"
    assert "between 1 and 4000" in str(error["details"]["fields"]["note"])
    error = caller.call("ledger", "open_account", account_id="B-2", note="x" * MEGABYTE)["error"]
    assert error["code"] == "invalid_input"
    assert str(MEGABYTE) in error["value"]  # the whole call is too large


@pytest.mark.usefixtures("unchanged")
def test_a_text_that_no_database_can_hold_is_refused(caller: RawCaller) -> None:
    body = b'{"args": [], "kwargs": {"account_id": "B-2", "note": "half \\ud83d"}}'
    error = caller.wait(caller.send("ledger", "open_account", body))["error"]
    assert error["code"] == "invalid_input"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+00:00", "2025-03-03T09:00:00", "soon", 7, {"$gt": ""}]
)
def test_a_moment_without_offset_or_beyond_every_calendar_is_refused(caller: RawCaller, moment: Any) -> None:
    error = caller.call("ledger", "plan_statement", account_id="B-1", due_at=moment)["error"]
    assert (error["code"], list(error["details"]["fields"])) == ("invalid_input", ["due_at"])


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("case", BODIES, ids=lambda case: case.replace(" ", "_"))
def test_a_wrong_body_of_a_call_is_answered_with_what_a_call_looks_like(caller: RawCaller, case: str) -> None:
    error = caller.wait(caller.send("ledger", "open_account", BODIES[case]))["error"]
    assert error["code"] == "invalid_input"
    assert "a call " in error["value"]


@pytest.mark.usefixtures("unchanged")
def test_positional_values_that_are_too_many_or_given_twice_are_refused(caller: RawCaller) -> None:
    error = caller.call("ledger", "deposit", "B-1", 1, "book", "more")["error"]
    assert (error["code"], "account_id, amount, behaviour" in error["value"]) == ("invalid_input", True)
    error = caller.call("ledger", "deposit", "B-1", 1, amount=2)["error"]
    assert error["details"]["fields"] == {"amount": ["Given twice."]}


@pytest.mark.usefixtures("unchanged")
def test_an_unknown_method_is_named(caller: RawCaller) -> None:
    for method in ("explode", "line", "_administrator", "__init__", "on_payment_received", "on_statement_due"):
        error = caller.call("ledger", method)["error"]
        assert (error["exc_type"], error["value"]) == ("MethodNotFound", method)


@pytest.mark.usefixtures("unchanged")
def test_a_name_or_an_id_of_a_call_that_no_text_can_hold_hurts_nobody(ledger: Toy, caller: RawCaller) -> None:
    body = json.dumps({"args": [], "kwargs": {"account_id": "B-none"}}).encode()
    strange = caller.wait(caller.send("ledger", f"explode{HALF}", body))["error"]
    assert strange["exc_type"] == "MethodNotFound"
    assert caller.wait(caller.send("ledger", "close_account", body, call_id=f"call{HALF}"))["error"] is not None
    assert all(process.is_ready() for process in ledger.system.processes)
    assert caller.call("ledger", "get_account", account_id="B-1")["result"]["account_id"] == "B-1"


@pytest.mark.usefixtures("unchanged")
def test_an_id_that_does_not_exist_is_not_found(caller: RawCaller) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [("deposit", {"amount": 1}), ("get_account", {}), ("close_account", {})]
    for method, values in calls:
        error = caller.call("ledger", method, account_id="B-none", **values)["error"]
        assert (error["code"], error["details"]["id"]) == ("not_found", "B-none")


@pytest.mark.usefixtures("unchanged")
def test_a_state_that_does_not_allow_it_is_told_with_what_is_allowed(caller: RawCaller) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("deposit", {"amount": 1}),
        ("withdraw", {"amount": 1}),
        ("close_account", {}),
    ]
    for method, values in calls:
        error = caller.call("ledger", method, account_id="B-closed", **values)["error"]
        assert error["code"] == "state_not_allowed"
        assert error["details"] == {"account_id": "B-closed", "state": "closed", "allowed": ["open"]}


@pytest.mark.usefixtures("unchanged")
def test_a_refusal_after_the_handler_saved_and_announced_leaves_nothing(caller: RawCaller) -> None:
    error = caller.call("ledger", "deposit", "B-1", 1, "refuse")["error"]
    assert (error["code"], error["exc_type"]) == ("payment_disputed", "PaymentDisputed")
    error = caller.call("ledger", "deposit", "B-1", 1, "raise")["error"]
    assert (error["code"], error["details"]["kind"]) == ("internal_error", "ZeroDivisionError")
    assert "the rule broke" not in json.dumps(error)  # what broke inside is for the log


@pytest.mark.usefixtures("unchanged")
def test_a_list_asks_for_a_page_it_can_have(caller: RawCaller) -> None:
    for values, field in (({"limit": 0}, "limit"), ({"limit": 501}, "limit"), ({"after": {"$ne": None}}, "after")):
        error = caller.call("ledger", "list_accounts", **values)["error"]
        assert list(error["details"]["fields"]) == [field]
    page = caller.call("ledger", "list_accounts", limit=1)["result"]
    assert len(page["items"]) == 1
    assert page["next"] == page["items"][0]["account_id"]
