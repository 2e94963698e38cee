"""Channels, their order, and what a provider can answer (R11)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a person."""

    WECHAT = "wechat"
    SMS = "sms"
    EMAIL = "email"


ORDER = (Channel.WECHAT, Channel.SMS, Channel.EMAIL)  # R11; e-mail last: residents read it least
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))  # R11, after a temporary failure
SUSPENSION = timedelta(days=30)  # R11, after a permanent failure


class Outcome(StrEnum):
    """How a try ended."""

    ACCEPTED = "accepted"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a provider said; `reason` is a code of ours, never the provider's own words."""

    outcome: Outcome
    reason: str = "ok"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try on one channel."""

    channel: Channel
    answer: Answer
