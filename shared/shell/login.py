"""Who sits at the shell: an administrator, with a token where a key is set, else trusted because it is this machine."""

import getpass

from shared.actor import ADMINISTRATOR, Actor, issue_token
from shared.config import settings
from shared.shell.bus import Bus
from shared.shell.client import CALL_SECONDS, Client


def token() -> str | None:
    """Sign a token for one call; a shell may stay open longer than any token is good for."""
    key = settings().auth_key
    if key is None:
        return None
    return issue_token(Actor(id=f"shell:{getpass.getuser()}", roles=(ADMINISTRATOR,)), key)


def connect(seconds: float = CALL_SECONDS) -> Bus:
    """Return the bus that the environment names; nothing is connected before the first call."""
    return Bus(Client(settings().amqp_uri, token=token, seconds=seconds))
