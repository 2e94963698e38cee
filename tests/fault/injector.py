"""Does to the system what a schedule says, and writes down what was done, to what, from when to when."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fault.kinds import Ground, Heal
from tests.fault.load import Load
from tests.fault.schedule import KILLS, Step
from tests.support.eventually import eventually

RECOVERS_WITHIN = 90.0  # seconds until cases that begin after a fault come to their end
GOES_ON_WITHIN = 30.0  # seconds that a step waits for the cases before it


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

    ground: Ground
    load: Load
    say: Callable[[str], None]
    faults: list[Fault]

    def run(self, schedule: list[Step]) -> None:
        """Inject every step, and heal what lasts."""
        for step in schedule:
            self._go_on(step.after)
            self._heal(all_of_it=step.alone)
            fault = Fault(step=step)
            self.faults.append(fault)
            fault.target, fault.heal = self.ground.hit(step)
            if fault.heal is None:
                self._over(fault)
        self._heal(all_of_it=True)

    def _heal(self, *, all_of_it: bool) -> None:
        """End the faults whose time is over, or all of them now or as soon as their time is over."""
        for fault in [one for one in self.faults if one.heal is not None]:
            left = fault.began + fault.step.seconds - time.time()
            if all_of_it and left > 0:
                time.sleep(left)  # the fault itself, which lasts so long
            if all_of_it or left <= 0:
                heal, fault.heal = fault.heal, None
                heal()
                self._over(fault)

    def _over(self, fault: Fault) -> None:
        """Note the end of a fault and, but for kills, how soon fresh work came to its end again."""
        fault.ended = time.time()
        if fault.step.kind not in KILLS:
            now = time.monotonic()
            self.load.wait_for_cases(2, since=now, seconds=RECOVERS_WITHIN)
            fault.recovered = time.monotonic() - now
        lasted = f"{fault.ended - fault.began:.1f} s, {fault.recovered:.1f} s to recover"
        self.say(f"{fault.step} -> {fault.target}, {lasted}")

    def _go_on(self, cases: int) -> None:
        """Wait until so many more cases ended; where a fault that lasts is in their way, not for ever."""
        wanted = len(self.load.cases) + cases
        with contextlib.suppress(AssertionError):
            eventually(lambda: self.load.failures or len(self.load.cases) >= wanted, seconds=GOES_ON_WITHIN)
        assert not self.load.failures, "\n".join(self.load.failures)
