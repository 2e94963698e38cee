"""Whether a question takes longer when there is ten times as much to look through."""

import contextlib
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nameko.standalone.rpc import ClusterRpcProxy

from benchmarks.calls import timings
from benchmarks.figures import Contender, Experiment, Measured, Metric, Target, quantile
from benchmarks.ground import PATIENCE, Ground, ground
from services.volunteer import domain, repository
from services.volunteer.domain import Qualification, day_of
from shared import clock

if TYPE_CHECKING:
    from datetime import date

P95 = Metric(unit="ms", label="p95")
GROWN = 10  # times as many
BUILDINGS = 100
COMMUNITY, GRID, ESTATE = "C01", "C01-G03", "C01-G03-E07"
QUALIFICATION = "hazard_inspection"
TIMES = 1.5
INSERTED_AT_ONCE = 10_000
PROFILE_ALL, PROFILE_NOTHING = 2, 0


@contextlib.contextmanager
def candidates(few: int, count: int) -> Iterator[Experiment]:
    """Ask who could help with one issue, among few volunteers and among ten times as many in the same buildings."""
    with contextlib.ExitStack() as stack:
        contenders = [stack.enter_context(_among(volunteers, count)) for volunteers in (few * GROWN, few)]
        yield Experiment(
            name="candidates",
            title="candidates for one issue",
            contenders=contenders,
            targets=[Target(metric=P95, bound=TIMES, against=(contenders[1].name,))],
        )


@contextlib.contextmanager
def _among(volunteers: int, count: int) -> Iterator[Contender]:
    with ground() as here:
        here.start_service("volunteer").wait_ready(PATIENCE)
        with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
            rpc.volunteer.import_org_tree(units=_tree())
            _seed(here, volunteers)
            yield Contender(
                name=f"{volunteers:,} volunteers",
                guarantee="the 20 with the least on their hands; the plan shows no collection scan",
                measure=lambda: _asked(here, rpc, count),
            )


def _asked(here: Ground, rpc: Any, count: int) -> Measured:
    buildings = itertools.cycle(range(BUILDINGS))

    def ask(_: str) -> None:
        found = rpc.volunteer.find_candidates(
            org_unit_id=_building(next(buildings)),
            scope="community",
            qualification=QUALIFICATION,
            policy="preferred",
            limit=20,
        )
        assert len(found["items"]) == 20

    samples = timings(count, ask)
    _look_at_the_plan(here, lambda: ask(""))
    return {P95: quantile(samples, 0.95)}


def _look_at_the_plan(here: Ground, call: Any) -> None:
    """Raise AssertionError if the database read the whole collection for a call."""
    database = here.database("volunteer")
    database.command("profile", PROFILE_ALL)
    try:
        call()
    finally:
        database.command("profile", PROFILE_NOTHING)
    plans = [look.get("planSummary") for look in database["system.profile"].find({"ns": f"{database.name}.volunteers"})]
    assert plans, "the question did not look at the volunteers"
    assert "COLLSCAN" not in plans, "the question reads every volunteer"


def _seed(here: Ground, volunteers: int) -> None:
    """Write volunteers, evenly over the buildings, half of them qualified, with different hours."""
    until = day_of(clock.now()).replace(year=2099)
    templates = [
        _template(building, until, qualified=qualified) for building in range(BUILDINGS) for qualified in (0, 1)
    ]
    documents = [
        {
            **templates[number % len(templates)],
            "_id": f"V-{number}",
            "person_id": f"P-{number}",
            "hundredths": number * 7919 % 100_000,
        }
        for number in range(volunteers)
    ]
    for start in range(0, volunteers, INSERTED_AT_ONCE):
        here.database("volunteer")["volunteers"].insert_many(documents[start : start + INSERTED_AT_ONCE])


def _template(building: int, until: "date", *, qualified: int) -> dict[str, Any]:
    path = (COMMUNITY, GRID, ESTATE, _building(building))
    held = [Qualification(qualification=QUALIFICATION, valid_until=until)] if qualified else []
    volunteer, _ = domain.register("V", "P", path, is_party_member=bool(building % 2), qualifications=held)
    return {**repository.volunteers.to_document(volunteer), "revision": 1}


def _tree() -> list[dict[str, Any]]:
    trunk = [(COMMUNITY, "community", None), (GRID, "grid", COMMUNITY), (ESTATE, "estate", GRID)]
    buildings = [(_building(number), "building", ESTATE) for number in range(BUILDINGS)]
    return [
        {"org_unit_id": unit, "level": level, "label_zh": unit, **({"parent_id": parent} if parent else {})}
        for unit, level, parent in [*trunk, *buildings]
    ]


def _building(number: int) -> str:
    return f"{ESTATE}-B{number:03d}"
