"""One message to one person for one cause: how it begins, and how each try moves it (R11, N1, N3, N5)."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.notify.domain.channel import RETRY_AFTER, Attempt, Channel, Outcome
from services.notify.domain.contact import Contact, next_channel, suspend
from services.notify.domain.template import OF_CONTACT, SIGNATURE, Template, render
from services.notify.events import NotificationDelivered, NotificationFailed, NotificationUndeliverable
from shared.events import Event

_NAMESPACE = uuid.UUID("6f0b1c0e-6a53-5d5c-9a3e-1f1d5a0c7b21")  # ours, drawn once

NO_CONTACT = "no_contact"
NO_CHANNEL = "no_channel"
ALL_FAILED = "all_channels_failed"


class State(StrEnum):
    """Where a notification is; a try under way is a lease on `created` or `retrying`."""

    CREATED = "created"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


PENDING = (State.CREATED, State.RETRYING)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What a notification is about: the event or command, and the thread it belongs to."""

    id: str
    correlation_id: str
    issue_id: str | None = None

    @classmethod
    def of_command(cls, command_id: str, issue_id: str | None) -> "Cause":
        """Name a command as the cause; it starts a thread of its own unless it is about an issue."""
        return cls(id=command_id, correlation_id=issue_id or command_id, issue_id=issue_id)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A try that failed."""

    channel: Channel
    reason: str
    permanent: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Notification:
    """`text` is the message as it was accepted; `claim` and `leased_until` belong to the sender at work."""

    notification_id: str
    person_ref: str
    template: str
    subject: str = ""
    text: str | None = field(default=None, repr=False)
    state: State = State.CREATED
    channel: Channel | None = None
    attempts: int = 0
    failures: tuple[Failure, ...] = ()
    exhausted: tuple[Channel, ...] = ()
    reason: str | None = None
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    cause_event_id: str
    correlation_id: str
    issue_id: str | None = None
    claim: str | None = None
    leased_until: datetime | None = None
    revision: int = 0


def identify(cause_event_id: str, person_ref: str, template: str) -> str:
    """Derive the id from the key of N1, so that the same message cannot exist twice."""
    return str(uuid.uuid5(_NAMESPACE, f"{cause_event_id}\n{person_ref}\n{template}"))


def compose(
    cause: Cause,
    template: Template,
    params: Mapping[str, str],
    *,
    person_ref: str,
    contact: Contact | None,
    now: datetime,
) -> tuple[Notification, tuple[Event, ...]]:
    """Write the message to the person; without a contact it is undeliverable from the start.

    Raises MissingPlaceholders.
    """
    notification = Notification(
        notification_id=identify(cause.id, person_ref, template.name),
        person_ref=person_ref,
        template=template.name,
        created_at=now,
        due_at=now,
        cause_event_id=cause.id,
        correlation_id=cause.correlation_id,
        issue_id=cause.issue_id,
    )
    if contact is None:
        return _give_up(notification, NO_CONTACT, now)
    text = render(template, contact.language, {**params, OF_CONTACT: contact.name})
    return replace(notification, subject=SIGNATURE + template.title[contact.language], text=text), ()


def settle(
    notification: Notification,
    contact: Contact | None,
    attempt: Attempt | None,
    configured: Collection[Channel],
    now: datetime,
) -> tuple[Notification, Contact | None, tuple[Event, ...]]:
    """Take over how a try ended (None: no channel could be tried), and free the notification for the next one."""
    notification = replace(notification, claim=None, leased_until=None)
    if contact is None or attempt is None:
        notification, facts = _give_up(notification, NO_CHANNEL if contact else NO_CONTACT, now)
        return notification, contact, facts
    notification = replace(notification, channel=attempt.channel, attempts=notification.attempts + 1)
    if attempt.answer.outcome is Outcome.ACCEPTED:
        return replace(notification, state=State.DELIVERED, settled_at=now), contact, (_delivered(notification),)
    return _after_failure(notification, contact, attempt, configured, now)


def release(notification: Notification) -> Notification:
    """Give back a claimed notification that was not tried."""
    return replace(notification, claim=None, leased_until=None)


def _after_failure(
    notification: Notification, contact: Contact, attempt: Attempt, configured: Collection[Channel], now: datetime
) -> tuple[Notification, Contact, tuple[Event, ...]]:
    """Try the channel again later, or go on to the next one at once, or give up."""
    channel, reason = attempt.channel, attempt.answer.reason
    permanent = attempt.answer.outcome is Outcome.PERMANENT
    failure = Failure(channel=channel, reason=reason, permanent=permanent, at=now)
    failed = NotificationFailed(
        notification_id=notification.notification_id, channel=channel.value, reason=reason, permanent=permanent
    )
    notification = replace(notification, state=State.RETRYING, failures=(*notification.failures, failure))
    tries = sum(1 for earlier in notification.failures if earlier.channel is channel)
    if not permanent and tries <= len(RETRY_AFTER):
        return replace(notification, due_at=now + RETRY_AFTER[tries - 1]), contact, (failed,)
    notification = replace(notification, exhausted=(*notification.exhausted, channel), due_at=now)
    contact = suspend(contact, channel, now) if permanent else contact
    if next_channel(contact, configured, notification.exhausted, now) is not None:
        return notification, contact, (failed,)
    notification, facts = _give_up(notification, ALL_FAILED, now)
    return notification, contact, (failed, *facts)


def _give_up(notification: Notification, reason: str, now: datetime) -> tuple[Notification, tuple[Event, ...]]:
    fact = NotificationUndeliverable(
        notification_id=notification.notification_id,
        person_ref=notification.person_ref,
        channels_tried=tuple(dict.fromkeys(str(failure.channel) for failure in notification.failures)),
        issue_id=notification.issue_id,
        reason=reason,
        cause_event_id=notification.cause_event_id,
        template=notification.template,
    )
    return replace(notification, state=State.UNDELIVERABLE, reason=reason, settled_at=now), (fact,)


def _delivered(notification: Notification) -> NotificationDelivered:
    return NotificationDelivered(
        notification_id=notification.notification_id,
        person_ref=notification.person_ref,
        channel=str(notification.channel),
        attempts=notification.attempts,
        cause_event_id=notification.cause_event_id,
        template=notification.template,
    )
