"""Where accounts and the audit's entries are kept."""

from dataclasses import dataclass

from shared.collection import Collection, Index
from shared.transaction import Transaction
from tests.support.toy.domain import Account


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the audit heard of one account: the sum, and the sequences in the order they came."""

    account_id: str
    total: int = 0
    sequences: tuple[int, ...] = ()
    revision: int = 0


accounts = Collection("accounts", Account, key="account_id", indexes=[Index("kind", "_id")])
entries = Collection("entries", Entry, key="account_id")


def account_or_new(tx: Transaction, account_id: str) -> Account:
    """Return the account a bank pays into; the first payment opens it."""
    return accounts.find(tx, account_id) or Account(account_id=account_id)


def accounts_after(tx: Transaction, after: str | None, limit: int) -> list[Account]:
    """Return accounts in the order of their ids."""
    return accounts.query(tx, {"_id": {"$gt": after or ""}}, sort=[("_id", 1)], limit=limit)
