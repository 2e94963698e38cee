"""Sending, outside every transaction: lease what is due, try it, write down how it went.

Any number of replicas may run this. A crash between "provider accepted" and "written down" leaves the lease to run
out; the message is then sent again under the same idempotency key, so that a provider that honours the key delivers
it once.
"""

import time
from datetime import datetime
from functools import cache

from prometheus_client import Counter

from services.notify import domain, repository
from services.notify.channels import Message, Provider, providers, temporary
from services.notify.domain import Attempt, Channel, Contact, Notification
from services.notify.settings import settings
from shared import clock, logs, outbox
from shared.actor import CLOCK
from shared.concurrency import each
from shared.mongo import retried
from shared.store import Store

log = logs.get(__name__)
ATTEMPTS = Counter("notify_attempts", "Tries to send a message, by how they ended", ["channel", "outcome"])
AT_ONCE = 20  # messages on their way at the same time
BEGIN_WITHIN = 25.0  # seconds of the lease in which a try may begin, so that the slowest provider ends before the lease
WRITE_WITHIN = 10.0  # seconds to write outcomes down, conflicts included

Tried = dict[str, Attempt | None]


@cache
def configured() -> dict[Channel, Provider]:
    """Return the providers of this process."""
    return providers(settings())


def run_once(store: Store, now: datetime) -> int:
    """Send what is due, up to one batch, and return how many were taken on; 0 means nothing is due."""
    token = repository.claim_due(store, now)
    if token is None:
        return 0
    over = time.monotonic() + BEGIN_WITHIN
    with store.reading(CLOCK) as tx:
        held = repository.claimed(tx, token)
        contacts = repository.contacts_of(tx, held)

    def attempt(notification: Notification) -> tuple[str, Attempt | None] | None:
        if time.monotonic() > over:
            return None
        return notification.notification_id, send(notification, contacts.get(notification.person_ref), now)

    tried: Tried = dict(filter(None, each(attempt, held, size=AT_ONCE)))
    retried(lambda: write_down(store, token, tried), seconds=WRITE_WITHIN)
    return max(1, len(held))  # another replica may have been quicker; there may be more


def send(notification: Notification, contact: Contact | None, now: datetime) -> Attempt | None:
    """Try the next channel of R11; None when there is none."""
    if contact is None:
        return None
    channel = domain.next_channel(contact, configured(), notification.exhausted, now)
    if channel is None:
        return None
    message = Message(
        message_id=notification.notification_id,
        key=f"{notification.notification_id}:{channel.value}",
        to=contact.addresses[channel],
        subject=notification.subject,
        text=notification.text or "",
        at=clock.now(),
    )
    try:
        answer = configured()[channel].send(message)
    except Exception as error:  # noqa: BLE001 -- whatever a provider's library raises, the other messages go on
        log.error("attempt broke", notification_id=notification.notification_id, error=type(error).__name__)  # noqa: TRY400 -- a traceback could show the text
        answer = temporary("defect")
    ATTEMPTS.labels(channel.value, answer.outcome.value).inc()
    return Attempt(channel=channel, answer=answer)


def write_down(store: Store, token: str, tried: Tried) -> None:
    """Record every outcome of the batch in one transaction; what another sender took over meanwhile is left to it."""
    with store.transaction() as tx:
        held = repository.claimed(tx, token)
        contacts = repository.contacts_of(tx, held)
        for before in held:
            if before.notification_id not in tried:
                repository.notifications.save(tx, domain.release(before))
                continue
            contact = contacts.get(before.person_ref)
            after, changed, facts = domain.settle(before, contact, tried[before.notification_id], configured(), tx.now)
            repository.notifications.save(tx, after)
            if changed is not None and changed is not contact:
                repository.contacts.save(tx, changed)
                contacts[before.person_ref] = changed
            for fact in facts:
                outbox.append(tx, fact, correlation=after.correlation_id, causation=after.cause_event_id)
