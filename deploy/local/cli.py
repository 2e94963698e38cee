"""The command line: `python3 -m deploy.local WORD …` from the repository root."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from deploy.local import commands, services
from deploy.local.instance import CACHE, Instance
from deploy.local.say import Problem, say


def main(argv: list[str] | None = None) -> int:
    """Run one word; a failure is one message that says what to do."""
    words = sys.argv[1:] if argv is None else argv
    words, command = _split(words)
    options = _parser().parse_args(words)
    options.command = command
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        return int(options.does(options, Instance(options.instance)))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:  # read by `head`, say, which had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Cut at the first `--`: what follows is somebody else's command line."""
    if "--" not in words:
        return words, []
    cut = words.index("--")
    return words[:cut], words[cut + 1 :]


def _end(number: int, _frame: object) -> NoReturn:
    """Turn a signal into an exit that still takes down what is temporary."""
    raise SystemExit(128 + number)


def _replicas(text: str) -> tuple[str, int]:
    name, _, count = text.partition("=")
    if name not in services.SERVICES or not count.isdigit():
        raise argparse.ArgumentTypeError(f"SERVICE=NUMBER, where SERVICE is one of {', '.join(services.SERVICES)}")
    return name, int(count)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m deploy.local", description="Linli on this machine.")
    parser.add_argument(
        "--instance", type=Path, default=CACHE / "run", metavar="DIR", help="where it lives (default .local/run)"
    )
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")

    engine = argparse.ArgumentParser(add_help=False)
    engine.add_argument("--docker", action="store_true", help="RabbitMQ and MongoDB in containers")
    engine.add_argument(
        "--replicas", type=_replicas, action="append", default=[], metavar="SERVICE=N", help="processes of a service"
    )

    up = words.add_parser("up", parents=[engine], help="start everything that is not running")
    up.add_argument("--servers-only", action="store_true", help="RabbitMQ, MongoDB and the gateway, no services")
    up.set_defaults(does=commands.up)

    down = words.add_parser("down", help="stop everything")
    down.add_argument("--wipe", action="store_true", help="remove the data too")
    down.set_defaults(does=commands.down)

    logs = words.add_parser("logs", help="show logs")
    logs.add_argument("service", nargs="?", help="of one service or server")
    logs.add_argument("-f", "--follow", action="store_true")
    logs.add_argument("-n", "--lines", type=int, default=100)
    logs.set_defaults(does=commands.logs)

    temporary = words.add_parser("with-servers", parents=[engine], help="run `-- COMMAND` on servers of its own")
    temporary.add_argument("--services", action="store_true", help="the four services too")
    temporary.add_argument("--dev", action="store_true", help="with the development packages")
    temporary.add_argument("--bench", action="store_true", help="with the environment of the peers of `make bench`")
    temporary.set_defaults(does=commands.with_servers)

    environment = words.add_parser("venv", help="make .local/venv from the lock file")
    environment.add_argument("--dev", action="store_true", help="with the development packages")
    environment.set_defaults(does=commands.make_venv)

    words.add_parser("demo", parents=[engine], help="show the closed loop once").set_defaults(does=commands.demo)
    for name, does, text in (
        ("status", commands.status, "show what runs"),
        ("shell", commands.shell, "open the nameko shell as administrator"),
        ("env", commands.env, "print the addresses as KEY=VALUE"),
        ("exec", commands.execute, "run `-- COMMAND` with the addresses in its environment"),
        ("versions", commands.versions, "run the tests without servers on every Python present"),
        ("lock", commands.lock, "resolve the lock files anew"),
    ):
        words.add_parser(name, help=text).set_defaults(does=does)
    return parser
