"""FastStream: `faststream run benchmarks.peers.on_faststream:app`."""

import asyncio
import json
import os
import sys
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from pymongo import AsyncMongoClient

from benchmarks.peers.completion import COLLECTION, DATABASE, URI, document

PREFETCH = 100  # messages in work at once
SENT_AT_ONCE = 500

broker = RabbitBroker(
    os.environ["AMQP_URI"],
    apply_types=False,  # the handler takes the event as it was decoded, and asks for no dependency
    default_channel=Channel(prefetch_count=PREFETCH),
    logger=None,  # two lines for each message otherwise
)
app = FastStream(broker, logger=None)
queue = RabbitQueue("completions", durable=True)
client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(URI, w="majority")


@broker.subscriber(queue, ack_policy=AckPolicy.NACK_ON_ERROR)
async def on_course_completed(event: dict[str, Any]) -> None:
    """Write a document for the event."""
    await client[DATABASE][COLLECTION].insert_one(document(event))


async def send() -> None:
    """Send what is read, many at once."""
    turns = asyncio.Semaphore(SENT_AT_ONCE)

    async def publish(line: str) -> None:
        try:
            await broker.publish(json.loads(line), queue, persist=True)
        finally:
            turns.release()

    async with broker, asyncio.TaskGroup() as sending:
        await broker.declare_queue(queue)
        while line := await asyncio.to_thread(sys.stdin.readline):
            await turns.acquire()
            sending.create_task(publish(line))


if __name__ == "__main__":
    asyncio.run(send())
