from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify import domain
from services.notify.domain import Answer, Attempt, Channel, Outcome, State
from services.notify.events import NotificationDelivered, NotificationFailed, NotificationUndeliverable

ALL = frozenset(Channel)


def attempt(channel, outcome, reason="ok"):
    return Attempt(channel=channel, answer=Answer(outcome=outcome, reason=reason))


ACCEPTED = attempt(Channel.WECHAT, Outcome.ACCEPTED)
NOT_SUBSCRIBED = attempt(Channel.WECHAT, Outcome.PERMANENT, "not_subscribed")
TIMEOUT = attempt(Channel.WECHAT, Outcome.TEMPORARY, "timeout")


def test_the_same_cause_person_and_template_have_one_id():
    assert domain.identify("E-1", "R-1001", "issue_closed") == domain.identify("E-1", "R-1001", "issue_closed")
    others = [("E-2", "R-1001", "issue_closed"), ("E-1", "R-1002", "issue_closed"), ("E-1", "R-1001", "issue_accepted")]
    assert domain.identify("E-1", "R-1001", "issue_closed") not in {domain.identify(*other) for other in others}


def test_a_person_without_contact_is_undeliverable_and_nothing_breaks(cause, now):
    template = domain.TEMPLATES["confirm_request"]
    notification, [fact] = domain.compose(
        cause, template, {"issue_id": "IS-0101"}, person_ref="R-9", contact=None, now=now
    )
    assert (notification.state, notification.reason) == (State.UNDELIVERABLE, "no_contact")
    assert notification.text is None
    assert fact == NotificationUndeliverable(
        notification_id=notification.notification_id,
        person_ref="R-9",
        channels_tried=(),
        issue_id="IS-0101",
        reason="no_contact",
        cause_event_id="E-1",
        template="confirm_request",
    )


def test_an_accepted_message_is_delivered_and_its_lease_is_free(notification, contact, now):
    leased = replace(notification, claim="token", leased_until=now)
    settled, same, [fact] = domain.settle(leased, contact, ACCEPTED, ALL, now)
    assert (settled.state, settled.attempts, settled.settled_at, settled.claim) == (State.DELIVERED, 1, now, None)
    assert same is contact
    assert fact == NotificationDelivered(
        notification_id=notification.notification_id,
        person_ref="R-1001",
        channel="wechat",
        attempts=1,
        cause_event_id="E-1",
        template="confirm_request",
    )


def test_story_7_a_permanent_failure_goes_on_to_sms_at_once_and_suspends_wechat(notification, contact, now):
    waiting, suspended, [failed] = domain.settle(notification, contact, NOT_SUBSCRIBED, ALL, now)
    assert failed == NotificationFailed(
        notification_id=notification.notification_id, channel="wechat", reason="not_subscribed", permanent=True
    )
    assert (waiting.state, waiting.due_at) == (State.RETRYING, now)
    assert suspended.suspended_until == {"wechat": now + timedelta(days=30)}
    assert domain.next_channel(suspended, ALL, waiting.exhausted, now) is Channel.SMS

    settled, _, [delivered] = domain.settle(waiting, suspended, attempt(Channel.SMS, Outcome.ACCEPTED), ALL, now)
    assert settled.state is State.DELIVERED
    assert (delivered.channel, delivered.attempts) == ("sms", 2)


def test_a_temporary_failure_is_tried_again_after_1_5_and_15_minutes_then_the_next_channel(notification, contact, now):
    for minutes in (1, 5, 15):
        notification, same, [failed] = domain.settle(notification, contact, TIMEOUT, ALL, now)
        assert not failed.permanent
        assert notification.due_at == now + timedelta(minutes=minutes)
        assert domain.next_channel(same, ALL, notification.exhausted, now) is Channel.WECHAT
        now = notification.due_at
    notification, same, [_] = domain.settle(notification, contact, TIMEOUT, ALL, now)
    assert notification.due_at == now
    assert same.suspended_until == {}
    assert domain.next_channel(same, ALL, notification.exhausted, now) is Channel.SMS


def test_when_every_channel_failed_the_notification_is_undeliverable(notification, contact, now):
    facts = ()
    for channel in (Channel.WECHAT, Channel.SMS, Channel.EMAIL):
        tried = attempt(channel, Outcome.PERMANENT, "http_400")
        notification, contact, facts = domain.settle(notification, contact, tried, ALL, now)
    [failed, undeliverable] = facts
    assert failed.channel == "email"
    assert undeliverable.channels_tried == ("wechat", "sms", "email")
    assert undeliverable.reason == "all_channels_failed"
    assert (notification.state, notification.attempts) == (State.UNDELIVERABLE, 3)


def test_nothing_to_try_is_undeliverable(notification, contact, now):
    settled, _, [fact] = domain.settle(notification, contact, None, (), now)
    assert (settled.state, fact.reason, fact.channels_tried) == (State.UNDELIVERABLE, "no_channel", ())


@pytest.mark.parametrize("outcome", [Outcome.PERMANENT, Outcome.TEMPORARY])
def test_every_notification_ends_within_its_lifetime(notification, contact, now, outcome):
    begin, tries = now, 0
    while notification.state not in (State.DELIVERED, State.UNDELIVERABLE):
        channel = domain.next_channel(contact, ALL, notification.exhausted, now)
        tried = channel and attempt(channel, outcome, "x")
        notification, contact, _ = domain.settle(notification, contact, tried, ALL, now)
        now = max(now, notification.due_at)
        tries += 1
    assert tries <= 3 * 4
    assert now - begin <= timedelta(minutes=3 * 21)


def test_released_notifications_keep_everything_but_the_lease(notification, now):
    assert domain.release(replace(notification, claim="token", leased_until=now)) == notification
