"""dramatiq: `dramatiq benchmarks.peers.on_dramatiq --processes 1 --threads 16`."""

import json
import os
import sys
from typing import Any

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from pymongo import MongoClient

from benchmarks.peers.completion import COLLECTION, DATABASE, URI, document

dramatiq.set_broker(RabbitmqBroker(url=os.environ["AMQP_URI"]))
client: MongoClient[dict[str, Any]] = MongoClient(URI, w="majority", connect=False)  # connects after the fork


@dramatiq.actor
def on_course_completed(event: dict[str, Any]) -> None:
    """Write a document for the event."""
    client[DATABASE][COLLECTION].insert_one(document(event))


if __name__ == "__main__":
    for line in sys.stdin:
        on_course_completed.send(json.loads(line))
