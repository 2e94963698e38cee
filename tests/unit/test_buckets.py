"""The events of a transaction fit into buckets, whole and in their order; what is left of one is what was not sent."""

from datetime import UTC, datetime

from bson import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from shared.buckets import MOST_BYTES, MOST_EVENTS, buckets, unsent, whole

NOW = datetime(2025, 3, 3, tzinfo=UTC)
SIZES = st.sampled_from([0, 300, 100_000, 1_000_000, MOST_BYTES, MOST_BYTES + 1])


def made(sizes):
    entries = [{"id": str(number), "body": b"x" * size} for number, size in enumerate(sizes)]
    return entries, list(buckets(entries, Timestamp(7, 1), NOW))


def test_many_small_events_are_in_few_buckets():
    _, found = made([300] * (2 * MOST_EVENTS + 1))
    assert [len(bucket["events"]) for bucket in found] == [MOST_EVENTS, MOST_EVENTS, 1]
    assert len({bucket["_id"] for bucket in found}) == 3


@given(st.lists(SIZES, max_size=12))
def test_buckets_hold_every_event_once_in_order_and_fit_into_a_document(sizes):
    entries, found = made(sizes)
    assert [one for bucket in found for one in bucket["events"]] == entries
    for bucket in found:
        assert bucket["events"]
        assert len(bucket["events"]) == 1 or sum(len(one["body"]) for one in bucket["events"]) <= MOST_BYTES
        assert (bucket["pending"], bucket["order"], bucket["time"]) == (True, Timestamp(7, 1), NOW)


def test_of_a_bucket_sent_in_part_only_the_rest_is_unsent():
    entries, [bucket] = made([1, 1, 1])
    assert whole(bucket)
    assert unsent(bucket) == entries
    rest = {**bucket, "left": ["2", "0"]}
    assert not whole(rest)
    assert unsent(rest) == [entries[0], entries[2]]
