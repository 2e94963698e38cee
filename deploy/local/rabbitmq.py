"""A private RabbitMQ node: own name, cookie, port mapper and directory; the machine's own server is not touched."""

from __future__ import annotations

import base64
import glob
import json
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deploy.local import apt, processes
from deploy.local.say import Problem, say
from deploy.local.together import wait_until

if TYPE_CHECKING:
    from deploy.local.instance import Instance

NAME, MAPPER = "rabbitmq", "epmd"
USER = "linli"
PATIENCE = 90  # seconds; 6 are usual
QUIET = "+sbwt none +sbwtdcpu none +sbwtdio none"  # idle Erlang schedulers leave the cores to the services
LOCAL_ONLY = "-kernel inet_dist_use_interface {127,0,0,1}"


def uri(instance: Instance) -> str:
    """Return AMQP_URI of this instance."""
    return f"amqp://{USER}:{instance.secret(NAME)}@127.0.0.1:{instance.port(NAME)}/"


def management_uri(instance: Instance) -> str:
    """Return RABBITMQ_MANAGEMENT_URI of this instance."""
    return f"http://{USER}:{instance.secret(NAME)}@127.0.0.1:{instance.port('rabbitmq-management')}"


def usual_management(amqp: str) -> str:
    """Return where the management interface of a broker is unless somebody says otherwise: port 15672, same user."""
    server = urlsplit(amqp)
    return f"http://{server.username or 'guest'}:{server.password or 'guest'}@{server.hostname}:15672"


def check_given(uri: str) -> None:
    """Raise Problem if nobody listens at an address that the person gave."""
    server = urlsplit(uri)
    usual = 5671 if server.scheme == "amqps" else 5672
    try:
        socket.create_connection((server.hostname or "localhost", server.port or usual), timeout=5).close()
    except OSError as error:
        place = f"{server.hostname}:{server.port or usual}"
        todo = "start it, correct AMQP_URI, or unset it to get a private RabbitMQ"
        raise Problem(f"AMQP_URI is given, but {place} does not answer: {error}", todo) from error


def start(instance: Instance) -> None:
    """Start the node unless it runs, and wait until it takes connections and its management interface answers."""
    if processes.running(instance, NAME) and _ready(instance):
        return
    server = _server()
    processes.stop(instance, (NAME, MAPPER), grace=10)
    env = _environment(instance)
    say("starting RabbitMQ")
    if mapper := _mapper():
        address = ["-address", "127.0.0.1", "-port", env["ERL_EPMD_PORT"]]
        processes.start(instance, MAPPER, [mapper, *address], env)
    processes.start(instance, NAME, [str(server)], env)
    await_ready(instance)
    say(f"RabbitMQ is ready on port {instance.port(NAME)}")


def await_ready(instance: Instance) -> None:
    """Wait for a node, ours or a container's."""
    log = instance.log(NAME)

    def late() -> Problem:
        return Problem("RabbitMQ does not come up", "read the log; `make down` and `make up` starts it afresh", log)

    def ready() -> bool:
        if processes.names(instance).count(NAME) and not processes.running(instance, NAME):
            raise late()
        return _ready(instance)

    wait_until(ready, PATIENCE, late)
    keep_unrouted(instance)


def keep_unrouted(instance: Instance) -> None:
    """Keep what outside services publish and nobody takes; our own publish as mandatory and see it returned."""
    policy = {
        "pattern": r"^(?!(issues|volunteer|enrollment|notify)\.events$).*\.events$",
        "apply-to": "exchanges",
        "definition": {"alternate-exchange": "linli.unrouted"},
    }
    request = _request(instance, "policies/%2F/linli-unrouted")
    request.method, request.data = "PUT", json.dumps(policy).encode()
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=10):
        pass


def _server() -> Path:
    server = _find()
    if server is None:
        apt.install("rabbitmq-server", "RabbitMQ is not installed")
        server = _find()
        if apt.has_systemd():
            say("Debian also started a RabbitMQ for the whole machine, which this project does not use;")
            say("stop it if you do not need it: sudo systemctl disable --now rabbitmq-server")
    if server is None:
        raise Problem("RabbitMQ is installed but rabbitmq-server is not found", "put its directory on PATH")
    return server


def _find() -> Path | None:
    """Return the server's own script: the wrapper that Debian puts on PATH refuses ordinary users."""
    debian = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    if debian.exists():
        return debian
    found = shutil.which("rabbitmq-server")
    return Path(found).resolve() if found else None


def _mapper() -> str | None:
    """Return Erlang's port mapper, started by us so that it can be stopped by us."""
    inside = glob.glob("/usr/lib/erlang/erts-*/bin/epmd")  # noqa: PTH207 - str for Popen
    return shutil.which("epmd") or (inside[0] if inside else None)


def _environment(instance: Instance) -> dict[str, str]:
    home = instance.home / NAME
    (home / "log").mkdir(parents=True, exist_ok=True)
    cookie = home / ".erlang.cookie"
    if not cookie.exists():
        instance.write(cookie, instance.secret("erlang-cookie"))
        cookie.chmod(0o400)
    for port in (NAME, "rabbitmq-management", "rabbitmq-dist", MAPPER):
        instance.usable_port(port)
    instance.write(home / "enabled_plugins", "[rabbitmq_management].\n")
    instance.write(home / "rabbitmq.conf", _configuration(instance))
    return {
        "HOME": str(home),
        "TERM": "dumb",  # no colours in the log
        "RABBITMQ_NODENAME": "linli@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(instance.port(NAME)),
        "RABBITMQ_DIST_PORT": str(instance.port("rabbitmq-dist")),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "generated"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{QUIET} {LOCAL_ONLY}",
        "ERL_EPMD_PORT": str(instance.port(MAPPER)),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def _configuration(instance: Instance) -> str:
    common = (instance.root / "deploy" / "rabbitmq.conf").read_text(encoding="utf-8")
    return f"""{common}
# this machine only
default_user = {USER}
default_pass = {instance.secret(NAME)}
loopback_users.{USER} = true
management.tcp.ip = 127.0.0.1
management.tcp.port = {instance.port("rabbitmq-management")}
log.file = false
log.console = true
log.console.level = info
"""


def _request(instance: Instance, path: str) -> urllib.request.Request:
    """Return a request to the management interface."""
    token = base64.b64encode(f"{USER}:{instance.secret(NAME)}".encode()).decode()
    url = f"http://127.0.0.1:{instance.port('rabbitmq-management')}/api/{path}"
    return urllib.request.Request(url, headers={"Authorization": f"Basic {token}"})


def _ready(instance: Instance) -> bool:
    try:
        with urllib.request.urlopen(_request(instance, "overview"), timeout=5):
            pass
        with socket.create_connection(("127.0.0.1", instance.port(NAME)), timeout=5):
            return True
    except (OSError, urllib.error.URLError):
        return False
