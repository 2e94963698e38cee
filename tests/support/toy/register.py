"""A service that takes events in order: what the ledger booked, and what a bank took."""

from dataclasses import replace

from shared.entrypoints import Service, subscribe
from shared.errors import RetryLater
from shared.transaction import Transaction
from tests.support.toy import inbound, repository
from tests.support.toy.behaviour import behave
from tests.support.toy.repository import Entry


class RegisterService(Service):
    """Keeps in which order it heard of each account; a `trouble` document says what fails."""

    name = "register"
    collections = (repository.entries,)

    @subscribe(inbound.AccountCredited, partitions=4)
    def on_account_credited(self, tx: Transaction, fact: inbound.AccountCredited) -> None:
        """Add what the ledger booked."""
        note(tx, fact.account_id, tx.cause.sequence if tx.cause else 0)

    @subscribe(inbound.PaymentReceived, partitions=2)
    def on_payment_received(self, tx: Transaction, fact: inbound.PaymentReceived) -> None:
        """Add what a bank took, whose amount is its number; the ledger hears of it too."""
        note(tx, f"bank-{fact.account_id}", fact.amount)
        behave(tx, fact.behaviour)


class WiderService(Service):
    """The register with twice as many partitions."""

    name = "register"
    collections = (repository.entries,)

    @subscribe(inbound.AccountCredited, partitions=8)
    def on_account_credited(self, tx: Transaction, fact: inbound.AccountCredited) -> None:
        """Add what the ledger booked."""
        note(tx, fact.account_id, tx.cause.sequence if tx.cause else 0)


class UnorderedService(Service):
    """The register whose author does not care for order any more."""

    name = "register"
    collections = (repository.entries,)

    @subscribe(inbound.AccountCredited)
    def on_account_credited(self, tx: Transaction, fact: inbound.AccountCredited) -> None:
        """Add what the ledger booked."""
        note(tx, fact.account_id, tx.cause.sequence if tx.cause else 0)


def note(tx: Transaction, account_id: str, number: int) -> None:
    """Write down the number behind those before it, unless there is trouble with it."""
    trouble = tx.store.database["trouble"].find_one({"_id": f"{account_id}/{number}"})
    if trouble is not None and trouble["kind"] == "later":
        raise RetryLater("what it builds on has not arrived")
    if trouble is not None:
        raise ZeroDivisionError("the rule broke")
    entry = repository.entries.find(tx, account_id) or Entry(account_id=account_id)
    entry = replace(entry, total=entry.total + 1, sequences=(*entry.sequences, number))
    repository.entries.save(tx, entry)
