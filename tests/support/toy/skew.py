"""An outbox as hosts leave it whose clocks do not agree."""

from datetime import timedelta

from shared.store import Store

AN_HOUR = timedelta(hours=1)


def an_hour_back(uuid: str) -> str:
    """Return the id that a host would have made whose clock is an hour behind."""
    milliseconds = int(uuid.replace("-", "")[:12], 16) - int(AN_HOUR.total_seconds() * 1000)
    digits = f"{milliseconds:012x}"
    return f"{digits[:8]}-{digits[8:12]}{uuid[13:]}"


def skew(store: Store, after: int) -> None:
    """Give the outbox's later events the ids and times of a host whose clock is behind."""
    later = {"events.sequence": {"$gt": after}}
    documents = list(store.outbox.find(later))
    store.outbox.delete_many(later)
    store.outbox.insert_many(
        {
            **document,
            "_id": an_hour_back(document["_id"]),
            "time": document["time"] - AN_HOUR,
            "events": [{**one, "id": an_hour_back(one["id"])} for one in document["events"]],
        }
        for document in documents
    )
