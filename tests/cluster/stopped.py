"""What a system without a majority says: it lives, it is not ready, and whoever calls is told in time."""

import time

import pytest

from shared.errors import Unavailable
from shared.shell.client import Client
from tests.support.eventually import eventually
from tests.support.system import System

ANSWERED_WITHIN = 11.0  # seconds: the ten that a caller waits, and the way there and back


def check_stopped(system: System) -> None:
    """Wait until a replica is no longer ready, and call one."""
    [one, *_] = system.of("issues")
    eventually(lambda: one.get("/readyz").status_code == 503)
    asked, client = time.monotonic(), Client(system.place.amqp_uri)
    with pytest.raises(Unavailable):
        client.call("issues", "list_issues")
    assert time.monotonic() - asked < ANSWERED_WITHIN
    client.close()
    assert one.get("/livez").status_code == 200
