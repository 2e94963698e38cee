"""Dispatches served and waiting for the resident's answer, which an outside source then gives all at once."""

import random
import threading
from dataclasses import dataclass, field

from tests.fault.client import Hand, Journal
from tests.fault.community import BUILDINGS
from tests.fault.due import Due, nothing
from tests.fault.issue_cases import help_out
from tests.fault.outside import Outside, Parcel, event, structured

NEEDED = 2  # volunteers for each issue


@dataclass
class Prepared:
    """Issues that only the outside source knows: it asks for help, and says later what the residents answered."""

    amqp_uri: str
    seed: int
    count: int
    due: Due = field(default_factory=nothing)
    outside: Outside = field(init=False)

    def __post_init__(self) -> None:
        self.outside = Outside(self.amqp_uri)
        self._over = threading.Event()

    def serve(self) -> None:
        """Ask for help for each issue, and let volunteers serve."""
        hand, rng = Hand(self.amqp_uri, Journal(), self._over), random.Random(f"{self.seed}/prepared")
        for number in range(self.count):
            self.outside.publish(
                _help_requested(f"IS-9{number:03d}", BUILDINGS[number % len(BUILDINGS)]), over=self._over
            )
        for number in range(self.count):
            self.due["hours"] |= help_out(hand, f"DP-9{number:03d}", NEEDED, rng)
        hand.close()

    def answer(self, *, times: int = 2) -> None:
        """Confirm every issue, so many times under one id, as a broker that delivers again would."""
        for number in range(self.count):
            issue_id = f"IS-9{number:03d}"
            confirmed = event(
                "issue.confirmed", "issues", issue_id, 9, issue_id=issue_id, round=1, satisfaction=5, via="wechat"
            )
            for _ in range(times):
                self.outside.publish(structured(confirmed), over=self._over)
        self.outside.close()


def _help_requested(issue_id: str, building: str) -> Parcel:
    return structured(event(
        "issue.help_requested", "issues", issue_id, 3, issue_id=issue_id, category="waste_station", needed=NEEDED,
        hours_estimate=2.0, scope="building", qualification_policy="none", lead_rule="none", urgent=False,
        sensitive=False, building_id=building, qualification=None, round=1, request_no=1, title="垃圾站点",
    ))  # fmt: skip
