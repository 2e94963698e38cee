"""Where a subject's events go; part of what brokers keep, so that it must not change with a version."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.broker.partitions import partition_key, partition_of
from shared.broker.topology import Manifest, Subscription, bindings, subscription_queues
from shared.entrypoints import subscribe
from tests.support.toy.inbound import PaymentReceived

ORDERED = Subscription(
    service="audit", handler="on_paid", type="account.paid", sources=("ledger", "bank"), partitions=4
)
PLAIN = Subscription(service="audit", handler="on_paid", type="account.paid", sources=("ledger",))


def test_a_subject_has_one_partition_for_ever():
    assert [partition_of(subject, 4) for subject in ("IS-0001", "IS-0002", "IS-0003", "邻里")] == [0, 2, 0, 0]


@given(st.text(), st.integers(1, 16))
def test_every_subject_has_a_partition_that_exists(subject, partitions):
    assert 0 <= partition_of(subject, partitions) < partitions


def test_many_subjects_use_every_partition():
    assert {partition_of(f"IS-{number:04d}", 16) for number in range(200)} == set(range(16))


def test_another_number_of_partitions_shares_no_binding():
    keys = {partition_key(number, partitions) for partitions in range(1, 17) for number in range(partitions)}
    assert len(keys) == sum(range(1, 17))
    assert not any("." in key for key in keys)  # one word: no pattern for types matches it


def test_partitions_have_one_active_consumer_and_a_plain_queue_has_not():
    assert [queue.name for queue in subscription_queues(ORDERED)] == [f"audit.on_paid.p{number}" for number in range(4)]
    assert all(queue.queue_arguments["x-single-active-consumer"] for queue in subscription_queues(ORDERED))
    [plain] = subscription_queues(PLAIN)
    assert plain.name == "audit.on_paid"
    assert "x-single-active-consumer" not in plain.queue_arguments


def test_events_reach_the_exchange_of_the_partitions_after_everything_behind_it():
    made = [(entity.name, exchange, key) for entity, exchange, key in bindings(ORDERED)]
    assert made == [
        *((f"audit.on_paid.p{number}", "audit.on_paid", f"p{number}/4") for number in range(4)),
        ("audit.on_paid.p0", "audit.on_paid.outside", ""),
        ("audit.on_paid", "ledger.events", "account.paid"),
        ("audit.on_paid", "bank.events", "account.paid"),
    ]


def test_the_manifest_names_a_subjects_partitions_where_somebody_cares():
    manifest = Manifest([ORDERED, PLAIN, replace(PLAIN, service="other", partitions=8)])
    assert manifest.partition_keys("ledger", "account.paid", "IS-0003") == ["p0/4", "p4/8"]
    assert manifest.partition_keys("bank", "account.paid", "IS-0002") == ["p2/4"]
    assert manifest.partition_keys("ledger", "account.opened", "IS-0001") == []


def test_the_manifest_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "topology.json"
    file.write_text(Manifest([ORDERED, PLAIN]).write())
    assert Manifest.read(str(file)).subscriptions == (ORDERED, PLAIN)
    assert file.read_text().count("partitions") == 1


@pytest.mark.parametrize("partitions", [-1, 17])
def test_a_number_of_partitions_that_makes_no_sense_is_refused(partitions):
    with pytest.raises(ValueError, match=re.escape(f"not {partitions}")):
        subscribe(PaymentReceived, partitions=partitions)
