"""The checker finds what is wrong: a healthy run passes, and each way to spoil it is found under its name."""

import copy
import os
import random
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.fault import community
from tests.fault.cases import KINDS
from tests.fault.checker import Wanted
from tests.fault.client import Hand, Journal
from tests.fault.due import together
from tests.fault.findings import Findings
from tests.fault.flood import Flood
from tests.fault.order import check_all_there, check_order
from tests.fault.quiet import wait_until_quiet
from tests.fault.snapshot import Snapshot
from tests.fault.spoiling import SPOILT, Seen
from tests.support.servers import Place
from tests.support.system import System

pytestmark = [pytest.mark.server, pytest.mark.timeout(180)]
SEED = 4  # of a run in which there is something of every kind
CASES_OF_EACH = 3
TALES = 60


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Run cases of every kind and tales of every kind, without any fault."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("healthy"), services=())
    journal = Journal()
    hand, flood = Hand(place.amqp_uri, journal, threading.Event()), Flood(place.amqp_uri, SEED)
    try:
        system.start_gateway()
        system.start_all()
        with system.rpc() as rpc:
            community.settle_in(system, rpc)
        for number in range(TALES):
            flood.tell(number)
        dues = [
            kind(hand, f"{SEED}-{kind.__name__}-{number}", random.Random(f"{SEED}/{kind.__name__}/{number}"))
            for kind in KINDS
            for number in range(CASES_OF_EACH)
        ]
        wait_until_quiet(system, seconds=60)
        due = together([community.due(), flood.due, *dues])
        yield Seen(Snapshot.of(system), Wanted(journal=journal, due=due, outside=flood.outside.confirmed))
    finally:
        hand.close()
        flood.outside.close()
        system.stop()
        place.remove()


@pytest.fixture
def seen(healthy: Seen) -> Seen:
    """Give a copy that a test may spoil."""
    return copy.deepcopy(healthy)


def test_a_healthy_run_has_nothing_wrong_and_something_of_every_kind(healthy: Seen) -> None:
    findings = healthy.look()
    assert not findings.wrong, str(findings)
    assert findings.events > 100
    assert findings.effects > findings.events
    assert healthy.wanted.journal.refused
    kinds = ("issue", "deliberation", "project", "course", "unit", "contact", "sent", "hours", "completion", "seat",
             "refused", "parked")  # fmt: skip
    assert [kind for kind in kinds if not healthy.wanted.due[kind]] == []


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [pytest.param(kind, spoil, id=spoil.__name__) for kind, ways in SPOILT.items() for spoil in ways],
)
def test_what_is_wrong_is_found_under_its_name(seen: Seen, kind: str, spoil: Callable[[Seen], None]) -> None:
    spoil(seen)
    assert seen.look().kinds[kind], f"{spoil.__name__} was not found"


def test_what_is_left_in_an_outbox_is_found(seen: Seen) -> None:
    seen.rows("issues", "outbox")[0]["pending"] = True
    assert seen.look().outbox == 1
    assert seen.look().wrong


def test_what_was_never_acknowledged_and_is_there_is_recovered_and_not_wrong(seen: Seen) -> None:
    command = seen.wanted.journal.acknowledged[0]
    command.acknowledged = False
    findings = seen.look()
    assert findings.recovered == 1
    assert not findings.wrong


ANNOUNCED = {"a": [1, 2, 3], "b": [4, 7]}


@pytest.mark.parametrize(
    ("handled", "kind"),
    [
        ({"a": [1, 3, 2], "b": [4, 7]}, "out of order"),
        ({"a": [1, 2], "b": [4, 7]}, "lost"),
        ({"a": [1, 2, 2, 3], "b": [4, 7]}, "twice"),
        ({"a": [1, 2, 3], "b": [4, 7, 8]}, "unexpected"),
        ({"a": [1, 2, 3], "b": [4, 7], "c": [1]}, "unexpected"),
    ],
)
def test_the_order_of_a_subject_is_judged(handled: dict[str, list[int]], kind: str) -> None:
    findings = Findings()
    check_all_there(ANNOUNCED, handled, findings)
    check_order(handled, findings)
    assert [name for name, found in findings.kinds.items() if found] == [kind]
