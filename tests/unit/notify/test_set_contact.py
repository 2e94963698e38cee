from datetime import timedelta

import pytest

from services.notify import domain
from services.notify.domain import Channel, Language
from services.notify.domain.contact import suspend
from shared.errors import Forbidden

ALL = frozenset(Channel)


def test_wechat_is_first_then_sms_then_email(contact, now):
    assert domain.next_channel(contact, ALL, (), now) is Channel.WECHAT
    assert domain.next_channel(contact, ALL, (Channel.WECHAT,), now) is Channel.SMS
    assert domain.next_channel(contact, ALL, (Channel.WECHAT, Channel.SMS), now) is Channel.EMAIL
    assert domain.next_channel(contact, ALL, tuple(Channel), now) is None


def test_a_channel_without_a_provider_is_no_channel(contact, now):
    assert domain.next_channel(contact, {Channel.EMAIL}, (), now) is Channel.EMAIL
    assert domain.next_channel(contact, (), (), now) is None


def test_a_channel_is_suspended_for_30_days_to_the_second(contact, now):
    suspended = suspend(contact, Channel.WECHAT, now)
    end = now + timedelta(days=30)
    assert domain.next_channel(suspended, ALL, (), end - timedelta(seconds=1)) is Channel.SMS
    assert domain.next_channel(suspended, ALL, (), end) is Channel.WECHAT


def test_a_corrected_address_lifts_the_suspension_of_its_channel_only(contact, now):
    suspended = suspend(suspend(contact, Channel.WECHAT, now), Channel.SMS, now)
    corrected = domain.set_contact(
        suspended,
        person_id="R-1001",
        name="王小梅",
        addresses={Channel.WECHAT: "wx-1001", Channel.SMS: "13900001001"},
        language=Language.ENGLISH,
    )
    assert set(corrected.suspended_until) == {"wechat"}
    assert corrected.addresses == {"wechat": "wx-1001", "sms": "13900001001"}
    assert corrected.language is Language.ENGLISH


def test_a_printed_contact_shows_no_name_and_no_address(contact, notification):
    assert not any(secret in repr(contact) for secret in ("王小梅", "wx-1001", "13800001001", "example.org"))
    assert "王小梅" not in repr(notification)


def test_messages_are_for_the_person_and_administrators():
    domain.ensure_own("R-1001", actor_id="R-1001", administrator=False)
    domain.ensure_own("R-1001", actor_id="local-shell", administrator=True)
    with pytest.raises(Forbidden):
        domain.ensure_own("R-1001", actor_id="R-1007", administrator=False)
