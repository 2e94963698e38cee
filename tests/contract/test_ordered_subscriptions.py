"""An ordered subscription in the contract; no service of ours has one yet, so a toy stands for it."""

import pytest

from deploy.contract import asyncapi, catalogue, page
from deploy.contract.catalogue import Catalogue
from shared.broker.topology import Subscription
from tests.support.toy.inbound import AccountCredited, PaymentReceived
from tests.support.toy.register import RegisterService


@pytest.fixture
def takings():
    return tuple(catalogue._takings("register", RegisterService, ("register",)))


def test_a_subscription_is_one_row_of_the_manifest_however_many_partitions_it_has(takings):
    ordered = {taking.inbound: taking.subscription for taking in takings if taking.subscription.partitions}
    assert ordered == {
        AccountCredited: Subscription(
            service="register",
            handler="on_account_credited",
            type="account.credited",
            sources=("ledger",),
            partitions=4,
        ),
        PaymentReceived: Subscription(
            service="register",
            handler="on_payment_received",
            type="payment.received",
            sources=("bank",),
            partitions=2,
        ),
    }
    assert len(takings) == 3


def test_each_partition_is_a_channel_that_is_received_from(takings):
    made = asyncapi.document(Catalogue(announced={}, takings=takings), example=lambda *_: {})
    partitions = {name: channel for name, channel in made["channels"].items() if "on_account_credited" in name}
    assert list(partitions) == [f"register.on_account_credited.p{number}" for number in range(4)]
    assert {f"{name}.receive" for name in partitions} <= set(made["operations"])
    assert all(channel["x-queue-arguments"]["x-single-active-consumer"] for channel in partitions.values())
    assert [channel["x-bound-to"] for channel in partitions.values()] == [
        [
            {"exchange": "register.on_account_credited", "routingKey": "p0/4"},
            {"exchange": "register.on_account_credited.outside", "routingKey": ""},
        ],
        *([{"exchange": "register.on_account_credited", "routingKey": f"p{number}/4"}] for number in (1, 2, 3)),
    ]


def test_the_page_names_the_first_and_the_last_partition(takings):
    name = "register.on_account_credited"
    said = page.text(Catalogue(announced={}, takings=takings))
    assert f"| `{name}.p0` … `{name}.p3` | `account.credited` |" in said
