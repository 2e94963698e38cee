"""The edge of the ledger."""

import json
from typing import Any

from shared import deadlines, outbox
from shared.entrypoints import Service, command, due, query, route, subscribe
from shared.http import Reply, Request
from shared.schemas import load
from shared.transaction import Transaction
from tests.support.toy import domain, inbound, repository, schemas
from tests.support.toy.behaviour import behave, count_run

STATEMENT = "statement"


class LedgerService(Service):
    """Accounts: `n.rpc.ledger.…`."""

    name = "ledger"
    collections = (repository.accounts,)

    @command(schemas.OpenAccount)
    def open_account(self, tx: Transaction, request: schemas.OpenAccount) -> dict[str, Any]:
        """Start an account."""
        if repository.accounts.find(tx, request.account_id):
            raise domain.AccountExists("the account was opened before", account_id=request.account_id)
        account, fact = domain.open_account(request.account_id, request.kind, request.note)
        repository.accounts.save(tx, account)
        outbox.append(tx, fact)
        return schemas.receipt(account)

    @command(schemas.Deposit, key="account_id")
    def deposit(self, tx: Transaction, request: schemas.Deposit) -> dict[str, Any]:
        """Put money in; the hot aggregate of the tests."""
        count_run(tx, f"deposit:{request.account_id}")
        account = repository.accounts.get(tx, request.account_id)
        request.check(account)
        account, fact = domain.credit(account, request.amount)
        repository.accounts.save(tx, account)
        outbox.append(tx, fact)
        behave(tx, request.behaviour)
        return schemas.receipt(account)

    @command(schemas.Withdraw, key="account_id")
    def withdraw(self, tx: Transaction, request: schemas.Withdraw) -> dict[str, Any]:
        """Take money out."""
        account, fact = domain.debit(repository.accounts.get(tx, request.account_id), request.amount)
        repository.accounts.save(tx, account)
        outbox.append(tx, fact)
        return schemas.receipt(account)

    @command(schemas.CloseAccount, key="account_id")
    def close_account(self, tx: Transaction, request: schemas.CloseAccount) -> dict[str, Any]:
        """End an account."""
        account, fact = domain.close(repository.accounts.get(tx, request.account_id))
        repository.accounts.save(tx, account)
        outbox.append(tx, fact)
        return schemas.receipt(account)

    @command(schemas.PlanStatement)
    def plan_statement(self, tx: Transaction, request: schemas.PlanStatement) -> dict[str, Any]:
        """Have a statement drawn at a moment."""
        account = repository.accounts.get(tx, request.account_id)
        deadlines.set(tx, STATEMENT, key=account.account_id, due_at=request.due_at)
        return schemas.receipt(account)

    @query(schemas.GetAccount)
    def get_account(self, tx: Transaction, request: schemas.GetAccount) -> dict[str, Any]:
        """Show one account."""
        return schemas.view(repository.accounts.get(tx, request.account_id))

    @query(schemas.ListAccounts)
    def list_accounts(self, tx: Transaction, request: schemas.ListAccounts) -> dict[str, Any]:
        """List accounts."""
        found = repository.accounts_after(tx, request.after, request.limit + 1)
        page = found[: request.limit]
        return {
            "items": [schemas.view(account) for account in page],
            "next": page[-1].account_id if len(found) > request.limit else None,
        }

    @route("GET", "/accounts/<account_id>")
    def show_account(self, tx: Transaction, request: Request) -> Reply:
        """Show one account over HTTP."""
        return _json(schemas.view(repository.accounts.get(tx, request.path["account_id"])))

    @route("POST", "/accounts/<account_id>/deposits")
    def pay_in(self, tx: Transaction, request: Request) -> Reply:
        """Put money in over HTTP."""
        sent = {name: values[0] for name, values in request.form.items()}
        amount = {"amount": int(sent["amount"])} if sent.get("amount", "").isdigit() else {}
        deposit = load(schemas.Deposit, {**sent, **amount, **request.path})
        return _json(self.deposit.__wrapped__(self, tx, deposit))

    @due(STATEMENT)
    def on_statement_due(self, tx: Transaction, key: str) -> None:
        """Draw the statement of an account."""
        account = repository.accounts.get(tx, key)
        repository.accounts.save(tx, account)
        outbox.append(tx, domain.draw_statement(account))

    @subscribe(inbound.PaymentReceived)
    def on_payment_received(self, tx: Transaction, fact: inbound.PaymentReceived) -> None:
        """Book what a bank took."""
        count_run(tx, fact.payment_id)
        account, booked = domain.credit(
            repository.account_or_new(tx, fact.account_id), fact.amount, payment_id=fact.payment_id
        )
        repository.accounts.save(tx, account)
        outbox.append(tx, booked)
        behave(tx, fact.behaviour)

    @subscribe(inbound.PaymentRecalled)
    def on_payment_recalled(self, tx: Transaction, fact: inbound.PaymentRecalled) -> None:
        """Give back what a bank wants back."""
        count_run(tx, fact.payment_id)
        account, booked = domain.debit(repository.account_or_new(tx, fact.account_id), fact.amount)
        repository.accounts.save(tx, account)
        outbox.append(tx, booked)
        behave(tx, fact.behaviour)


def _json(value: Any) -> Reply:
    return Reply(body=json.dumps(value), content_type="application/json")
