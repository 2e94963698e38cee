"""What other services tell ours without end: facts in every accepted form, twice, renamed, out of order; and rubbish.

The n-th tale of a seed is the same in every run, but for ids that are unique everywhere.
"""

import json
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.fault.community import ESTATE
from tests.fault.due import nothing
from tests.fault.outside import Outside, Parcel, event, structured
from tests.support.eventually import eventually

PERSONS = [f"F-{n:03d}" for n in range(40)]  # no volunteers: their completions are kept and nothing more follows
EACH_SECOND = 40  # tales
AGAIN, RENAMED, BARE, BAD = 0.1, 0.05, 0.2, 0.03  # shares: twice under one id, under another, without envelope, rubbish
REVISIONS = 4  # at most, of one unit
LEARNT = "volunteer.on_course_completed"
TOLD = "notify.on_issue_resolved"


def completed(course_id: str, person_id: str) -> dict[str, Any]:
    """Say that a person completed a course, as the academy would."""
    return event(
        "course.completed", "enrollment", f"{course_id}/{person_id}", 1, enrollment_id=f"{course_id}/{person_id}",
        course_id=course_id, person_id=person_id, theme="urban_management", qualification="first_aid", hours=3.0,
        score=None, completed_at=datetime.now(UTC).isoformat(), need_id=None, title="急救",
    )  # fmt: skip


def bare(one: dict[str, Any]) -> Parcel:
    """Publish the values of a completion alone, as an outside service may: its business key becomes its id."""
    named = {**one, "id": f"{one['type']}:{one['data']['course_id']}:{one['data']['person_id']}"}
    return replace(structured(named), body=json.dumps(one["data"]).encode(), message_id=None)


def nudge() -> dict[str, Any]:
    """Ask for events that nobody has: every service handles it, and nothing follows."""
    since = datetime.now(UTC).isoformat()
    return event(
        "events.requested", "issues", "outside", 1, service="outside", sources=["nobody"], types=["none"], since=since
    )


def rubbish(rng: random.Random) -> tuple[Parcel, str]:
    """Make a message that must be parked, and say for which reason."""
    good = completed("CX-bad", "F-bad")
    spoilt: list[tuple[dict[str, Any], str]] = [
        ({"body": b"{not json"}, "not_json"),
        ({"body": b"\xff\xfe\x00"}, "encoding"),
        ({"body": b"[1, 2]"}, "not_an_object"),
        ({"content_type": "text/yaml"}, "content_type"),
        ({"body": json.dumps({**good, "data": {"course_id": "CX-bad"}}).encode()}, "invalid"),
        ({"body": json.dumps({**good, "dataschema": "course.completed/2"}).encode()}, "unknown_version"),
        ({"body": json.dumps({**good, "type": "course.forgotten"}).encode()}, "unknown_type"),
        ({"body": json.dumps({**good, "time": "yesterday"}).encode()}, "envelope"),
    ]
    change, reason = rng.choice(spoilt)
    return replace(structured(good), event=None, **change), reason


class Flood:
    """Publishes as fast as it is allowed to, and remembers what has to come of it."""

    def __init__(self, amqp_uri: str, seed: int, *, repeat: bool = True, each_second: float = EACH_SECOND) -> None:
        self.outside = Outside(amqp_uri)
        self.due = nothing()
        self._seed, self._repeat, self._pause = seed, repeat, 1 / each_second
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Flood while the body lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()
            self.outside.close()

    def wait_for(self, count: int, *, seconds: float = 60.0) -> None:
        """Wait until so many more messages were confirmed."""
        before = len(self.outside.sent)
        eventually(lambda: len(self.outside.sent) >= before + count, seconds=seconds)

    def _run(self) -> None:
        number = 0
        while not self._over.wait(self._pause):
            self.tell(number)
            number += 1

    def tell(self, number: int) -> None:
        """Tell the n-th tale of this seed."""
        rng = random.Random(f"{self._seed}/outside/{number}")
        tales: tuple[Callable[[int, random.Random], None], ...] = (self._learnt, self._moved, self._nobody, self._nudge)
        if self._repeat and rng.random() < BAD:
            self._bad(rng)
        else:
            rng.choices(tales, (16, 2, 1, 1))[0](number, rng)

    def _learnt(self, number: int, rng: random.Random) -> None:
        """A person completed a course; said once, twice, or again under another id."""
        course_id, person = f"CX-{number // len(PERSONS):04d}", PERSONS[number % len(PERSONS)]
        one = completed(course_id, person)
        parcels = [bare(one) if rng.random() < BARE else structured(one)]
        if self._repeat and rng.random() < AGAIN:
            parcels.append(parcels[0])
        if rng.random() < RENAMED:
            parcels.append(structured({**one, "id": str(uuid.uuid4())}))
        for parcel in parcels:
            if self.outside.publish(parcel, over=self._over):
                self.due["completion"][course_id, person] = 1

    def _moved(self, number: int, rng: random.Random) -> None:
        """A unit changed again and again, and its revisions arrive in any order, some of them twice."""
        unit, last = f"{ESTATE}-O{number:05d}", rng.randint(2, REVISIONS)
        told = [
            event("org_unit.updated", "volunteer", unit, revision, org_unit_id=unit, level="building", parent_id=ESTATE,
                  path=["C01", "C01-G01", ESTATE, unit], secretary_id=None, revision=revision, label_zh=unit,
                  place_zh=unit)
            for revision in range(1, last + 1)
        ]  # fmt: skip
        for one in rng.sample(told * (2 if self._repeat else 1), len(told) + (2 if self._repeat else 0)):
            if self.outside.publish(structured(one), over=self._over):
                for service in ("issues", "notify"):
                    known = self.due["unit"].get((service, unit), 0)
                    self.due["unit"][service, unit] = max(known, one["data"]["revision"])

    def _nobody(self, number: int, rng: random.Random) -> None:
        """A fact that names nobody to tell: it is refused, and nobody is told."""
        one = event("issue.resolved", "issues", f"IS-X{number}", 1, issue_id=f"IS-X{number}", round=1)
        if self.outside.publish(structured(one), over=self._over):
            self.due["refused"][TOLD, one["id"]] = "no_recipient"

    def _nudge(self, number: int, rng: random.Random) -> None:
        self.outside.publish(structured(nudge()), over=self._over)

    def _bad(self, rng: random.Random) -> None:
        parcel, reason = rubbish(rng)
        if self.outside.publish(parcel, over=self._over):
            self.due["parked"][LEARNT, parcel.id] = reason
