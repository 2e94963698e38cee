"""The whole of an instance: up, down, its environment, and instances that exist only while a command runs."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy.local import docker, mongodb, processes, rabbitmq, services, venv
from deploy.local.given import check_broker, given, usual_management
from deploy.local.instance import CACHE, Instance
from deploy.local.say import Problem, say
from deploy.local.together import together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SERVERS = (rabbitmq.NAME, rabbitmq.MAPPER, mongodb.NAME, services.GATEWAY)
GRACE = 30  # seconds a server has to close its files
TEMPORARY = CACHE / "tmp"


def up(
    instance: Instance,
    *,
    use: str = "run",
    only_servers: bool = False,
    in_docker: bool = False,
    replicas: Mapping[str, int],
) -> dict[str, str]:
    """Bring up what is not up yet, write the environment and return it."""
    with instance.locked():
        amqp, mongo = given("AMQP_URI"), given("MONGODB_URI")
        together(
            lambda: venv.install(use),
            lambda: check_broker(amqp) if amqp else _start(instance, rabbitmq.NAME, in_docker=in_docker),
            lambda: None if mongo else _start(instance, mongodb.NAME, in_docker=in_docker),
            lambda: services.start_gateway(instance),
        )
        env = {
            "AMQP_URI": amqp or rabbitmq.uri(instance),
            "MONGODB_URI": mongo or mongodb.uri(instance),
            "RABBITMQ_MANAGEMENT_URI": _management(instance, amqp),
            "GATEWAY_URL": services.address(instance, services.GATEWAY),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
        }
        if not only_servers:
            services.start(instance, env, replicas)
            env |= {f"{name.upper()}_HTTP": services.address(instance, name) for name in services.SERVICES}
            env[f"{services.API.upper()}_API"] = services.address(instance, services.api(services.API))
        env[processes.MARK] = str(instance.home)
        lines = [f"{key}={shlex.quote(value)}\n" for key, value in env.items()]
        instance.write(instance.env_file, "".join(lines))
        return env


def down(instance: Instance, *, wipe: bool = False) -> None:
    """Stop the services, then the gateway and the servers; with wipe, remove the directory too."""
    if not instance.home.exists():
        return
    with instance.locked():
        services.stop(instance)
        servers = processes.names(instance)
        if servers:
            say(f"stopping {', '.join(servers)}")
        for name in processes.stop(instance, servers, 0 if wipe else GRACE):
            if not wipe:
                say(f"{name} had to be killed: see {instance.log(name)}")
        docker.stop(instance)
        instance.env_file.unlink(missing_ok=True)
    if wipe:
        shutil.rmtree(instance.home)


def environment(instance: Instance) -> dict[str, str]:
    """Read the environment of an instance that is up."""
    if not instance.env_file.exists():
        raise Problem("nothing is up here", "make up")
    pairs = (line.partition("=") for line in instance.env_file.read_text(encoding="utf-8").splitlines())
    return {key: "".join(shlex.split(value)) for key, _, value in pairs}


def for_command(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command: the instance's, and the programs of the virtual environment first."""
    path = f"{venv.HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, **env, "PATH": path, "PYTHONPATH": str(Instance(CACHE).root)}


@contextmanager
def temporary() -> Iterator[Instance]:
    """Give an instance that is taken down and removed at the end, and remove what a killed run left."""
    _sweep()
    instance = Instance(TEMPORARY / secrets.token_hex(4))
    instance.prepare()
    owner = {"pid": os.getpid(), "started": processes.start_time(os.getpid())}
    instance.write(instance.home / "owner.json", json.dumps(owner))
    try:
        yield instance
    finally:
        down(instance, wipe=True)


def _sweep() -> None:
    for home in TEMPORARY.glob("*"):
        try:
            owner = json.loads((home / "owner.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # just being made
        if processes.start_time(owner["pid"]) != owner["started"]:
            down(Instance(home), wipe=True)


def _start(instance: Instance, name: str, *, in_docker: bool) -> None:
    if in_docker:
        docker.start(instance, name)
    elif name == rabbitmq.NAME:
        rabbitmq.start(instance)
    else:
        mongodb.start(instance)


def _management(instance: Instance, amqp: str | None) -> str:
    """Return the management interface: ours, the one given, or the usual place on the broker's host."""
    if amqp is None:
        return rabbitmq.management_uri(instance)
    return given("RABBITMQ_MANAGEMENT_URI") or usual_management(amqp)
