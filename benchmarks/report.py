"""One table for a person, one file for machines."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pymongo
import requests
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Contender, Experiment, Metric, median, ratio
from shared import clock

FILE = Path(__file__).with_name("results.json")
PACKAGES = ("nameko", "kombu", "amqp", "eventlet", "pymongo", "marshmallow")
GIB = 1024**3
HEADINGS = ("figure", "who", "median", "least – most", "ours ÷ it", "guarantees")
NUMBERS = HEADINGS[2:5]


def show(experiments: Sequence[Experiment]) -> None:
    """Print the table."""
    table = Table(title="A ratio within one run counts; absolute figures are those of this machine at this moment")
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left")
    for experiment in experiments:
        for metric in experiment.metrics:
            for position, contender in enumerate(who for who in experiment.contenders if metric in who.samples):
                title = f"{experiment.title} {metric.label}".strip() if position == 0 else ""
                table.add_row(title, *_cells(experiment, contender, metric))
        table.add_row(f"[dim]target: {experiment.target}[/dim]", end_section=True)
    Console(width=200 if not Console().is_terminal else None).print(table)


def _cells(experiment: Experiment, contender: Contender, metric: Metric) -> tuple[str, ...]:
    samples, ours = contender.samples[metric], experiment.contenders[0]
    return (
        contender.name,
        f"{_short(median(samples))} {metric.unit}",
        f"{_short(min(samples))} – {_short(max(samples))}",
        "" if contender is ours else f"{ratio(ours.samples[metric], samples):.2f}",
        contender.guarantee,
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def write(experiments: Sequence[Experiment], repetitions: int) -> None:
    """Write what was measured, on what, and every sample."""
    content = {
        "taken_at": clock.now().isoformat(timespec="seconds"),
        "commit": _commit(),
        "repetitions": repetitions,
        "machine": _machine(),
        "versions": _versions(),
        "experiments": [_as_values(experiment) for experiment in experiments],
    }
    FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _as_values(experiment: Experiment) -> dict[str, Any]:
    return {
        "name": experiment.name,
        "title": experiment.title,
        "target": experiment.target,
        "contenders": [
            {
                "name": contender.name,
                "guarantee": contender.guarantee,
                "figures": [_figure(experiment, metric, samples) for metric, samples in contender.samples.items()],
            }
            for contender in experiment.contenders
        ],
    }


def _figure(experiment: Experiment, metric: Metric, samples: list[float]) -> dict[str, Any]:
    return {
        "label": metric.label,
        "unit": metric.unit,
        "more_is_better": metric.more_is_better,
        "median": round(median(samples), 3),
        "ours_divided_by_it": round(ratio(experiment.contenders[0].samples[metric], samples), 3),
        "samples": [round(sample, 3) for sample in samples],
    }


def _commit() -> str:
    """Return the commit, with a plus where files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _machine() -> dict[str, Any]:
    """Return the shape of the machine, and how busy others keep it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "architecture": platform.machine(),
        "load_at_the_end": [round(load, 1) for load in os.getloadavg()],
    }


def _versions() -> dict[str, str]:
    overview = requests.get(f"{os.environ['RABBITMQ_MANAGEMENT_URI']}/api/overview", timeout=10).json()
    with pymongo.MongoClient[dict[str, Any]](os.environ["MONGODB_URI"]) as client:
        database = client.server_info()["version"]
    return {
        "python": platform.python_version(),
        "rabbitmq": overview["rabbitmq_version"],
        "mongodb": database,
        **{name: version(name) for name in PACKAGES},
    }
