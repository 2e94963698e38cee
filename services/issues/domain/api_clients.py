"""Other systems that may report over HTTP: each under its name, with a key of which we keep the fingerprint only."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.issue import Source
from shared.errors import Forbidden, TooManyRequests

REQUESTS_A_MINUTE = 60  # of one key; a whole community of 147,000 reports some ten a day


class KeyRefused(Forbidden):
    """No client has this key, or its key was revoked."""


@dataclass(frozen=True, kw_only=True)
class ApiClient:
    """A system that may report; `salt` makes its users pseudonymous, and outlives its keys."""

    client: str
    key_hash: str
    salt: str
    source: Source
    issued_at: datetime
    issued_by: str
    active: bool = True
    revoked_at: datetime | None = None
    revision: int = 0


def fingerprint(key: str) -> str:
    """Return what we keep of a key; it is random and long, so that one plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def issue_api_key(
    known: ApiClient | None, *, client: str, source: Source, key: str, salt: str, by: str, now: datetime
) -> ApiClient:
    """Give a client its key; the key it had before opens nothing any more."""
    fresh = ApiClient(client=client, key_hash=fingerprint(key), salt=salt, source=source, issued_at=now, issued_by=by)
    return replace(fresh, salt=known.salt, revision=known.revision) if known else fresh


def revoke_api_key(client: ApiClient, now: datetime) -> ApiClient:
    """Let the client's key open nothing any more; again changes nothing."""
    return client if not client.active else replace(client, active=False, revoked_at=now)


def admit(client: ApiClient | None) -> ApiClient:
    """Let a client in; raises KeyRefused, which does not tell an unknown key from a revoked one."""
    if client is None or not client.active:
        raise KeyRefused("api_key is not valid; ask the community for one")
    return client


def check_rate(asked: int, now: datetime) -> None:
    """Refuse what is more than agreed in the minute that `now` lies in; raises TooManyRequests."""
    if asked > REQUESTS_A_MINUTE:
        raise TooManyRequests(
            f"at most {REQUESTS_A_MINUTE} requests a minute with one api_key", retry_after=60 - now.second
        )


def reporter_ref(client: ApiClient, account: str | None) -> str:
    """Name a client's user without saying who it is: an account id may be a phone number."""
    if account is None:
        return f"open311:{client.client}"
    digest = hmac.new(client.salt.encode(), account.encode(), hashlib.sha256).hexdigest()
    return f"open311:{client.client}:{digest[:16]}"
