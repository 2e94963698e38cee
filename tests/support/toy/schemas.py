"""Commands and questions of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from shared.schemas import Command, Id, Page, Text, dump
from tests.support.toy.behaviour import Behaviour
from tests.support.toy.domain import Account, Kind

Amount = Annotated[int, validate.Range(1, 1_000_000)]


@dataclass(frozen=True, kw_only=True)
class OpenAccount(Command):
    """Start an account."""

    account_id: Id
    kind: Kind = Kind.CURRENT
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Deposit(Command):
    """Put money in."""

    account_id: Id
    amount: Amount
    behaviour: Behaviour = Behaviour.BOOK


@dataclass(frozen=True, kw_only=True)
class Withdraw(Command):
    """Take money out."""

    account_id: Id
    amount: Amount


@dataclass(frozen=True, kw_only=True)
class CloseAccount(Command):
    """End the account."""

    account_id: Id


@dataclass(frozen=True, kw_only=True)
class PlanStatement(Command):
    """Have a statement drawn."""

    account_id: Id
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class GetAccount:
    """Ask for one account."""

    account_id: Id


@dataclass(frozen=True, kw_only=True)
class ListAccounts(Page):
    """Ask for accounts in the order of their ids."""


def view(account: Account) -> dict[str, Any]:
    """Show an account as it is stored."""
    return dict(dump(account))


def receipt(account: Account) -> dict[str, Any]:
    """Show what a command made of an account; its revision is known once it is committed."""
    return {name: value for name, value in view(account).items() if name != "revision"}
