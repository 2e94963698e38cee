"""Three RabbitMQ nodes under load: one dies, two die, one comes back with old data, one stands still."""

import time

import pytest

from deploy.local import cluster, rabbitmq
from shared.broker.topology import rpc_queue
from tests.cluster.members import Members, others
from tests.cluster.stopped import check_stopped
from tests.fault.run import LEFT_SOCKETS, under_load
from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import SERVICES, System

pytestmark = [pytest.mark.cluster, LEFT_SOCKETS, pytest.mark.timeout(600)]
CUT_OFF = 30.0  # seconds: every heartbeat has noticed by then
RECOVERS_WITHIN = 120.0  # seconds


def test_a_node_that_is_killed_while_it_leads_loses_nothing(
    cluster_system: System, cluster_place: Place, members: Members
) -> None:
    with under_load(cluster_system) as run:
        queues = members.queues(cluster_place)
        assert {len(queue["members"]) for queue in queues} == {3}
        assert {rpc_queue(service).name for service in SERVICES} <= {queue["name"] for queue in queues}
        leader, since = members.leader(cluster_place), time.time()
        members.kill(leader)
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        members.start(leader)
        run.prepared.answer()
    run.check("broker: leading node killed", recovered=f"{recovered:.1f}s", **gaps)


def test_two_nodes_that_are_killed_stop_the_work_and_lose_nothing(
    cluster_system: System, cluster_place: Place, members: Members
) -> None:
    with under_load(cluster_system) as run:
        killed, since = [members.leader(cluster_place)], time.time()
        killed += others(cluster.NODES, killed[0])[:1]
        members.kill(*killed)
        check_stopped(cluster_system)
        members.start(*killed)
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        run.prepared.answer()
    run.check("broker: two of three nodes killed", recovered=f"{recovered:.1f}s", **gaps)


def test_a_node_that_comes_back_with_old_data_catches_up_before_it_counts(
    cluster_system: System, cluster_place: Place, members: Members
) -> None:
    with under_load(cluster_system) as run:
        late, since = others(cluster.NODES, members.leader(cluster_place))[0], time.time()
        members.stop(late)
        run.recover(seconds=RECOVERS_WITHIN, cases=6)
        members.start(late)
        leader = members.leader(cluster_place)
        gone = leader if leader != late else others(cluster.NODES, late)[0]
        members.kill(gone)  # from now on nothing is confirmed without the one that was late
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        members.start(gone)
        run.prepared.answer()
    run.check("broker: node back with old data, another killed", recovered=f"{recovered:.1f}s", **gaps)


def test_a_node_that_stands_still_while_it_leads_loses_nothing(
    cluster_system: System, cluster_place: Place, members: Members
) -> None:
    """RabbitMQ leaves a node that was given up and goes on by itself outside: the runbook says to restart it."""
    with under_load(cluster_system) as run:
        leader, since = members.leader(cluster_place), time.time()
        with members.frozen(leader):
            recovered = run.recover(seconds=RECOVERS_WITHIN)
            eventually(lambda: time.time() - since > CUT_OFF, seconds=2 * CUT_OFF)
        gaps = run.gaps(since)
        members.kill(leader)
        members.start(leader)
        run.recover(seconds=RECOVERS_WITHIN)
        run.prepared.answer()
    run.check("broker: leading node stands still, then restarted", recovered=f"{recovered:.1f}s", **gaps)


def test_the_nodes_share_the_lead(cluster_system: System, cluster_place: Place, members: Members) -> None:
    cluster_system.start_all()
    leads = {queue["leader"] for queue in members.queues(cluster_place)}
    assert leads == {rabbitmq.node_name(node) for node in cluster.NODES}
