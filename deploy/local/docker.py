"""RabbitMQ and MongoDB in containers, for a person who has Docker and asks for it: `make up ENGINE=docker`."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from deploy.local import mongodb, rabbitmq
from deploy.local.say import Problem, run, say

if TYPE_CHECKING:
    from deploy.local.instance import Instance

IMAGES = {rabbitmq.NAME: "rabbitmq:3.13-management", mongodb.NAME: "mongo:7.0"}
CHECK = "see that `docker info` works for you"


def start(instance: Instance, which: str) -> None:
    """Start one container of this instance, unless it is there, and wait for it."""
    if shutil.which("docker") is None:
        raise Problem("docker is not found", "install Docker, or leave ENGINE=docker away")
    name, log = _name(instance, which), instance.log("docker")
    if not _docker("ps", "-q", "--filter", f"name=^{name}$"):
        _docker("rm", "-f", "-v", name)
        say(f"starting {IMAGES[which]} as {name}")
        secret = {"RABBITMQ_DEFAULT_USER": rabbitmq.USER, "RABBITMQ_DEFAULT_PASS": instance.secret(rabbitmq.NAME)}
        argv = ["docker", "run", "-d", "--name", name, *_arguments(instance, which)]
        run(argv, log, f"starting {name}", CHECK, {**os.environ, **secret})
    try:
        (rabbitmq if which == rabbitmq.NAME else mongodb).await_ready(instance)
    except Problem as problem:
        run(["docker", "logs", "--tail", "100", name], log, f"reading the log of {name}", CHECK)
        raise Problem(problem.what, "read what the container said; `make down`, then `make up`", log) from None


def stop(instance: Instance) -> None:
    """Remove the containers of this instance, if it has any, with their data."""
    if instance.log("docker").exists() and shutil.which("docker"):
        _docker("rm", "-f", "-v", *(_name(instance, which) for which in IMAGES))
        instance.log("docker").unlink()


def _arguments(instance: Instance, which: str) -> list[str]:
    port = instance.usable_port(which)
    if which == mongodb.NAME:  # the same port inside and outside: the replica set tells clients its address
        mongod = ["--replSet", "rs0", "--port", str(port), "--bind_ip_all"]
        return ["-p", f"127.0.0.1:{port}:{port}", IMAGES[which], *mongod]
    management = instance.usable_port("rabbitmq-management")
    ports = ["-p", f"127.0.0.1:{port}:5672", "-p", f"127.0.0.1:{management}:15672"]
    configuration = f"{instance.root}/deploy/rabbitmq.conf:/etc/rabbitmq/conf.d/20-linli.conf:ro"
    user = ["-e", "RABBITMQ_DEFAULT_USER", "-e", "RABBITMQ_DEFAULT_PASS"]  # values by the environment, not by ps
    return [*ports, *user, "-v", configuration, IMAGES[which]]


def _name(instance: Instance, which: str) -> str:
    return f"linli-{hashlib.sha256(str(instance.home).encode()).hexdigest()[:8]}-{which}"


def _docker(*words: str) -> str:
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=False).stdout.strip()
