"""A contested course: many people ask for few seats of one course at the same moment, on three replicas."""

import json
import time
from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy

from benchmarks.calls import P50
from benchmarks.figures import Contender, Experiment, Measured, Metric, Target, quantile
from benchmarks.ground import PATIENCE, Ground, ground
from tests.support.rpc import RawCaller

PEOPLE, SEATS, REPLICAS = 200, 30, 3
SLOWEST = Metric(unit="ms", label="slowest of 200")
LATER = Metric(unit="people", label="told to try again")
LIMIT = 2000  # ms until every call must be answered


def experiment() -> Experiment:
    """Time every call; there is no peer."""
    return Experiment(
        name="contested",
        title="contested course, 200 people and 30 seats at once, 3 replicas",
        contenders=[
            Contender(name="linli", guarantee="exactly 30 have a seat, the others a place in the line", measure=rush)
        ],
        targets=[Target(metric=SLOWEST, bound=LIMIT), Target(metric=LATER, bound=0)],
    )


def rush() -> Measured:
    """Send all calls, then wait for the answers."""
    with ground() as here:
        for _ in range(REPLICAS):
            here.start_service("enrollment")
        for process in here.processes:
            process.wait_ready(PATIENCE)
        course = _open_course(here)
        caller = RawCaller(here.place.amqp_uri)
        try:
            return _enrolled(caller, course)
        finally:
            caller.close()


def _open_course(here: Ground) -> str:
    with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
        planned = rpc.enrollment.plan_course(
            title="抢座",
            theme="urban_management",
            course_kind="general",
            capacity=SEATS,
            audience=["resident_backbone"],
        )
        rpc.enrollment.open_course(planned["course_id"])
        return str(planned["course_id"])


def _enrolled(caller: RawCaller, course: str) -> Measured:
    sent = {}
    for number in range(PEOPLE):
        body = _body(course, f"M-{number:03d}")
        sent[caller.send("enrollment", "enroll", body)] = time.perf_counter()
    samples, places = [], []
    for call, began in sent.items():
        answer = caller.wait(call, seconds=PATIENCE)
        samples.append((time.perf_counter() - began) * 1000)
        if answer["error"] is None:
            places.append(answer["result"]["seat_no"])
        else:
            assert answer["error"]["exc_type"] == "Unavailable", answer["error"]
    given = sorted(seat for seat in places if seat)
    assert given == list(range(1, SEATS + 1)), f"seats are overbooked or empty: {given}"
    return {SLOWEST: max(samples), P50: quantile(samples, 0.5), LATER: PEOPLE - len(places)}


def _body(course: str, person: str) -> bytes:
    kwargs: dict[str, Any] = {"course_id": course, "person_id": person}
    return json.dumps({"args": [], "kwargs": kwargs}).encode()
