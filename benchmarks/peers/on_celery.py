"""Celery: `celery --app benchmarks.peers.on_celery worker --concurrency 2`."""

import json
import os
import sys
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from benchmarks.peers.completion import COLLECTION, DATABASE, URI, document

app = Celery("benchmark", broker=os.environ["AMQP_URI"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=128,  # for many short tasks "64, or 128"
)
clients: "list[MongoClient[dict[str, Any]]]" = []


@worker_process_init.connect
def connect(**_: Any) -> None:
    """Connect in each process: a client does not survive a fork."""
    clients.append(MongoClient(URI, w="majority"))


@app.task(name="on_course_completed", autoretry_for=(PyMongoError,), retry_backoff=True)
def on_course_completed(event: dict[str, Any]) -> None:
    """Write a document for the event."""
    clients[0][DATABASE][COLLECTION].insert_one(document(event))


if __name__ == "__main__":
    for line in sys.stdin:
        on_course_completed.delay(json.loads(line))
