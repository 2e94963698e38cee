"""How a person can be reached, and which channel is next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.notify.domain.channel import ORDER, SUSPENSION, Channel
from shared.errors import Forbidden


class Language(StrEnum):
    """The language a person is written to in."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Name and addresses of a person, by channel; kept out of every printed form of this object."""

    person_id: str
    name: str = field(repr=False)
    addresses: dict[str, str] = field(repr=False)
    language: Language = Language.CHINESE
    suspended_until: dict[str, datetime] = field(default_factory=dict)
    revision: int = 0


def set_contact(
    known: Contact | None,
    *,
    person_id: str,
    name: str,
    addresses: Mapping[Channel, str | None],
    language: Language,
) -> Contact:
    """Take over the new data; a corrected address lifts the suspension of its channel."""
    given = {channel.value: address for channel, address in addresses.items() if address}
    if known is None:
        return Contact(person_id=person_id, name=name, addresses=given, language=language)
    unchanged = {
        channel: until
        for channel, until in known.suspended_until.items()
        if given.get(channel) == known.addresses.get(channel)
    }
    return replace(known, name=name, addresses=given, language=language, suspended_until=unchanged)


def suspend(contact: Contact, channel: Channel, now: datetime) -> Contact:
    """Leave the channel alone for this person for the time of R11."""
    return replace(contact, suspended_until={**contact.suspended_until, channel.value: now + SUSPENSION})


def next_channel(
    contact: Contact, configured: Collection[Channel], exhausted: Collection[str], now: datetime
) -> Channel | None:
    """Return the first channel of R11 with an address and a provider that is neither used up nor suspended."""
    return next(
        (
            channel
            for channel in ORDER
            if channel in configured
            and channel in contact.addresses
            and channel not in exhausted
            and not _suspended(contact, channel, now)
        ),
        None,
    )


def _suspended(contact: Contact, channel: Channel, now: datetime) -> bool:
    until = contact.suspended_until.get(channel)
    return until is not None and now < until


def ensure_own(person_id: str, *, actor_id: str, administrator: bool) -> None:
    """Raise Forbidden unless the actor is the person or an administrator."""
    if not administrator and actor_id != person_id:
        raise Forbidden("only the person or an administrator may do this", person_id=person_id)


def ensure_administrator(administrator: bool) -> None:
    """Raise Forbidden unless the actor is an administrator."""
    if not administrator:
        raise Forbidden("only an administrator may do this")
