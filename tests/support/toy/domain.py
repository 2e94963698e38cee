"""Accounts; pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from shared.errors import AlreadyHandled, Refusal, StateNotAllowed
from tests.support.toy.events import AccountClosed, AccountCredited, AccountDebited, AccountOpened, StatementDrawn


class Kind(StrEnum):
    """What an account is for."""

    SAVINGS = "savings"
    CURRENT = "current"


class NotEnough(Refusal):
    """The account holds less than is to be taken."""


class AccountExists(AlreadyHandled):
    """The account was opened before."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Money of one holder."""

    account_id: str
    kind: Kind = Kind.CURRENT
    note: str | None = None
    balance: int = 0
    closed: bool = False
    revision: int = 0


def open_account(account_id: str, kind: Kind, note: str | None) -> tuple[Account, AccountOpened]:
    """Start an account."""
    return Account(account_id=account_id, kind=kind, note=note), AccountOpened(account_id=account_id, kind=kind.value)


def credit(account: Account, amount: int, payment_id: str | None = None) -> tuple[Account, AccountCredited]:
    """Put money in. Raises StateNotAllowed."""
    _require_open(account)
    account = replace(account, balance=account.balance + amount)
    return account, AccountCredited(
        account_id=account.account_id, amount=amount, balance=account.balance, payment_id=payment_id
    )


def debit(account: Account, amount: int) -> tuple[Account, AccountDebited]:
    """Take money out. Raises StateNotAllowed, NotEnough."""
    _require_open(account)
    if account.balance < amount:
        raise NotEnough("the account holds less", account_id=account.account_id, balance=account.balance)
    account = replace(account, balance=account.balance - amount)
    return account, AccountDebited(account_id=account.account_id, amount=amount, balance=account.balance)


def close(account: Account) -> tuple[Account, AccountClosed]:
    """End the account. Raises StateNotAllowed."""
    _require_open(account)
    return replace(account, closed=True), AccountClosed(account_id=account.account_id, balance=account.balance)


def draw_statement(account: Account) -> StatementDrawn:
    """Say what the account holds."""
    return StatementDrawn(account_id=account.account_id, balance=account.balance)


def _require_open(account: Account) -> None:
    if account.closed:
        raise StateNotAllowed("the account is closed", account_id=account.account_id, state="closed", allowed=["open"])
