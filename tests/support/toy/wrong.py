"""The ledger with mistakes that the line must bear: a query that writes, and a handler that was renamed."""

from typing import Any

from shared import deadlines, outbox
from shared.entrypoints import Service, query, subscribe
from shared.transaction import Transaction
from tests.support.toy import domain, inbound, repository, schemas
from tests.support.toy.behaviour import behave


class CarelessService(Service):
    """A ledger whose author takes queries for commands, and renamed `on_payment_received`."""

    name = "ledger"

    @query(schemas.GetAccount)
    def save_in_query(self, tx: Transaction, request: schemas.GetAccount) -> dict[str, Any]:
        """Try to save."""
        account = domain.Account(account_id=request.account_id)
        repository.accounts.save(tx, account)
        return schemas.view(account)

    @query(schemas.GetAccount)
    def delete_in_query(self, tx: Transaction, request: schemas.GetAccount) -> None:
        """Try to delete."""
        repository.accounts.delete(tx, repository.accounts.get(tx, request.account_id))

    @query(schemas.GetAccount)
    def announce_in_query(self, tx: Transaction, request: schemas.GetAccount) -> None:
        """Try to announce."""
        outbox.append(tx, domain.draw_statement(domain.Account(account_id=request.account_id)))

    @query(schemas.GetAccount)
    def number_in_query(self, tx: Transaction, _request: schemas.GetAccount) -> str:
        """Try to take a number."""
        return tx.number("AC")

    @query(schemas.GetAccount)
    def set_deadline_in_query(self, tx: Transaction, request: schemas.GetAccount) -> None:
        """Try to set a deadline."""
        deadlines.set(tx, "statement", key=request.account_id, due_at=tx.now)

    @subscribe(inbound.PaymentReceived)
    def on_payment_taken(self, tx: Transaction, fact: inbound.PaymentReceived) -> None:
        """Book what a bank took, under a new name and queue."""
        account, _ = domain.credit(repository.account_or_new(tx, fact.account_id), fact.amount)
        repository.accounts.save(tx, account)
        behave(tx, fact.behaviour)
