"""`python3 -m deploy.lab up | test | down | secrets`, from the repository root."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
from typing import NoReturn

from deploy.lab import accounts, lab
from deploy.local import venv
from deploy.local.instance import ROOT
from deploy.local.say import Problem, say

TESTS = "tests/containers"


def main() -> int:
    """Do what the first word says."""
    parser = argparse.ArgumentParser(prog="python3 -m deploy.lab", description=__doc__)
    words = parser.add_subparsers(dest="word", required=True)
    for word, (_, text) in WORDS.items():
        words.add_parser(word, help=text, description=text)
    options, rest = parser.parse_known_args()
    action, _ = WORDS[options.word]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        with lab.alone():
            return action(rest)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT


def test(rest: list[str]) -> int:
    """Run the container tests; where no engine can be had, say so and pass, unless LAB=required."""
    try:
        try:
            env = lab.open_lab()
        except Problem as problem:
            return _skip(problem)
        venv.install("dev")
        argv = [str(venv.PYTHON), "-m", "pytest", "-m", "containers", TESTS, *rest]
        return subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode
    finally:
        say("taking the lab down")
        lab.close_lab()


def up(rest: list[str]) -> int:
    """Start everything with Compose and leave it running; further words go to `up`."""
    env = lab.open_lab()
    argv = [str(lab.COMPOSE), "up", "--build", "--wait", *rest]
    code = subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode
    say("to look further, type:")
    for key in ("DOCKER_HOST", "COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_ENV_FILES"):
        if key in env:
            print(f"export {key}={shlex.quote(env[key])}")
    print(f"{lab.COMPOSE} ps")
    return code


def down(_: list[str]) -> int:
    """Stop what `up` started, and remove its data; images are kept for the next time."""
    lab.close_lab()
    return 0


def secrets(_: list[str]) -> int:
    """Write .env with fresh passwords for `docker compose`, unless it is there."""
    accounts.write(ROOT / ".env")
    return 0


def _end(number: int, _frame: object) -> NoReturn:
    """Turn a signal into an exit that still takes the lab down."""
    raise SystemExit(128 + number)


def _skip(problem: Problem) -> int:
    bar = "=" * 100
    what = "SKIPPED: the container tests did NOT run, as no container engine could be had here."
    print(f"\n{bar}\n{what}\n{problem}\n{bar}", flush=True)
    print("0 passed, 0 failed, 1 skipped", flush=True)
    return 1 if os.environ.get("LAB") == "required" else 0


WORDS = {
    "test": (test, "run the container tests on a real engine; further words go to pytest"),
    "up": (up, "start everything with Compose and leave it running; further words go to `compose up`"),
    "down": (down, "stop what `up` started and remove its data; images are kept"),
    "secrets": (secrets, "write .env with fresh passwords, unless it is there"),
}
