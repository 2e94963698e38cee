"""What the ledger announces."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event, type="account.opened", subject="account_id", zh="账户已开立"):
    """An account can be paid into."""

    account_id: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class AccountCredited(Event, type="account.credited", subject="account_id", zh="账户已入账"):
    """Money went in."""

    account_id: str
    amount: int
    balance: int
    payment_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccountDebited(Event, type="account.debited", subject="account_id", zh="账户已支出"):
    """Money went out."""

    account_id: str
    amount: int
    balance: int


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event, type="account.closed", subject="account_id", zh="账户已注销"):
    """Nothing goes in or out any more."""

    account_id: str
    balance: int


@dataclass(frozen=True, kw_only=True)
class StatementDrawn(Event, type="statement.drawn", subject="account_id", zh="对账单已出"):
    """What the account held when its statement was due."""

    account_id: str
    balance: int
