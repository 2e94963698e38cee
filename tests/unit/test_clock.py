"""A clock that is put wrong is wrong everywhere: in what is decided, what is written, and in ids."""

import os
import subprocess
import sys
import time
import uuid

import pytest

SHOW = (
    "from shared import clock, cloudevents as c; print(clock.now().timestamp(), clock.wall().timestamp(), c.new_id())"
)
CLOSE = 30.0  # seconds; a process takes a moment to start


@pytest.mark.parametrize("offset", [-600, 0, 600])
def test_an_offset_moves_now_wall_and_ids_alike(offset: int) -> None:
    env = {**os.environ, "CLOCK_OFFSET": str(offset)}
    shown = subprocess.run([sys.executable, "-c", SHOW], env=env, capture_output=True, text=True, check=True)
    now, wall, made = shown.stdout.split()
    seconds = (float(now), float(wall), (uuid.UUID(made).int >> 80) / 1000)  # the first 48 bits are milliseconds
    assert all(abs(one - time.time() - offset) < CLOSE for one in seconds), seconds
