"""Three MongoDB members under load: one dies, two die, one comes back with old data, one is cut off, one rolls back."""

import time
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from deploy.local import cluster
from shared.relay import POLL_SECONDS
from tests.cluster.members import Members, others
from tests.cluster.stopped import check_stopped
from tests.cluster.test_broker import CUT_OFF, RECOVERS_WITHIN
from tests.fault.run import LEFT_SOCKETS, under_load
from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.system import System
from tests.support.toy.driver import Toy

pytestmark = [pytest.mark.cluster, LEFT_SOCKETS, pytest.mark.timeout(600)]
LOOKS = 3  # of the relay into the outbox
UNREPLICATED = 20  # writes that only the old primary has


def test_a_primary_that_is_killed_loses_nothing(cluster_system: System, members: Members) -> None:
    with under_load(cluster_system) as run:
        primary, since = members.primary(), time.time()
        members.kill(primary)
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        members.start(primary)
        run.prepared.answer()
    run.check("database: primary killed", recovered=f"{recovered:.1f}s", **gaps)


def test_two_members_that_are_killed_stop_the_work_and_lose_nothing(cluster_system: System, members: Members) -> None:
    with under_load(cluster_system) as run:
        killed, since = [members.primary()], time.time()
        killed += others(cluster.MEMBERS, killed[0])[:1]
        members.kill(*killed)
        check_stopped(cluster_system)
        members.start(*killed)
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        run.prepared.answer()
    run.check("database: two of three members killed", recovered=f"{recovered:.1f}s", **gaps)


def test_a_member_that_comes_back_with_old_data_catches_up_before_it_counts(
    cluster_system: System, members: Members
) -> None:
    with under_load(cluster_system) as run:
        primary, since = members.primary(), time.time()
        late, other = others(cluster.MEMBERS, primary)
        members.stop(late)
        run.recover(seconds=RECOVERS_WITHIN, cases=6)
        members.start(late)
        members.kill(other)  # from now on nothing is acknowledged without the one that was late
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        members.start(other)
        run.prepared.answer()
    run.check("database: member back with old data, another killed", recovered=f"{recovered:.1f}s", **gaps)


def test_a_primary_that_is_cut_off_loses_nothing(cluster_system: System, members: Members) -> None:
    with under_load(cluster_system) as run:
        since = time.time()
        with members.frozen(members.primary()):
            recovered = run.recover(seconds=RECOVERS_WITHIN)
            eventually(lambda: time.time() - since > CUT_OFF, seconds=2 * CUT_OFF)
        run.recover(seconds=RECOVERS_WITHIN)
        gaps = run.gaps(since)
        run.prepared.answer()
    run.check("database: primary cut off and back", recovered=f"{recovered:.1f}s", **gaps)


def test_what_a_cut_off_primary_has_to_roll_back_was_never_acknowledged_nor_published(
    cluster_system: System, members: Members
) -> None:
    """The primary goes on writing for the seconds until it notices; then it dies, and the others never had those."""
    with under_load(cluster_system) as run:
        primary, since = members.primary(), time.time()
        with members.alone(primary) as client:
            rolled_back = _rollbacks(client)
            with members.frozen(*others(cluster.MEMBERS, primary)):
                eventually(lambda: _unreplicated(client) >= UNREPLICATED, every=0.2)
                members.kill(primary)
        recovered = run.recover(seconds=RECOVERS_WITHIN)
        members.start(primary)
        with members.alone(primary) as client:
            eventually(lambda: _rollbacks(client) > rolled_back, seconds=60)
        gaps = run.gaps(since)
        run.prepared.answer()
    run.check("database: primary's last writes rolled back", recovered=f"{recovered:.1f}s", **gaps)


def test_what_no_majority_has_is_not_published(cluster_system: System, members: Members, tmp_path: Path) -> None:
    """Where it was, it could be rolled back, and others would have heard of what never happened."""
    toy = Toy(cluster_system, tmp_path)
    toy.start()
    toy.call("open_account", "first")
    primary, caller = members.primary(), RawCaller(cluster_system.place.amqp_uri)
    with members.alone(primary) as client, members.frozen(*others(cluster.MEMBERS, primary)):
        call = caller.send("ledger", "open_account", b'{"args": ["second"], "kwargs": {}}')
        written = {"events.subject": "second", "pending": True}
        eventually(lambda: client[toy.database.name].outbox.count_documents(written), seconds=5)
        since = time.monotonic()
        eventually(lambda: time.monotonic() - since > LOOKS * POLL_SECONDS)
        assert cluster_system.recorder.of("account.opened", account_id="second") == []
    assert caller.wait(call)["result"]["account_id"] == "second"
    cluster_system.recorder.wait_for("account.opened", 1, account_id="second")
    caller.close()
    toy.bank.close()


def _unreplicated(client: Any) -> int:
    """Count the writes of the member that no majority has."""
    committed = client.admin.command("replSetGetStatus")["optimes"]["lastCommittedOpTime"]["ts"]
    return int(client.local["oplog.rs"].count_documents({"ts": {"$gt": committed}}))


def _rollbacks(client: Any) -> int:
    """Return the number that a member raises at each rollback; 0 where it cannot say."""
    try:
        return int(client.admin.command("replSetGetRBID")["rbid"])
    except PyMongoError:
        return 0
