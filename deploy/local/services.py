"""The four services and the message gateway, one process per replica."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from deploy.local import processes, venv
from deploy.local.say import Problem, say
from deploy.local.together import together, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.local.instance import Instance

SERVICES = ("issues", "volunteer", "enrollment", "notify")
GATEWAY = "gateway"
API = "issues"  # the service whose routes others may ask
PATIENCE = 60  # seconds until a service must be ready; 3 are usual
GRACE = 30  # seconds a service has to finish what is in flight


def address(instance: Instance, name: str) -> str:
    """Return where a process answers HTTP."""
    return f"http://127.0.0.1:{instance.port(name)}"


def api(name: str) -> str:
    """Name the port of a replica's routes."""
    return f"{name}-api"


def replica(service: str, number: int) -> str:
    """Name a replica: the first is called as the service."""
    return service if number == 1 else f"{service}-{number}"


def start_gateway(instance: Instance) -> None:
    """Start the stand-in for WeChat and SMS unless it runs."""
    if not processes.running(instance, GATEWAY):
        port = str(instance.usable_port(GATEWAY))
        file = str(instance.home / "gateway.jsonl")
        argv = [sys.executable, "-m", "deploy.local.gateway", "--port", port, "--file", file]
        processes.start(instance, GATEWAY, argv, {"PYTHONPATH": str(instance.root)})
    _await(instance, GATEWAY, "/messages")


def start(instance: Instance, env: Mapping[str, str], replicas: Mapping[str, int]) -> None:
    """Start every replica that does not run, stop those that are too many, wait until all are ready."""
    wanted = [replica(name, number + 1) for name in SERVICES for number in range(replicas.get(name, 1))]
    surplus = [name for name in processes.names(instance) if _service(name) and name not in wanted]
    processes.stop(instance, surplus, GRACE)
    new = [name for name in wanted if not processes.running(instance, name)]
    if new:
        say(f"starting {', '.join(new)}")
    for name in new:
        _start(instance, env, name)
    together(*(lambda name=name: _await(instance, name, "/readyz") for name in wanted))
    if new:
        say(f"ready: {', '.join(wanted)}")


def stop(instance: Instance) -> None:
    """Let the services finish what they began."""
    names = [name for name in processes.names(instance) if _service(name)]
    if names:
        say(f"stopping {', '.join(names)}")
    for name in processes.stop(instance, names, GRACE):
        say(f"{name} did not end within {GRACE} s and was killed: see {instance.log(name)}")


def answer(instance: Instance, name: str, path: str = "/readyz") -> str:
    """Return `ready`, or what the process says instead."""
    try:
        with urllib.request.urlopen(address(instance, name) + path, timeout=5):
            return "ready"
    except urllib.error.HTTPError as refusal:
        return f"not ready: {refusal.read(300).decode(errors='replace').strip()}"
    except OSError:
        return "does not answer"


def _start(instance: Instance, env: Mapping[str, str], name: str) -> None:
    own = {
        **env,
        "HTTP_ADDRESS": f"127.0.0.1:{instance.usable_port(name)}",
        "PYTHONPATH": str(instance.root),
        "PYTHONUNBUFFERED": "1",
    }
    if _service(name) == API:
        own["API_ADDRESS"] = f"127.0.0.1:{instance.usable_port(api(name))}"
    nameko = str(venv.HOME / "bin" / "nameko")
    service = _service(name) or name
    # the class is named, or nameko would also take the base class that the module imports for a service
    target = f"services.{service}.service:{service.capitalize()}Service"
    argv = [nameko, "run", "--config", "deploy/nameko.yaml", target]
    processes.start(instance, name, argv, own)


def _await(instance: Instance, name: str, path: str) -> None:
    def late() -> Problem:
        said = answer(instance, name, path)
        return Problem(f"{name} is not ready: {said}", f"read the log: make logs SERVICE={name}", instance.log(name))

    def ready() -> bool:
        if not processes.running(instance, name):
            raise Problem(f"{name} ended while starting", "mend what the log says", instance.log(name))
        return answer(instance, name, path) == "ready"

    wait_until(ready, PATIENCE, late)


def _service(name: str) -> str | None:
    """Return which service a process is a replica of."""
    service = name.partition("-")[0]
    return service if service in SERVICES else None
