"""The toy ledger on real servers: one that tests share, and one of a test's own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import Place
from tests.support.system import System
from tests.support.toy.driver import Toy
from tests.support.toy.ordered import Register

HEARD = ("ledger", "audit")  # the bank publishes what is no event at all


def make_toy(folder: Path, heard: tuple[str, ...] = HEARD) -> Iterator[Toy]:
    """Make a place, a system and the ledger in it, and take all of it away in the end."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, folder, services=heard)
    toy = Toy(system, folder)
    yield toy
    toy.bank.close()
    system.stop()
    place.remove()


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    """Give a test a ledger of its own, not started."""
    yield from make_toy(tmp_path)


@pytest.fixture
def unheard(tmp_path: Path) -> Iterator[Toy]:
    """Give a test a ledger of its own that nobody records, so that an event can be one nobody takes."""
    yield from make_toy(tmp_path, heard=())


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    """Give a running ledger that tests share; each works on accounts and events of its own names."""
    for toy in make_toy(tmp_path_factory.mktemp("ledger")):
        toy.start()
        yield toy


def make_register(folder: Path) -> Iterator[Register]:
    """Make a place, a system and the register in it, and take all of it away in the end."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, folder, services=("ledger",))
    register = Register(system, folder)
    yield register
    register.close()
    system.stop()
    place.remove()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """Give a test a register of its own, not started."""
    yield from make_register(tmp_path)
