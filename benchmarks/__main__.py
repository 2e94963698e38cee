"""`python -m benchmarks`: run everything on the servers named in the environment, print the table, write the file."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from rich.console import Console

from benchmarks import calls, handling, latency, publishing, report, starting
from benchmarks.figures import Experiment

console = Console(stderr=True)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured; `single` events pass where none can form a batch, which is slow."""

    repetitions: int
    events: int
    single: int
    facts: int
    questions: int
    commands: int
    messages: int


FULL = Size(repetitions=5, events=20_000, single=1_000, facts=10_000, questions=300, commands=100, messages=40)
QUICK = Size(repetitions=2, events=3_000, single=200, facts=2_000, questions=100, commands=40, messages=10)

Prepared = AbstractContextManager[Experiment]


def experiments(size: Size) -> "dict[str, Callable[[], Prepared]]":
    """Name every experiment, with what prepares it."""
    return {
        "handling": lambda: nullcontext(handling.experiment(size.events, size.single)),
        "publishing": lambda: nullcontext(publishing.experiment(size.facts)),
        "question": lambda: calls.questions(size.questions),
        "command": lambda: calls.commands(size.commands),
        "event_latency": lambda: latency.events(size.questions, size.repetitions),
        "message_latency": lambda: latency.messages(size.messages),
        "starting": lambda: nullcontext(starting.experiment()),
    }


def taken(size: Size, names: list[str]) -> Iterator[Experiment]:
    """Take one experiment after the other; one that breaks is said and left out."""
    with console.status("") as status:
        for name, prepare in experiments(size).items():
            if name not in (names or [name]):
                continue
            try:
                status.update(f"{name}: preparing")
                with prepare() as experiment:
                    experiment.take(size.repetitions, status.update)
                yield experiment
            except Exception:  # noqa: BLE001 -- a broken experiment costs its own figures only
                console.print_exception()


def main() -> None:
    """Run what was asked for; only a full run is written down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, less than two minutes")
    parser.add_argument("--only", nargs="*", default=[], choices=list(experiments(FULL)), help="these experiments")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    done = list(taken(size, options.only))
    report.show(done)
    if not options.quick and not options.only:
        report.write(done, size.repetitions)
        console.print(f"written to {report.FILE.parent.name}/{report.FILE.name}")


if __name__ == "__main__":
    main()
