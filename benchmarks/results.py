"""The file for machines: every sample, on what it was taken, and of which commit."""

import json
import os
import platform
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

import pymongo
import requests

from benchmarks.figures import Contender, Curve, Experiment, Metric, Target, median
from deploy.local import venv
from shared import clock

FILE = Path(__file__).with_name("results.json")
OURS = ("nameko", "kombu", "amqp", "eventlet", "pymongo", "marshmallow")
PEERS = ("faststream", "aio-pika", "uvloop", "celery", "kombu", "dramatiq", "pika", "pymongo")
GIB = 1024**3

Values = dict[str, Any]


def commit() -> str:
    """Return the commit, with a plus where files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


COMMIT = commit()  # of the moment the run begins, whatever happens to the files meanwhile


def write(one: Experiment | Curve, repetitions: int) -> None:
    """Put what was measured in the place of what the file had under its name; the rest keeps its own commit."""
    content: Values = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    content |= {"machine": _machine(), "versions": _versions()}
    taken = {
        "taken_at": clock.now().isoformat(timespec="seconds"),
        "commit": COMMIT,
        "load_at_the_end": [round(load, 1) for load in os.getloadavg()],
    }
    kind, values = ("curves", of_curve(one)) if isinstance(one, Curve) else ("experiments", of_experiment(one))
    content.setdefault(kind, {})[one.name] = {**taken, "repetitions": repetitions, **values}
    FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def of_experiment(experiment: Experiment) -> Values:
    """Return an experiment as plain values."""
    return {
        "title": experiment.title,
        "targets": [_target(experiment, target) for target in experiment.targets],
        "contenders": [_contender(experiment, contender) for contender in experiment.contenders],
    }


def of_curve(curve: Curve) -> Values:
    """Return a curve as plain values."""
    points = [
        {"at": at, "contenders": [_contender(experiment, one) for one in experiment.contenders]}
        for at, experiment in curve.points.items()
    ]
    return {"title": curve.title, "axis": curve.axis, "points": points}


def _target(experiment: Experiment, target: Target) -> Values:
    verdict = experiment.verdict(target)
    reached = {} if verdict is None else {"value": round(verdict.value, 3), "met": verdict.met}
    return {
        "text": target.text,
        "bound": target.bound,
        "more_is_better": target.metric.more_is_better,
        "against": verdict.against if verdict else "",
        "met": None,
        **reached,
    }


def _contender(experiment: Experiment, contender: Contender) -> Values:
    return {
        "name": contender.name,
        "guarantee": contender.guarantee,
        **({"problem": contender.problem} if contender.problem else {}),
        "figures": [_figure(experiment, contender, metric, samples) for metric, samples in contender.samples.items()],
    }


def _figure(experiment: Experiment, contender: Contender, metric: Metric, samples: list[float]) -> Values:
    ratio = experiment.against_ours(contender, metric)
    return {
        "label": metric.label,
        "unit": metric.unit,
        "more_is_better": metric.more_is_better,
        "median": round(median(samples), 3),
        "ours_divided_by_it": None if ratio is None else round(ratio, 3),
        "samples": [round(sample, 3) for sample in samples],
    }


def _machine() -> Values:
    """Return the shape of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return {"cores": os.cpu_count(), "memory_gib": round(memory), "architecture": platform.machine()}


def _versions() -> Values:
    overview = requests.get(f"{os.environ['RABBITMQ_MANAGEMENT_URI']}/api/overview", timeout=10).json()
    with pymongo.MongoClient[dict[str, Any]](os.environ["MONGODB_URI"]) as client:
        database = client.server_info()["version"]
    [libraries] = venv.BENCH.glob("lib/python*/site-packages")
    theirs = {one.name.lower(): one.version for one in distributions(path=[str(libraries)])}
    return {
        "python": platform.python_version(),
        "rabbitmq": overview["rabbitmq_version"],
        "mongodb": database,
        "ours": {name: version(name) for name in OURS},
        "peers": {name: theirs[name] for name in PEERS},
    }
