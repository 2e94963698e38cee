"""What each word on the command line does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from deploy.local import processes, pythons, services, stack, venv
from deploy.local.instance import CACHE, ROOT, Instance
from deploy.local.say import Problem, at_terminal, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

PATIENCE = 30  # seconds a command has to end after it was interrupted
NO_SERVER = "not server and not story and not fault and not cluster and not pressure and not walk and not containers"


def up(options: argparse.Namespace, instance: Instance) -> int:
    """Start what does not run and leave it running."""
    only = options.servers_only
    stack.up(instance, only_servers=only, in_docker=options.docker, replicas=dict(options.replicas))
    say(
        f"everything is up; addresses: {instance.env_file.relative_to(ROOT) if instance.default else instance.env_file}"
    )
    if not only:
        say("look around: make shell · make status · make logs · stop it: make down")
    return 0


def down(options: argparse.Namespace, instance: Instance) -> int:
    """Stop everything, in the order that loses nothing."""
    stack.down(instance, wipe=options.wipe)
    say("everything is down" + (" and its data removed" if options.wipe else ""))
    return 0


def status(_options: argparse.Namespace, instance: Instance) -> int:
    """Show each process, its port and whether it is ready."""
    names = processes.names(instance)
    for name in names:
        pid = processes.running(instance, name)
        state = "ended" if pid is None else "runs" if name in stack.SERVERS else services.answer(instance, name)
        print(f"{name:<14} {instance.ports().get(name, ''):>6}  pid {pid or '-':<8} {state}")
    if not names:
        print("nothing is up here: make up")
    return 0


def logs(options: argparse.Namespace, instance: Instance) -> int:
    """Show the last lines of the logs, or follow them."""
    found = [path for path in (instance.home / "log").glob("*.log") if path.stem.startswith(options.service or "")]
    wanted = [str(path) for path in sorted(found)]
    if not wanted:
        raise Problem(f"no log of {options.service or 'anything'} in {instance.home}", "make up, or see make status")
    os.execvp("tail", ["tail", "-n", str(options.lines), *(["-F"] if options.follow else []), *wanted])


def shell(_options: argparse.Namespace, instance: Instance) -> int:
    """Become the nameko shell."""
    return _become([str(venv.PYTHON), "-m", "shared.shell"], stack.environment(instance))


def execute(options: argparse.Namespace, instance: Instance) -> int:
    """Become the command, with the addresses in its environment."""
    return _become(_command(options), stack.environment(instance))


def env(_options: argparse.Namespace, instance: Instance) -> int:
    """Print the addresses."""
    stack.environment(instance)
    print(instance.env_file.read_text(encoding="utf-8"), end="")
    return 0


def demo(options: argparse.Namespace, _instance: Instance) -> int:
    """Show the closed loop in an instance that exists only for it."""
    with stack.temporary() as instance:
        environment = stack.up(instance, in_docker=options.docker, replicas={})
        return _run([str(venv.PYTHON), "-m", "deploy.demo"], environment)


def with_servers(options: argparse.Namespace, _instance: Instance) -> int:
    """Run a command on servers that exist only for it."""
    command = _command(options)
    if options.bench:
        venv.install_bench()
    with stack.temporary() as instance:
        environment = stack.up(
            instance,
            use="dev" if options.dev else "run",
            only_servers=not options.services,
            in_docker=options.docker,
            replicas=dict(options.replicas),
        )
        return _run(command, environment)


def make_venv(options: argparse.Namespace, _instance: Instance) -> int:
    """Install the lock file."""
    venv.install("dev" if options.dev else "run")
    return 0


def versions(options: argparse.Namespace, _instance: Instance) -> int:
    """Run the suites that need no server on every Python version that is present."""
    failed = []
    for version, path in sorted(pythons.present().items()):
        say(f"Python {version}")
        python = venv.for_version(version, path)
        tests = [str(python), "-m", "pytest", "-q", "-m", NO_SERVER, *options.command]
        if subprocess.run(tests, cwd=ROOT, check=False).returncode:
            failed.append(version)
    if failed:
        raise Problem(f"tests fail on Python {', '.join(failed)}", "see above")
    return 0


def lock(_options: argparse.Namespace, _instance: Instance) -> int:
    """Resolve the lock files on the oldest version: its packages also install on the newer ones."""
    oldest = pythons.SUPPORTED[0]
    if (path := pythons.present().get(oldest)) is None:
        raise Problem(f"Python {oldest} is needed to lock", f"install python{oldest}")
    tool = [str(venv.for_version(oldest, path).parent / "pip-compile"), "-q", "--upgrade", "--generate-hashes"]
    no_host = ["--no-emit-options", "--no-header"]
    form = ["--allow-unsafe", "--strip-extras", "--annotation-style=line"]
    sources = {
        "run": ["pyproject.toml"],
        "dev": ["pyproject.toml", "--extra", "dev", "-c", "requirements/run.txt"],
        "bench": ["requirements/bench.in"],
    }
    for use, more in sources.items():
        say(f"resolving requirements/{use}.txt")
        subprocess.run([*tool, *no_host, *form, *more, "-o", f"requirements/{use}.txt"], cwd=ROOT, check=True)
    return 0


def _command(options: argparse.Namespace) -> list[str]:
    words = [str(word) for word in options.command]
    if not words:
        raise Problem("no command given", f"python3 -m deploy.local {options.word} -- COMMAND …")
    return words


def _become(argv: Sequence[str], env: Mapping[str, str]) -> int:
    environment = stack.for_command(env)
    os.chdir(ROOT)
    sys.stdout.flush()
    try:
        os.execvpe(argv[0], list(argv), environment)
    except FileNotFoundError as missing:
        raise Problem(f"{argv[0]} is not found", "see `make help`") from missing


def _run(argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command in the foreground; pass an interruption on, give it time to end, return its exit code."""
    try:
        child = subprocess.Popen(argv, cwd=ROOT, env=stack.for_command(env))
    except FileNotFoundError as missing:
        raise Problem(f"{argv[0]} is not found", f"put it on PATH or into {CACHE.name}/venv") from missing
    try:
        return child.wait()
    except (KeyboardInterrupt, SystemExit) as interruption:
        if isinstance(interruption, SystemExit) or not at_terminal():  # a terminal has told the child itself
            child.send_signal(signal.SIGTERM if isinstance(interruption, SystemExit) else signal.SIGINT)
        try:
            child.wait(PATIENCE)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            child.kill()
            child.wait()
        raise
