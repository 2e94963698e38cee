"""The load: many small threads of work that cross the services, each remembered with what has to come of it."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fault.client import Hand, Journal
from tests.fault.community import BUILDINGS, EVERYBODY, REPORTERS, SECRETARY
from tests.support.eventually import eventually

HOURS = 2.0  # served by each volunteer for each issue
NEEDED = 2  # volunteers for each issue
SEATS, LEARNERS = 4, 6  # of each course
ISSUE_CLIENTS, COURSE_CLIENTS = 8, 3


@dataclass(kw_only=True)
class Case:
    """One thread of work that came to its end; times are of the monotonic clock."""

    kind: str
    name: str
    began: float
    ended: float
    people: tuple[str, ...]


@dataclass
class Load:
    """Runs cases on clients of their own until told to stop, and then lets each come to its end."""

    amqp_uri: str
    seed: int
    journal: Journal = field(default_factory=Journal)
    cases: list[Case] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._enough, self._over = threading.Event(), threading.Event()
        kinds = [issue_case] * ISSUE_CLIENTS + [course_case] * COURSE_CLIENTS
        self._clients = [threading.Thread(target=self._run, args=(n, kind)) for n, kind in enumerate(kinds)]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the load while the body lasts; every case that was begun comes to its end."""
        for client in self._clients:
            client.start()
        try:
            yield
        except BaseException:
            self._over.set()
            raise
        finally:
            self._enough.set()
            for client in self._clients:
                client.join()

    def wait_for_cases(self, count: int, *, since: float = 0.0, seconds: float = 90.0) -> None:
        """Wait until so many cases that began after this moment came to their end."""
        eventually(lambda: self._failed() or self.ended_since(since) >= count, seconds=seconds)
        assert not self.failures, "\n".join(self.failures)

    def ended_since(self, since: float) -> int:
        """Count the cases that began after this moment and came to their end."""
        return sum(1 for case in list(self.cases) if case.began >= since)

    def _failed(self) -> bool:
        return bool(self.failures)

    def _run(self, client: int, kind: "CaseOf") -> None:
        hand = Hand(self.amqp_uri, self.journal, self._over)
        rng = random.Random(f"{self.seed}/{client}")
        while not self._enough.is_set():
            name, began = f"{self.seed}-{next(self._numbers)}", time.monotonic()
            try:
                case = kind(hand, name, rng)
            except Exception as error:  # noqa: BLE001 -- told by the test, with the case it happened in
                self.failures.append(f"seed={self.seed} {kind.__name__} {name}: {type(error).__name__}: {error}")
                break
            self.cases.append(Case(began=began, ended=time.monotonic(), **case))
        hand.close()


CaseOf = Callable[[Hand, str, random.Random], dict[str, Any]]


def issue_case(hand: Hand, name: str, rng: random.Random) -> dict[str, Any]:
    """Walk an issue from the report to the resident's answer: two volunteers serve, most residents are content."""
    building, reporter = rng.choice(BUILDINGS), rng.choice(REPORTERS)
    hand.do("notify", "set_contact", person_id=reporter, name=reporter, wechat=f"wx-{reporter}")
    issue = hand.do("issues", "report_issue", reporter=reporter, building_id=building, text="堵了", client_id=name)
    issue_id = issue["issue_id"]
    hand.do("issues", "triage", issue_id=issue_id, category="waste_station")
    hand.do("issues", "request_help", issue_id=issue_id, needed=NEEDED, hours_estimate=HOURS, scope="estate")
    dispatch_id = issue_id.replace("IS", "DP")
    people = help_out(hand, dispatch_id)
    hand.until(lambda issue: issue["state"] == "in_progress", "issues", "get_issue", issue_id=issue_id)
    hand.do("issues", "resolve", issue_id=issue_id, by=SECRETARY)
    hand.do("issues", "confirm", issue_id=issue_id, satisfaction=rng.choice((5, 5, 5, 2)))
    return {"kind": "issue", "name": dispatch_id, "people": people}


def help_out(hand: Hand, dispatch_id: str) -> tuple[str, ...]:
    """Let everybody who is asked take the seat and serve; return who did."""
    dispatch = hand.until(
        lambda seen: len(seen["offers"]) == NEEDED, "volunteer", "get_dispatch", dispatch_id=dispatch_id
    )
    people = tuple(offer["volunteer_id"] for offer in dispatch["offers"])
    for volunteer in people:
        hand.do("volunteer", "respond_dispatch", dispatch_id=dispatch_id, volunteer_id=volunteer, accept=True)
    hand.do("volunteer", "complete_dispatch", dispatch_id=dispatch_id, hours_by_volunteer=dict.fromkeys(people, HOURS))
    return people


def course_case(hand: Hand, name: str, rng: random.Random) -> dict[str, Any]:
    """Walk a course from the plan to its end: six come for four seats, one leaves, one moves up, four complete it."""
    learners = rng.sample(EVERYBODY, LEARNERS)
    course = hand.do(
        "enrollment", "plan_course", title="急救", theme="urban_management", course_kind="skill", capacity=SEATS,
        audience=["resident_backbone"], qualification=f"skill-{name}",
    )  # fmt: skip
    course_id = course["course_id"]
    session = hand.do(
        "enrollment", "schedule_session", course_id=course_id, hours=3, session_format="lecture",
        starts_at=(datetime.now(UTC) - timedelta(hours=3)).isoformat(),
    )  # fmt: skip
    hand.do("enrollment", "open_course", course_id=course_id)
    for learner in learners:
        hand.do("enrollment", "enroll", course_id=course_id, person_id=learner)
    hand.do("enrollment", "cancel_enrollment", course_id=course_id, person_id=learners[0])
    hand.do("enrollment", "confirm_promotion", course_id=course_id, person_id=learners[SEATS])
    seated = learners[1 : SEATS + 1]
    hand.do("enrollment", "record_attendance", session_id=session["session_id"], person_ids=seated)
    hand.do("enrollment", "finish_course", course_id=course_id)
    return {"kind": "course", "name": course_id, "people": tuple(seated)}
