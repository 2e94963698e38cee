"""Who acts: a signed token in nameko's own context, checked in one place."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from shared import clock
from shared.errors import Unauthenticated

ALGORITHM = "HS256"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person, service or the clock, with roles and the branch of the tree these hold in."""

    id: str
    roles: tuple[str, ...] = ()
    unit: str | None = None
    on_behalf_of: str | None = None

    @property
    def is_administrator(self) -> bool:
        """Whether this actor may act for anybody."""
        return ADMINISTRATOR in self.roles


LOCAL_ADMINISTRATOR = Actor(id="local-shell", roles=(ADMINISTRATOR,))
CLOCK = Actor(id="clock", roles=("clock",))


def issue_token(actor: Actor, key: str, lifetime: timedelta = timedelta(hours=8)) -> str:
    """Sign a token for the actor."""
    claims = {
        "sub": actor.id,
        "roles": list(actor.roles),
        "unit": actor.unit,
        "act": actor.on_behalf_of,
        "exp": clock.now() + lifetime,
    }
    return jwt.encode(claims, key, ALGORITHM)


def authenticate(token: Any, key: str | None) -> Actor:
    """Return who holds the token; without a configured key the local shell is trusted as administrator.

    Raises Unauthenticated.
    """
    if key is None:
        return LOCAL_ADMINISTRATOR
    if not isinstance(token, str):
        raise Unauthenticated("this service takes calls with a token only; log in first")
    try:
        claims = jwt.decode(token, key, [ALGORITHM], options={"require": ["sub", "exp"]})
    except (jwt.InvalidTokenError, UnicodeEncodeError) as error:  # AMQP carries halves of character pairs
        reason = str(error)
        raise Unauthenticated("the token is not valid any more or was not made here", reason=reason) from None
    return Actor(
        id=claims["sub"],
        roles=tuple(claims.get("roles") or ()),
        unit=claims.get("unit"),
        on_behalf_of=claims.get("act"),
    )
