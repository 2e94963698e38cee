"""The members of a cluster: which one leads, and everything that can happen to one."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pymongo
import requests

from deploy.local import cluster, mongodb, processes, rabbitmq
from deploy.local.instance import Instance
from deploy.local.together import together
from tests.support.servers import Place


@dataclass(frozen=True, kw_only=True)
class Members:
    """Three broker nodes and three database members of one instance."""

    instance: Instance

    # -- what happens to them

    def kill(self, *names: str) -> None:
        """Kill -9."""
        processes.stop(self.instance, names, grace=0)

    def stop(self, name: str) -> None:
        """Ask to stop, as an operator does."""
        assert processes.stop(self.instance, (name,), grace=60) == []

    def start(self, *names: str) -> None:
        """Start again what has its data still, side by side."""
        nodes = [name for name in names if name in cluster.NODES]
        together(*(lambda node=node: cluster.start_node(self.instance, node) for node in nodes))
        for name in set(names).difference(nodes):
            mongodb.launch(self.instance, name)

    @contextmanager
    def frozen(self, *names: str) -> Iterator[None]:
        """Stop them with SIGSTOP while the body lasts: to the others it looks like a network that was cut."""
        groups = [pid for name in names if (pid := processes.running(self.instance, name)) is not None]
        assert len(groups) == len(names)
        for group in groups:
            os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            for group in groups:
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGCONT)

    # -- the broker

    def queues(self, place: Place) -> list[dict[str, Any]]:
        """Return the quorum queues of a virtual host, as the first node that answers sees them."""
        for node in cluster.NODES:
            with suppress(requests.RequestException):
                uri = f"{rabbitmq.management_uri(self.instance, node)}/api/queues/{place.vhost}"
                found = requests.get(uri, timeout=10).json()
                return [queue for queue in found if queue["type"] == "quorum"]
        raise AssertionError("no node answers")

    def leader(self, place: Place) -> str:
        """Return the node that leads most quorum queues."""
        leads = Counter(queue["leader"] for queue in self.queues(place))
        return {rabbitmq.node_name(node): node for node in cluster.NODES}[leads.most_common(1)[0][0]]

    # -- the database

    def primary(self) -> str:
        """Return the member that takes writes; raises a PyMongoError where there is none."""
        with pymongo.MongoClient[Any](cluster.mongodb_uri(self.instance)) as client:
            client.admin.command("ping")
            address = client.primary
        assert address is not None
        return {self.instance.port(member): member for member in cluster.MEMBERS}[address[1]]

    def alone(self, member: str) -> "pymongo.MongoClient[dict[str, Any]]":
        """Open a client to one member, whatever it is."""
        return pymongo.MongoClient("127.0.0.1", self.instance.port(member), directConnection=True)


def others(names: tuple[str, ...], one: str) -> list[str]:
    """Return the two beside this one."""
    return [name for name in names if name != one]
