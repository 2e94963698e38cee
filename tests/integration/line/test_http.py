"""Routes over HTTP: bounded, in one transaction, honest while the database is away, and finished before the end."""

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from shared.entrypoints.http import FORMS, LARGEST_BODY
from tests.integration.line.conftest import make_toy
from tests.support.eventually import eventually
from tests.support.processes import free_port
from tests.support.proxy import Proxy
from tests.support.toy.driver import Toy

pytestmark = pytest.mark.server


class Api:
    """The ledger's routes on one process."""

    def __init__(self, toy: Toy, **env: str) -> None:
        address = f"127.0.0.1:{free_port()}"
        self.toy, self.url = toy, f"http://{address}"
        self.process = toy.start(API_ADDRESS=address, **env)[0]

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=30)

    def pay(self, account: str, amount: str = "1", **form: str) -> requests.Response:
        data = {"amount": amount, **form}
        return requests.post(f"{self.url}/accounts/{account}/deposits", data=data, timeout=30)

    def logged(self) -> list[dict]:
        """Return the lines of the access log."""
        lines = (line for line in self.process.log.read_text().splitlines() if line.startswith("{"))
        return [line for line in map(json.loads, lines) if line.get("event") == "http"]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    for toy in make_toy(tmp_path_factory.mktemp("api")):
        yield Api(toy)


def test_a_get_reads_and_a_post_is_one_transaction_with_its_fact(api: Api) -> None:
    api.toy.call("open_account", "web-1")

    assert api.pay("web-1", "5").json()["balance"] == 5
    assert api.get("/accounts/web-1").json()["balance"] == 5
    assert api.toy.database.outbox.find_one({"events.type": "account.credited", "events.subject": "web-1"})


def test_posts_that_meet_all_take_effect(api: Api) -> None:
    api.toy.call("open_account", "web-2")
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(api.pay("web-2").status_code)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 12
    assert api.toy.balance("web-2") == 12


@pytest.mark.parametrize(
    ("amount", "behaviour", "status"), [("5", "refuse", 409), ("none", "book", 400), ("5", "raise", 500)]
)
def test_what_is_refused_changes_nothing_and_tells_no_traceback(
    api: Api, amount: str, behaviour: str, status: int
) -> None:
    account = f"web-3-{status}"
    api.toy.call("open_account", account)

    answer = api.pay(account, amount, behaviour=behaviour)

    assert answer.status_code == status
    assert answer.json()["errors"]
    assert "Traceback" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert api.toy.balance(account) == 0


def test_what_is_not_there_is_said_to_be_missing_and_what_is_there_names_its_method(api: Api) -> None:
    nowhere, nobody = api.get("/elsewhere"), api.get("/accounts/nobody-here")
    wrong = requests.delete(f"{api.url}/accounts/nobody-here", timeout=10)

    assert (nowhere.status_code, nobody.status_code, wrong.status_code) == (404, 404, 405)
    assert "GET" in wrong.headers["Allow"]


def test_a_body_that_is_too_large_is_refused_unread(api: Api) -> None:
    assert api.pay("web-1", note="x" * LARGEST_BODY).status_code == 413


def test_a_body_without_a_length_is_refused(api: Api) -> None:
    chunked = requests.post(f"{api.url}/accounts/web-1/deposits", data=iter([b"amount=1"]), timeout=10)

    assert chunked.status_code == 411


@pytest.mark.parametrize(
    "sent", [{"json": {"amount": 1}}, {"files": {"photo": b"jpeg"}, "data": {"amount": "1"}}], ids=["json", "file"]
)
def test_what_is_no_plain_form_is_refused_and_changes_nothing(api: Api, sent: dict) -> None:
    before = api.toy.balance("web-1")

    answer = requests.post(f"{api.url}/accounts/web-1/deposits", timeout=10, **sent)

    assert answer.status_code == 415
    assert api.toy.balance("web-1") == before


def test_a_caller_that_sends_half_a_body_is_not_waited_for_without_end(api: Api) -> None:
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 30) as half:
        began = time.monotonic()
        start = b"POST /accounts/web-1/deposits HTTP/1.1\r\nHost: a\r\nContent-Type: " + FORMS[0].encode()
        half.sendall(start + b"\r\nContent-Length: 100\r\n\r\namount=")
        said = half.recv(100)

    assert said == b"" or b" 408 " in said.splitlines()[0]
    assert 5 < time.monotonic() - began < 20


def test_the_access_log_names_the_route_and_no_value(api: Api) -> None:
    api.get("/accounts/web-1?phone=13812345678")

    eventually(lambda: any(line["route"] == "/accounts/<account_id>" for line in api.logged()))
    text = api.process.log.read_text()
    assert "13812345678" not in text
    assert {"method", "route", "status", "seconds"} <= set(api.logged()[-1])


def test_requests_in_work_are_answered_before_the_process_ends_and_new_ones_are_not_taken(toy: Toy) -> None:
    api = Api(toy)
    toy.call("open_account", "slow")
    toy.raise_flag("gate")
    answers: list[requests.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(api.pay("slow", "7", behaviour="wait")))
    waiting.start()
    eventually(lambda: toy.runs("deposit:slow"))
    api.process.signal(signal.SIGTERM)
    eventually(lambda: not accepts(api.url))
    toy.lower_flag("gate")
    waiting.join(30)

    assert answers[0].status_code == 200
    assert toy.balance("slow") == 7
    assert api.process.stop() == 0


def accepts(url: str) -> bool:
    """Whether anybody takes a new connection there."""
    host, port = url.removeprefix("http://").split(":")
    try:
        with socket.create_connection((host, int(port)), 2):
            return True
    except OSError:
        return False


def test_while_the_database_is_away_the_answer_is_503_with_retry_after_and_then_all_is_well(toy: Toy) -> None:
    database = Proxy(toy.system.place.mongodb_uri)
    api = Api(toy, MONGODB_URI=database.uri)
    toy.call("open_account", "away")
    database.refuse()

    began = time.monotonic()
    answer = api.get("/accounts/away")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert time.monotonic() - began < 11
    database.flow()
    eventually(lambda: api.get("/accounts/away").status_code == 200)
    database.close()
