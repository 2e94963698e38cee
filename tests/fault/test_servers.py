"""Broker and database restarted, deposed, half-open, cut off and deleted under load; everything recovers by itself."""

import contextlib
from urllib.parse import quote

import pytest
from pymongo.errors import AutoReconnect

from deploy.local import processes, rabbitmq
from deploy.local.instance import Instance
from tests.fault.run import MARKS, Run, under_load
from tests.support.proxy import Proxy
from tests.support.servers import Place
from tests.support.system import System

pytestmark = [*MARKS, pytest.mark.timeout(400)]
DEPOSED_SECONDS = 5  # until the only member of the set may be elected again
RECOVERS_WITHIN = 90.0  # seconds


def test_a_broker_that_is_restarted_loses_nothing(own_system: System, own_servers: Instance) -> None:
    with under_load(own_system) as run:
        processes.stop(own_servers, (rabbitmq.NAME, rabbitmq.MAPPER), grace=30)
        rabbitmq.start(own_servers)
        recover(run)
    run.check("broker restarted")


def test_a_database_whose_primary_steps_down_loses_nothing(own_system: System) -> None:
    with under_load(own_system) as run:
        with contextlib.suppress(AutoReconnect):
            own_system.client.admin.command(
                "replSetStepDown", DEPOSED_SECONDS, secondaryCatchUpPeriodSecs=0, force=True
            )
        recover(run)
    run.check("primary stepped down")


def test_connections_that_are_half_open_for_ever_lose_nothing(own_system: System, own_place: Place) -> None:
    broker, database = Proxy(own_place.amqp_uri), Proxy(own_place.mongodb_uri)
    with contextlib.closing(broker), contextlib.closing(database):
        with under_load(own_system, AMQP_URI=broker.uri, MONGODB_URI=database.uri) as run:
            broker.stall(old_only=True)
            database.stall(old_only=True)
            recover(run)
        run.check("half-open connections")


def test_connections_that_the_broker_closes_lose_nothing(own_system: System, own_place: Place) -> None:
    with under_load(own_system) as run:
        for connection in own_place.connections():
            with contextlib.suppress(OSError):  # it may have ended by itself
                own_place.api("DELETE", f"connections/{quote(connection['name'])}")
        recover(run)
    run.check("connections closed")


@pytest.mark.parametrize("consumer", ["at work", "stopped"])
def test_a_queue_that_is_deleted_is_filled_again(own_system: System, own_place: Place, consumer: str) -> None:
    deleted = ("volunteer.on_course_completed", "notify.on_dispatch_offered", "issues.on_dispatch_filled")
    with under_load(own_system) as run:
        asked = len(own_system.recorder.of("events.requested"))
        stopped = [process for name in ("volunteer", "notify") for process in own_system.of(name)]
        if consumer == "stopped":
            for process in stopped:
                assert process.stop() == 0
            run.flood.wait_for(20)
        for queue in deleted:
            own_place.api("DELETE", f"queues/{own_place.vhost}/{queue}")
        if consumer == "stopped":
            for process in stopped:
                own_system.start(process.service)
        recover(run)
        assert len(own_system.recorder.of("events.requested")) > asked
        run.flood.outside.send_again()  # the outside source was asked too
    run.check(f"queues deleted, consumer {consumer}")


def recover(run: Run) -> None:
    """Wait until fresh work comes to its end, and then let the residents answer."""
    run.recover(seconds=RECOVERS_WITHIN)
    run.prepared.answer()
