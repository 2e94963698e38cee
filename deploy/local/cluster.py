"""Three RabbitMQ nodes and three MongoDB members on one machine: what a loss of one of them does can be tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.local import mongodb, rabbitmq
from deploy.local.together import together

if TYPE_CHECKING:
    from deploy.local.instance import Instance

NODES = tuple(f"{rabbitmq.NAME}-{number}" for number in (1, 2, 3))
MEMBERS = tuple(f"{mongodb.NAME}-{number}" for number in (1, 2, 3))


def amqp_uri(instance: Instance) -> str:
    """Return AMQP_URI of the cluster: every node, separated by semicolons."""
    return ";".join(rabbitmq.uri(instance, node) for node in NODES)


def mongodb_uri(instance: Instance) -> str:
    """Return MONGODB_URI of the replica set: every member, separated by commas."""
    return mongodb.uri(instance, *MEMBERS)


def start(instance: Instance) -> None:
    """Start what does not run, and wait until broker and database take work."""
    together(lambda: start_nodes(instance), lambda: mongodb.start(instance, *MEMBERS))


def start_nodes(instance: Instance) -> None:
    """Start the nodes one after the other: each finds the first one to join."""
    for node in NODES:
        start_node(instance, node)


def start_node(instance: Instance, node: str) -> None:
    """Start one node; one that has data goes back to the others by itself."""
    rabbitmq.start(instance, node, join=NODES[0])
