"""Other systems come in with a key, of which only a fingerprint is kept, and their users under pseudonyms."""

import re
from dataclasses import asdict
from datetime import timedelta

import pytest

from services.issues.domain import Source
from services.issues.domain.api_clients import (
    REQUESTS_A_MINUTE,
    KeyRefused,
    admit,
    check_rate,
    fingerprint,
    issue_api_key,
    reporter_ref,
    revoke_api_key,
)
from shared.errors import TooManyRequests

KEY, SALT, PHONE = "k" * 43, "5a17", "13812345678"


def issued(now, known=None, key=KEY, salt=SALT):
    return issue_api_key(known, client="app", source=Source.OPEN311, key=key, salt=salt, by="admin", now=now)


def test_of_a_key_only_the_fingerprint_is_kept(now):
    client = issued(now)

    assert client.key_hash == fingerprint(KEY)
    assert KEY not in str(asdict(client))
    assert admit(client) is client


def test_a_new_key_ends_the_old_one_and_its_users_stay_who_they_are(now):
    first = issued(now)
    second = issued(now + timedelta(days=1), known=revoke_api_key(first, now), key="n" * 43, salt="other")

    assert second.key_hash != first.key_hash
    assert admit(second).active
    assert reporter_ref(second, PHONE) == reporter_ref(first, PHONE)


def test_a_revoked_key_and_an_unknown_one_are_refused_in_the_same_words(now):
    revoked = revoke_api_key(issued(now), now)

    for client in (revoked, None):
        with pytest.raises(KeyRefused, match="api_key is not valid"):
            admit(client)
    assert revoked.revoked_at == now
    assert revoke_api_key(revoked, now + timedelta(days=1)) is revoked


def test_a_user_is_a_pseudonym_that_other_clients_cannot_match(now):
    ours = issued(now)
    theirs = issued(now, salt="another")

    assert reporter_ref(ours, PHONE) == reporter_ref(ours, PHONE) != reporter_ref(theirs, PHONE)
    assert re.fullmatch(r"open311:app:[0-9a-f]{16}", reporter_ref(ours, PHONE))
    assert PHONE not in reporter_ref(ours, PHONE)
    assert reporter_ref(ours, None) == "open311:app"


def test_more_than_agreed_has_to_wait_for_the_next_minute(now):
    check_rate(REQUESTS_A_MINUTE, now)

    with pytest.raises(TooManyRequests, match="at most 60 requests a minute") as refused:
        check_rate(REQUESTS_A_MINUTE + 1, now + timedelta(seconds=20))
    assert refused.value.details["retry_after"] == 40
