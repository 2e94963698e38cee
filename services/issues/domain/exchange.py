"""What was asked back about a report, and what the reporter answered; the words never leave this database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One question and its answer, None while it is missing."""

    question: str
    asked_by: str
    asked_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
