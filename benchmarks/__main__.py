"""`python -m benchmarks`: run everything on the servers named in the environment, print the table, write, and draw."""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console

from benchmarks import (
    calls,
    contested,
    curves,
    growth,
    handling,
    latency,
    limits,
    load,
    memory,
    publishing,
    replicas,
    report,
    results,
    starting,
)
from benchmarks.figures import Curve, Experiment
from benchmarks.ground import THEIRS
from benchmarks.size import FULL, QUICK, Size
from tests.support.processes import ROOT

console = Console(stderr=True)
MILLION = "memory_million"

Wanted = Mapping[str, Callable[[], AbstractContextManager[Experiment | Curve]]]


def experiments(size: Size, repetitions: int) -> Wanted:
    """Name every experiment, with what prepares it."""
    return {
        "handling": lambda: nullcontext(handling.experiment(size.events, size.single)),
        "limits": lambda: nullcontext(limits.experiment(size.events)),
        "publishing": lambda: nullcontext(publishing.experiment(size.facts)),
        "question": lambda: calls.questions(size.questions),
        "command": lambda: calls.commands(size.commands),
        "event_latency": lambda: latency.events(size.latencies, repetitions),
        "message_latency": lambda: latency.messages(size.messages),
        "candidates": lambda: growth.candidates(size.volunteers, size.questions),
        "contested": lambda: nullcontext(contested.experiment()),
        "starting": lambda: nullcontext(starting.experiment()),
        "second_replica": lambda: nullcontext(replicas.experiment(size.events)),
    }


def once(size: Size) -> Wanted:
    """Name what is measured only once, because it takes long."""
    return {
        "memory": lambda: nullcontext(memory.experiment("memory", size.remembered)),
        MILLION: lambda: nullcontext(memory.experiment(MILLION, 1_000_000)),
    }


def shapes() -> Wanted:
    """Name the curves: once at each size, for they show a shape."""
    return {
        "load": lambda: nullcontext(load.curve()),
        "payload": lambda: nullcontext(curves.payload()),
        "backlog": lambda: nullcontext(curves.backlog()),
        "batch": lambda: nullcontext(curves.batch()),
        "replicas": lambda: nullcontext(curves.replicas()),
    }


def taken(wanted: Wanted, repetitions: int) -> Iterator[Experiment | Curve]:
    """Take one experiment after the other; one that breaks is said and left out."""
    with console.status("") as status:
        for name, prepare in wanted.items():
            began = time.monotonic()
            status.update(f"{name}: preparing")
            try:
                with prepare() as experiment:
                    experiment.take(repetitions, status.update)
                yield experiment
            except Exception:  # noqa: BLE001 -- a broken experiment costs its own figures only
                console.print_exception()
            console.print(f"{name}: {time.monotonic() - began:.0f} s")


def draw() -> None:
    """Draw the picture, where matplotlib is: in the environment of the peers."""
    subprocess.run([str(THEIRS / "python"), "-m", "benchmarks.draw"], cwd=ROOT, check=False)


def main() -> None:
    """Run what was asked for; a quick run is not written down."""
    names = [*experiments(FULL, 1), *once(FULL), *shapes()]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small, without curves, in less than two minutes")
    parser.add_argument("--only", nargs="*", default=[], choices=names, help="these, whatever they take")
    parser.add_argument("--repetitions", type=int, help="instead of five, or of one in a quick run")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what was started is ended on the way out
    size = QUICK if options.quick else FULL
    wanted = options.only or [name for name in names if name != MILLION and not (options.quick and name in shapes())]
    repetitions = options.repetitions or size.repetitions
    done = []
    for group, times in ((experiments(size, repetitions), repetitions), (once(size), 1), (shapes(), 1)):
        for one in taken({name: group[name] for name in group if name in wanted}, times):
            done.append(one)
            if not options.quick:
                results.write(one, times)
    report.show(done)
    if not options.quick:
        draw()
        console.print(f"written to {results.FILE.relative_to(ROOT)} and drawn beside it")


if __name__ == "__main__":
    main()
