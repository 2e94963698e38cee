"""A private RabbitMQ: own names, cookie, port mapper and directories; the machine's own server is not touched."""

from __future__ import annotations

import base64
import glob
import json
import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local import apt, processes
from deploy.local.say import Problem, say
from deploy.local.together import wait_until

if TYPE_CHECKING:
    from deploy.local.instance import Instance

NAME, MAPPER = "rabbitmq", "epmd"
USER = "linli"
PATIENCE = 90  # seconds; 6 are usual
QUIET = "+sbwt none +sbwtdcpu none +sbwtdio none"  # idle Erlang schedulers leave the cores to the services
SMALL = f"+S 1:1 {QUIET}"  # of several nodes on one machine none takes more than a core
LOCAL_ONLY = "-kernel inet_dist_use_interface {127,0,0,1}"


def uri(instance: Instance, name: str = NAME) -> str:
    """Return AMQP_URI of a node, of the only one unless it is named."""
    return f"amqp://{USER}:{instance.secret(NAME)}@127.0.0.1:{instance.port(name)}/"


def management_uri(instance: Instance, name: str = NAME) -> str:
    """Return RABBITMQ_MANAGEMENT_URI of a node."""
    return f"http://{USER}:{instance.secret(NAME)}@127.0.0.1:{instance.port(f'{name}-management')}"


def node_name(name: str = NAME) -> str:
    """Return how Erlang calls a node."""
    return f"{name.replace(NAME, USER)}@localhost"


def start(instance: Instance, name: str = NAME, join: str = "") -> None:
    """Start a node unless it runs, and wait until it takes connections and its management interface answers.

    A node that has no data yet joins the cluster of the node called `join`, or else stands alone.
    """
    if processes.running(instance, name) and _ready(instance, name):
        return
    server = _server()
    processes.stop(instance, (name,), grace=10)
    _start_mapper(instance)
    env = _environment(instance, name, _configuration(instance, name, join))
    say(f"starting RabbitMQ{_which(name)}")
    processes.start(instance, name, [str(server)], env)
    await_ready(instance, name)
    say(f"RabbitMQ{_which(name)} is ready on port {instance.port(name)}")


def await_ready(instance: Instance, name: str = NAME) -> None:
    """Wait for a node, ours or a container's."""
    log = instance.log(name)

    def late() -> Problem:
        return Problem("RabbitMQ does not come up", "read the log; `make down` and `make up` starts it afresh", log)

    def ready() -> bool:
        if processes.names(instance).count(name) and not processes.running(instance, name):
            raise late()
        return _ready(instance, name)

    wait_until(ready, PATIENCE, late)
    keep_unrouted(instance, name)


def control(instance: Instance, *words: str, name: str = NAME, tool: str = "rabbitmqctl") -> str:
    """Run one of the node's command line tools and return what it prints; raises CalledProcessError."""
    program = _server().with_name(tool)
    env = {**os.environ, **_address(instance, name)}
    return subprocess.run([program, *words], env=env, check=True, capture_output=True, text=True).stdout


def keep_unrouted(instance: Instance, name: str = NAME) -> None:
    """Keep what outside services publish and nobody takes; our own publish as mandatory and see it returned."""
    policy = {
        "pattern": r"^(?!(issues|volunteer|enrollment|notify)\.events$).*\.events$",
        "apply-to": "exchanges",
        "definition": {"alternate-exchange": "linli.unrouted"},
    }
    request = _request(instance, name, "policies/%2F/linli-unrouted")
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


def _start_mapper(instance: Instance) -> None:
    """Start the port mapper of all nodes of this instance unless it runs."""
    if processes.running(instance, MAPPER) or not (mapper := _mapper()):
        return
    address = ["-address", "127.0.0.1", "-port", str(instance.usable_port(MAPPER))]
    processes.start(instance, MAPPER, [mapper, *address], {})


def _address(instance: Instance, name: str) -> dict[str, str]:
    """Return where a node and its tools find each other."""
    return {
        "HOME": str(instance.home / name),
        "TERM": "dumb",  # no colours in the log
        "RABBITMQ_NODENAME": node_name(name),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "ERL_EPMD_PORT": str(instance.port(MAPPER)),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def _environment(instance: Instance, name: str, configuration: str) -> dict[str, str]:
    home = instance.home / name
    (home / "log").mkdir(parents=True, exist_ok=True)
    cookie = home / ".erlang.cookie"
    if not cookie.exists():
        instance.write(cookie, instance.secret("erlang-cookie"))
        cookie.chmod(0o400)
    instance.write(home / "enabled_plugins", "[rabbitmq_management].\n")
    instance.write(home / "rabbitmq.conf", configuration)
    return {
        **_address(instance, name),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(instance.port(name)),
        "RABBITMQ_DIST_PORT": str(instance.usable_port(f"{name}-dist")),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "generated"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{QUIET if name == NAME else SMALL} {LOCAL_ONLY}",
    }


def _configuration(instance: Instance, name: str, join: str) -> str:
    common = (instance.root / "deploy" / "rabbitmq.conf").read_text(encoding="utf-8")
    for port in (name, f"{name}-management"):
        instance.usable_port(port)
    return f"""{common}
# this machine only
default_user = {USER}
default_pass = {instance.secret(NAME)}
loopback_users.{USER} = true
management.tcp.ip = 127.0.0.1
management.tcp.port = {instance.port(f"{name}-management")}
log.file = false
log.console = true
log.console.level = info
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = {node_name(join or name)}
"""


def _which(name: str) -> str:
    """Say which node, where there are several."""
    return "" if name == NAME else f" {node_name(name)}"


def _request(instance: Instance, name: str, path: str) -> urllib.request.Request:
    """Return a request to the management interface."""
    token = base64.b64encode(f"{USER}:{instance.secret(NAME)}".encode()).decode()
    url = f"http://127.0.0.1:{instance.port(f'{name}-management')}/api/{path}"
    return urllib.request.Request(url, headers={"Authorization": f"Basic {token}"})


def _ready(instance: Instance, name: str) -> bool:
    try:
        with urllib.request.urlopen(_request(instance, name, "overview"), timeout=5):
            pass
        with socket.create_connection(("127.0.0.1", instance.port(name)), timeout=5):
            return True
    except (OSError, urllib.error.URLError):
        return False
