"""The unmodified compose file on a real engine: `make test-containers`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.containers.stack import REPLICAS, Stack
from tests.support.eventually import eventually

pytestmark = [pytest.mark.containers, pytest.mark.timeout(300)]  # seconds; the first test also builds the image
BUILDINGS = 400
RESIDENTS = 400


def test_everything_comes_up_healthy(stack: Stack):
    states = {one["Name"]: one["State"] for one in stack.containers()}

    setup = [states.pop(name) for name in list(states) if "mongo-init" in name]
    assert [one["ExitCode"] for one in setup] == [0]
    assert {name: one["Health"]["Status"] for name, one in states.items()} == dict.fromkeys(states, "healthy")
    assert len(states) == 6 + sum(REPLICAS.values()) - len(REPLICAS) + 1


def test_nobody_is_root_and_only_broker_and_open311_are_published_and_to_this_machine_alone(stack: Stack):
    published = set()
    for container in stack.containers():
        assert container["Config"]["User"] not in ("", "0", "root"), container["Name"]
        ports = container["NetworkSettings"]["Ports"] or {}
        published |= {(inner, place["HostIp"]) for inner, places in ports.items() for place in places or []}

    assert published == {("5672/tcp", "127.0.0.1"), ("8080/tcp", "127.0.0.1")}


def test_the_image_holds_nothing_to_build_or_install_with_and_cannot_be_written(stack: Stack):
    [replica, *_] = stack.replicas("issues")

    found = stack.docker(
        "exec", replica, "sh", "-c", "for tool in pip pip3 gcc cc make; do command -v $tool; done; true"
    )

    assert found == ""
    assert "No module named pip" in stack.docker("exec", replica, "python", "-m", "pip", check=False)
    assert "Read-only file system" in stack.docker("exec", replica, "touch", "/app/new", check=False)


def test_a_service_reaches_no_other_service_s_data_and_speaks_in_no_other_name(stack: Stack):
    assert stack.inside("denied") == {"database": "Unauthorized", "broker": "AccessRefused"}


def test_replicas_share_the_work(stack: Stack):
    stack.inside("tree", str(BUILDINGS), "甲")

    answer = stack.inside("report", str(RESIDENTS // 2), "shared")

    assert answer == {"answered": RESIDENTS}
    settle(stack, "shared", RESIDENTS // 2)
    for replica in stack.replicas("issues"):
        assert stack.metric(replica, "bus_commands_total", 'method="report_issue"') > 0
        assert stack.metric(replica, "bus_processed_total", 'handler="on_org_unit_updated"') > 0
    for replica in stack.replicas("notify"):
        assert stack.metric(replica, "bus_processed_total", 'handler="on_issue_triaged"') > 0


def test_the_administrator_s_shell_answers(stack: Stack):
    said = stack.compose(
        "run", "--rm", "--no-TTY", "shell", text="print(n.rpc.volunteer.get_org_unit('C01')['level'])\n"
    )

    assert "community" in said.splitlines()


def test_a_killed_replica_costs_nothing(stack: Stack):
    with load(stack, "killed"):
        for service in REPLICAS:
            stack.docker("kill", "--signal", "KILL", stack.replicas(service)[0])
        stack.inside("tree", str(BUILDINGS), "乙")

    settle(stack, "killed", RESIDENTS)
    assert [len(stack.replicas(service)) for service in REPLICAS] == [2, 1]
    stack.up_again()
    assert [len(stack.replicas(service)) for service in REPLICAS] == [3, 2]


def test_stop_finishes_what_is_in_flight(stack: Stack):
    with load(stack, "stopped"):
        stopping = {replica for service in REPLICAS for replica in stack.replicas(service)}
        stack.inside("tree", str(BUILDINGS), "丙")
        stack.compose("stop", *REPLICAS)
        ended = [one for one in stack.containers() if one["Id"] in stopping]
        left = stack.inside("unfinished")
        stack.up_again()

    assert {one["Name"]: one["State"]["ExitCode"] for one in ended} == {one["Name"]: 0 for one in ended}
    assert len(ended) == sum(REPLICAS.values())
    assert left["handled_already"] == 0, left  # what was handled was acknowledged too
    settle(stack, "stopped", RESIDENTS)


def test_health_tells_when_the_database_is_away_and_when_it_is_back(stack: Stack):
    [replica, *_] = stack.replicas("issues")
    assert stack.is_healthy(replica)

    stack.compose("pause", "mongo")
    try:
        eventually(lambda: not stack.is_healthy(replica))
    finally:
        stack.compose("unpause", "mongo")

    eventually(lambda: stack.is_healthy(replica))


@contextmanager
def load(stack: Stack, name: str) -> Iterator[None]:
    """Let residents report while the block runs, which begins under load; every call of theirs must be answered."""
    with stack.begin_inside("report", str(RESIDENTS), name) as calling:
        try:
            eventually(lambda: stack.inside("look", name)["issues"] > 50, seconds=60)
            assert calling.poll() is None, "the load was over before the fault"
            yield
            said, _ = calling.communicate(timeout=200)
        finally:
            calling.kill()
    assert json.loads(said.splitlines()[-1]) == {"answered": 2 * RESIDENTS}


def settle(stack: Stack, name: str, residents: int) -> None:
    """Wait until nothing is on its way; then each resident has one issue, triaged once, and was told once."""
    eventually(lambda: _is_quiet(stack.inside("look", name), residents), seconds=60)

    seen = stack.inside("look", name)

    assert (seen["issues"], seen["triaged"], seen["parked"]) == (residents, residents, 0)
    assert seen["told"] == sorted(f"R-{name}-{number}" for number in range(residents))
    assert seen["tree_taken"] == [seen["tree_announced"], seen["tree_announced"]]


def _is_quiet(seen: dict[str, object], residents: int) -> bool:
    return (
        seen["waiting"] == 0 and len(seen["told"]) >= residents and seen["tree_taken"] == [seen["tree_announced"]] * 2
    )
