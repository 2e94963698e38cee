"""A cluster of its own for these tests, and a system on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import cluster, rabbitmq, stack
from tests.cluster.members import Members
from tests.support.servers import Place
from tests.support.system import SERVICES, System


@pytest.fixture(scope="session")
def members() -> Iterator[Members]:
    """Start three nodes and three members."""
    with stack.temporary() as instance:
        cluster.start(instance)
        yield Members(instance=instance)


@pytest.fixture
def cluster_place(members: Members, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Make a virtual host on all of them, whatever the test before left."""
    cluster.start(members.instance)
    monkeypatch.setenv("AMQP_URI", cluster.amqp_uri(members.instance))
    monkeypatch.setenv("MONGODB_URI", cluster.mongodb_uri(members.instance))
    monkeypatch.setenv("RABBITMQ_MANAGEMENT_URI", rabbitmq.management_uri(members.instance, cluster.NODES[0]))
    made = Place.make()
    yield made
    cluster.start(members.instance)
    made.remove()


@pytest.fixture
def cluster_system(cluster_place: Place, tmp_path: Path) -> Iterator[System]:
    """Make a system on them."""
    made = System(cluster_place, tmp_path, services=(*SERVICES, "ledger"))
    yield made
    made.stop()
