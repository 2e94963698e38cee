"""The system under Compose, once for all container tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.stack import ROOT, Stack
from tests.support.eventually import eventually

LOGS = ROOT / ".local" / "lab" / "log" / "compose.log"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Build the image and bring everything up as an operator would; what the containers said is kept."""
    if "COMPOSE_ENV_FILES" not in os.environ:
        pytest.fail("no engine was prepared: run `make test-containers`")
    made = Stack()
    made.up("--build")
    made.inside("tree", "1", "")
    eventually(made.knows_the_tree)
    yield made
    Path(LOGS).write_text(made.compose("logs", "--no-color", "--timestamps"), encoding="utf-8")
    made.compose("down", "--volumes", "--remove-orphans")
