"""What the ledger and the audit take from others."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from shared.events import Inbound
from shared.schemas import Id
from tests.support.toy.behaviour import Behaviour


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Inbound, type="payment.received", source="bank", business_key=("payment_id",)):
    """A bank took money for an account."""

    payment_id: Id
    account_id: Id
    amount: Annotated[int, validate.Range(1, 1_000_000)]
    behaviour: Behaviour = Behaviour.BOOK


@dataclass(frozen=True, kw_only=True)
class PaymentRecalled(Inbound, type="payment.recalled", source="bank", business_key=("payment_id",)):
    """A bank wants money back; a second queue beside the first."""

    payment_id: Id
    account_id: Id
    amount: Annotated[int, validate.Range(1, 1_000_000)]
    behaviour: Behaviour = Behaviour.BOOK


@dataclass(frozen=True, kw_only=True)
class AccountCredited(Inbound, type="account.credited", source="ledger", business_key=("account_id", "balance")):
    """The ledger booked something; the audit keeps it."""

    account_id: Id
    amount: int
    balance: int
