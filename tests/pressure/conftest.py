"""The toy ledger on servers of its own, which may be stopped and squeezed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import Place
from tests.support.system import System
from tests.support.toy.driver import Toy


@pytest.fixture
def own_toy(own_place: Place, tmp_path: Path) -> Iterator[Toy]:
    """Give a test a ledger, not started."""
    system = System(own_place, tmp_path, services=("ledger",))
    toy = Toy(system, tmp_path)
    yield toy
    toy.bank.close()
    system.stop()
