"""Commands between triage and the reporter: ask back, answer, withdraw."""

from dataclasses import dataclass

from shared.schemas import Command, Id, Text


@dataclass(frozen=True, kw_only=True)
class AskInfo(Command):
    """Ask the reporter for what is missing."""

    issue_id: Id
    question: Text
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class GiveInfo(Command):
    """Answer for the reporter."""

    issue_id: Id
    text: Text
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Withdraw(Command):
    """Take the report back; the reason is in the reporter's own words."""

    issue_id: Id
    by: Id | None = None
    reason: Text | None = None
