"""Does to the system what a schedule says, and writes down what was done, to what, from when to when."""

import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pymongo.errors import AutoReconnect

from deploy.local import processes, rabbitmq
from deploy.local.instance import Instance
from tests.fault.client import Hand
from tests.fault.fleet import Fleet
from tests.fault.flood import Flood
from tests.fault.load import Load
from tests.fault.schedule import ANNOUNCED, AT_POINT, KILL, KILLS, Step
from tests.fault.supervisor import RELAY_POINTS
from tests.support.eventually import eventually
from tests.support.proxy import Proxy
from tests.support.system import SERVICES

Heal = Callable[[], None]
DIES_WITHIN = 120.0  # seconds until a process passes the point at which it dies
RECOVERS_WITHIN = 90.0  # seconds until cases that begin after a fault come to their end
GOES_ON_WITHIN = 30.0  # seconds that a step waits for the cases before it
DEPOSED_SECONDS = 5  # until the only member of the set may be elected again
ASKED_AGAIN = 180.0  # seconds of its past that an outside source publishes again for a queue that was deleted


@dataclass(kw_only=True)
class Fault:
    """One fault as it happened; times in seconds since 1970, `recovered` seconds until fresh cases ended again."""

    step: Step
    target: str = ""
    began: float = field(default_factory=time.time)
    ended: float = 0.0
    recovered: float = 0.0
    heal: Heal | None = None


@dataclass(kw_only=True)
class Injector:
    """Injects one step after the other; a fault that lasts goes on during the kills that follow it."""

    fleet: Fleet
    load: Load
    flood: Flood
    hand: Hand
    servers: Instance
    broker: Proxy
    database: Proxy
    say: Callable[[str], None]
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._system = self.fleet.system
        self._place = self.fleet.system.place
        self._kinds: dict[str, Callable[[Step, Fault], Heal | None]] = {
            KILL: self._kill, AT_POINT: self._kill_at_point, "pause": self._pause, "roll": self._roll,
            "cut": self._cut, "half_open": self._half_open, "slow": self._slow,
            "broker_restart": self._restart_broker, "step_down": self._step_down,
            "queue_deleted": self._delete_queue, "clock_skew": self._skew, "redelivery": self._deliver_again,
        }  # fmt: skip

    def run(self, schedule: list[Step]) -> None:
        """Inject every step, and heal what lasts."""
        for step in schedule:
            self._go_on(step.after)
            self._heal(all_of_it=step.kind not in KILLS)
            self._inject(step)
        self._heal(all_of_it=True)

    def _inject(self, step: Step) -> None:
        fault = Fault(step=step, target=f"{step.service}#{step.slot}")
        self.faults.append(fault)
        fault.heal = self._kinds[step.kind](step, fault)
        if fault.heal is None:
            self._over(fault)

    def _heal(self, *, all_of_it: bool) -> None:
        """End the faults whose time is over, or all of them now or as soon as their time is over."""
        for fault in [one for one in self.faults if one.heal is not None]:
            left = fault.began + fault.step.seconds - time.time()
            if all_of_it and left > 0:
                time.sleep(left)  # the fault itself, which lasts so long
            if all_of_it or left <= 0:
                assert fault.heal is not None
                fault.heal()
                fault.heal = None
                self._over(fault)

    def _over(self, fault: Fault) -> None:
        """Note the end of a fault and, but for kills, how soon fresh work came to its end again."""
        fault.ended = time.time()
        if fault.step.kind not in KILLS:
            now = time.monotonic()
            self.load.wait_for_cases(2, since=now, seconds=RECOVERS_WITHIN)
            fault.recovered = time.monotonic() - now
        self.say(
            f"{fault.step} -> {fault.target}, {fault.ended - fault.began:.1f} s, {fault.recovered:.1f} s to recover"
        )

    def _go_on(self, cases: int) -> None:
        """Wait until so many more cases ended; where a fault that lasts is in their way, not for ever."""
        wanted = len(self.load.cases) + cases
        with contextlib.suppress(AssertionError):
            eventually(lambda: self.load.failures or len(self.load.cases) >= wanted, seconds=GOES_ON_WITHIN)
        assert not self.load.failures, "\n".join(self.load.failures)

    # -- kills

    def _kill(self, step: Step, fault: Fault) -> None:
        self.fleet.wait_for_one_of_each()
        victim = self.fleet.replicas[step.service, step.slot]
        fault.target = f"{fault.target} pid {victim.popen.pid}"
        victim.kill()
        self.fleet.fill()

    def _kill_at_point(self, step: Step, fault: Fault) -> None:
        """Start one more replica, which dies at the point; for a point of the relay, alone, so that it leads."""
        point = step.detail["point"]
        if point.partition(":")[0] in RELAY_POINTS:
            self._heal(all_of_it=True)  # who is paused cannot stop
            self.fleet.stop(step.service)
        [doomed] = self._system.start(step.service, wait=False, FAILPOINT=point)
        fault.target = f"{step.service} pid {doomed.popen.pid}"
        eventually(lambda: self.load.failures or not doomed.alive, seconds=DIES_WITHIN)
        assert doomed.popen.returncode == -signal.SIGKILL, f"{step}: {doomed.log.read_text()[-3000:]}"
        self.fleet.fill()

    # -- processes

    def _pause(self, step: Step, fault: Fault) -> Heal:
        """Stop the replica whose relay leads; when it goes on it believes that it still does."""
        victim = self.fleet.leader(step.service) or self.fleet.replicas[step.service, step.slot]
        fault.target = f"{step.service} pid {victim.popen.pid}"
        victim.signal(signal.SIGSTOP)
        return lambda: victim.signal(signal.SIGCONT)

    def _roll(self, step: Step, fault: Fault) -> None:
        """Replace each replica of a service, one after the other, by SIGTERM."""
        fault.target = step.service
        for service, slot in [one for one in self.fleet.replicas if one[0] == step.service]:
            self.fleet.replace(service, slot)

    def _skew(self, step: Step, fault: Fault) -> Heal:
        """Let a replica run whose clock is wrong."""
        self.fleet.replace(step.service, step.slot, CLOCK_OFFSET=str(step.detail["offset"]))
        return lambda: self.fleet.replace(step.service, step.slot)

    # -- the network; what lasts hits the replicas of the first slot

    def _cut(self, step: Step, fault: Fault) -> None:
        fault.target = "every connection to the broker, those of the first replicas to the database"
        self.database.reset()
        for connection in self._place.connections():
            with contextlib.suppress(OSError):  # it may have ended by itself
                self._place.api("DELETE", f"connections/{quote(connection['name'])}")

    def _half_open(self, step: Step, fault: Fault) -> Heal:
        what = step.detail["what"]
        fault.target = f"first replicas to {what}"
        hit = [proxy for name, proxy in self._proxies.items() if what in (name, "both")]
        for proxy in hit:
            proxy.stall(old_only=not step.detail["new"])
        return lambda: [proxy.flow() for proxy in hit] and None

    def _slow(self, step: Step, fault: Fault) -> Heal:
        fault.target = "first replicas to broker and database"
        for proxy in self._proxies.values():
            proxy.delay(step.detail["delay"])
            proxy.limit(step.detail["each_second"])
        return lambda: [proxy.flow() for proxy in self._proxies.values()] and None

    @property
    def _proxies(self) -> dict[str, Proxy]:
        return {"broker": self.broker, "database": self.database}

    # -- the servers

    def _restart_broker(self, step: Step, fault: Fault) -> None:
        fault.target = "broker"
        processes.stop(self.servers, (rabbitmq.NAME, rabbitmq.MAPPER), grace=30)
        rabbitmq.start(self.servers)

    def _step_down(self, step: Step, fault: Fault) -> None:
        fault.target = "database"
        with contextlib.suppress(AutoReconnect):
            self._system.client.admin.command(
                "replSetStepDown", DEPOSED_SECONDS, secondaryCatchUpPeriodSecs=0, force=True
            )

    def _delete_queue(self, step: Step, fault: Fault) -> None:
        """Delete a queue with what it holds; the outside source sends its part again, once it was asked to."""
        fault.target = step.detail["queue"]
        self._place.api("DELETE", f"queues/{self._place.vhost}/{fault.target}")
        since = datetime.fromtimestamp(fault.began, UTC)
        eventually(lambda: self._asked_again(since), seconds=RECOVERS_WITHIN)
        self.flood.outside.send_again(since=fault.began - ASKED_AGAIN)

    def _asked_again(self, since: datetime) -> bool:
        """Whether a service asked for lost events: from then on the queue is there and bound."""
        asked = {"type": "events.requested", "time": {"$gte": since}}
        return any(self._system.database(service).outbox.count_documents(asked) for service in SERVICES)

    def _deliver_again(self, step: Step, fault: Fault) -> None:
        """Let a service send again what it sent, behind what it announced since."""
        since = datetime.now(UTC) - timedelta(seconds=step.detail["since"])
        fault.target = step.service
        again = {"types": ANNOUNCED[step.service], "since": since.isoformat()}
        fault.target += f": {self.hand.ask(step.service, 'resend_events', **again)}"
