"""Servers that the person has already: their addresses, and whether somebody is there."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.instance import Instance
from deploy.local.processes import MARK
from deploy.local.say import Problem


def given(key: str) -> str | None:
    """Return a server's address if the person gave one; not one of ours that was sourced from an env file."""
    uri = os.environ.get(key)
    if not uri:
        return None
    home = os.environ.get(MARK)
    ours = Instance(Path(home)).ports().values() if home else ()
    local = re.findall(r"127\.0\.0\.1:(\d+)", uri)
    return None if any(int(port) in ours for port in local) else uri


def usual_management(amqp: str) -> str:
    """Return where the management interface of a broker is unless somebody says otherwise: port 15672, same user."""
    server = urlsplit(amqp.partition(";")[0])
    return f"http://{server.username or 'guest'}:{server.password or 'guest'}@{server.hostname}:15672"


def check_broker(uri: str) -> None:
    """Raise Problem if nobody listens at an address that the person gave, of a cluster at none of them."""
    refused = [refusal for refusal in map(_refusal, uri.split(";")) if refusal]
    if len(refused) == len(uri.split(";")):
        todo = "start it, correct AMQP_URI, or unset it to get a private RabbitMQ"
        raise Problem(f"AMQP_URI is given, but {'; '.join(refused)}", todo)


def _refusal(uri: str) -> str:
    """Say why a server cannot be reached; nothing where it can."""
    server = urlsplit(uri)
    place = server.hostname or "localhost", server.port or (5671 if server.scheme == "amqps" else 5672)
    try:
        socket.create_connection(place, timeout=5).close()
    except OSError as error:
        return f"{place[0]}:{place[1]} does not answer: {error}"
    return ""
