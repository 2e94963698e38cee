"""The kinds of faults: what each does to the system, and how what lasts is ended."""

import contextlib
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pymongo.errors import AutoReconnect

from deploy.local import processes, rabbitmq
from deploy.local.instance import Instance
from tests.fault.client import Hand
from tests.fault.fleet import Fleet
from tests.fault.flood import Flood
from tests.fault.schedule import ANNOUNCED, AT_POINT, KILL, Step
from tests.fault.supervisor import RELAY_POINTS
from tests.support.eventually import eventually
from tests.support.proxy import Proxy
from tests.support.system import SERVICES

Heal = Callable[[], None]
Done = tuple[str, Heal | None]  # what was hit, and how to end what lasts
DIES_WITHIN = 120.0  # seconds until a process passes the point at which it dies
HEALS_WITHIN = 90.0  # seconds until somebody misses a queue
DEPOSED_SECONDS = 5  # until the only member of the set may be elected again
HEAP = 150  # messages
ASKED_AGAIN = 180.0  # seconds of its past that an outside source publishes again for a queue that was deleted


@dataclass(kw_only=True)
class Ground:
    """What faults happen to."""

    fleet: Fleet
    flood: Flood
    hand: Hand
    servers: Instance
    broker: Proxy
    database: Proxy

    def __post_init__(self) -> None:
        self._system, self._place = self.fleet.system, self.fleet.system.place
        self._proxies = {"broker": self.broker, "database": self.database}
        self._kinds: dict[str, Callable[[Step], Done]] = {
            KILL: self._kill, AT_POINT: self._kill_at_point, "pause": self._pause, "roll": self._roll,
            "away": self._away, "cut": self._cut, "half_open": self._half_open, "slow": self._slow,
            "broker_restart": self._restart_broker, "step_down": self._step_down,
            "queue_deleted": self._delete_queue, "clock_skew": self._skew, "redelivery": self._deliver_again,
        }  # fmt: skip

    def hit(self, step: Step) -> Done:
        """Do what the step says."""
        return self._kinds[step.kind](step)

    # -- kills

    def _kill(self, step: Step) -> Done:
        self.fleet.wait_for_one_of_each()
        victim = self.fleet.replicas[step.service, step.slot]
        victim.kill()
        self.fleet.fill()
        return f"{step.service}#{step.slot} pid {victim.popen.pid}", None

    def _kill_at_point(self, step: Step) -> Done:
        """Start one more replica, which dies at the point; for a point of the relay, alone, so that it leads."""
        point = step.detail["point"]
        if point.partition(":")[0] in RELAY_POINTS:
            self.fleet.stop(step.service)
        [doomed] = self._system.start(step.service, wait=False, FAILPOINT=point)
        eventually(lambda: not doomed.alive, seconds=DIES_WITHIN)
        assert doomed.popen.returncode == -signal.SIGKILL, f"{step}: {doomed.log.read_text()[-3000:]}"
        self.fleet.fill()
        return f"{step.service} pid {doomed.popen.pid}", None

    # -- processes

    def _pause(self, step: Step) -> Done:
        """Stop the replica whose relay leads; when it goes on it believes that it still does."""
        victim = self.fleet.leader(step.service) or self.fleet.replicas[step.service, step.slot]
        victim.signal(signal.SIGSTOP)
        return f"{step.service} pid {victim.popen.pid}", lambda: victim.signal(signal.SIGCONT)

    def _roll(self, step: Step) -> Done:
        """Replace each replica of a service, one after the other, by SIGTERM."""
        for service, slot in [one for one in self.fleet.replicas if one[0] == step.service]:
            self.fleet.replace(service, slot)
        return step.service, None

    def _away(self, step: Step) -> Done:
        """Stop every replica of a service until a heap of events waits for it."""
        self.fleet.stop(step.service)
        self.flood.wait_for(HEAP)
        self.fleet.fill()
        return step.service, None

    def _skew(self, step: Step) -> Done:
        """Let a replica run whose clock is wrong."""
        self.fleet.replace(step.service, step.slot, CLOCK_OFFSET=str(step.detail["offset"]))
        return f"{step.service}#{step.slot}", lambda: self.fleet.replace(step.service, step.slot)

    # -- the network; what lasts hits the replicas of the first slot

    def _cut(self, step: Step) -> Done:
        self.database.reset()
        for connection in self._place.connections():
            with contextlib.suppress(OSError):  # it may have ended by itself
                self._place.api("DELETE", f"connections/{quote(connection['name'])}")
        return "every connection to the broker, those of the first replicas to the database", None

    def _half_open(self, step: Step) -> Done:
        what = step.detail["what"]
        hit = [proxy for name, proxy in self._proxies.items() if what in (name, "both")]
        for proxy in hit:
            proxy.stall(old_only=not step.detail["new"])
        return f"first replicas to {what}", lambda: _flow(hit)

    def _slow(self, step: Step) -> Done:
        for proxy in self._proxies.values():
            proxy.delay(step.detail["delay"])
            proxy.limit(step.detail["each_second"])
        return "first replicas to both", lambda: _flow(self._proxies.values())

    # -- the servers

    def _restart_broker(self, step: Step) -> Done:
        processes.stop(self.servers, (rabbitmq.NAME, rabbitmq.MAPPER), grace=30)
        rabbitmq.start(self.servers)
        return "broker", None

    def _step_down(self, step: Step) -> Done:
        with contextlib.suppress(AutoReconnect):
            self._system.client.admin.command(
                "replSetStepDown", DEPOSED_SECONDS, secondaryCatchUpPeriodSecs=0, force=True
            )
        return "database", None

    def _delete_queue(self, step: Step) -> Done:
        """Delete a queue with what it holds; the outside source sends its part again, once it was asked to."""
        queue, now = step.detail["queue"], datetime.now(UTC)
        self._place.api("DELETE", f"queues/{self._place.vhost}/{queue}")
        eventually(lambda: self._asked_again(now), seconds=HEALS_WITHIN)
        self.flood.outside.send_again(since=now.timestamp() - ASKED_AGAIN)
        return queue, None

    def _asked_again(self, since: datetime) -> bool:
        """Whether a service asked for lost events: from then on the queue is there and bound."""
        asked = {"events.type": "events.requested", "time": {"$gte": since}}
        return any(self._system.database(service).outbox.count_documents(asked) for service in SERVICES)

    def _deliver_again(self, step: Step) -> Done:
        """Let a service send again what it sent, behind what it announced since."""
        since = datetime.now(UTC) - timedelta(seconds=step.detail["since"])
        again = {"types": ANNOUNCED[step.service], "since": since.isoformat()}
        resent = self.hand.ask(step.service, "resend_events", **again)["resent"]
        return f"{step.service}: {resent} events", None


def _flow(proxies: Iterable[Proxy]) -> None:
    for proxy in proxies:
        proxy.flow()
