"""From the facts of a step to outbox entries: sequences without a gap, and the thread they belong to."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from shared.buckets import Entry, entry
from shared.cloudevents import CloudEvent, child_traceparent, new_id
from shared.events import Event
from shared.mongo import Database
from shared.schemas import dump
from shared.transaction.step import Announcement, Step

ROOTS = ("issue_id", "course_id", "visit_id")  # what starts a thread
_ID_FIELDS: dict[type[Event], tuple[str, ...]] = {}


def outbox_entries(
    database: Database, step: Step, revision_of: Callable[[str], int | None], now: datetime
) -> Iterator[Entry]:
    """Turn the step's facts into outbox entries; facts of one aggregate carry consecutive revisions."""
    left = Counter(one.fact.subject_id for one in step.announcements)
    for one in step.announcements:
        left[one.fact.subject_id] -= 1
        sequence = _revision_behind(one.fact, revision_of) - left[one.fact.subject_id]
        yield entry(_event(database, step, one, max(1, sequence), now))


def _revision_behind(fact: Event, revision_of: Callable[[str], int | None]) -> int:
    """Return the revision of what the fact is about: its subject, else the first of its id fields that is held."""
    for name in _id_fields(type(fact)):
        revision = revision_of(str(getattr(fact, name)))
        if revision is not None:
            return revision
    return 1


def _id_fields(kind: type[Event]) -> tuple[str, ...]:
    """Name the fields of a kind of fact that hold ids, its subject first."""
    if kind not in _ID_FIELDS:
        _ID_FIELDS[kind] = (kind.subject, *(member.name for member in fields(kind) if member.name.endswith("_id")))
    return _ID_FIELDS[kind]


def _event(database: Database, step: Step, one: Announcement, sequence: int, now: datetime) -> CloudEvent:
    data = dump(one.fact)
    return CloudEvent(
        id=new_id(),
        source=database.service,
        type=one.fact.type,
        subject=one.fact.subject_id,
        time=now,
        data=data,
        sequence=sequence,
        correlationid=one.correlation or step.correlation or _root(data) or one.fact.subject_id,
        causationid=one.causation or step.causation,
        traceparent=child_traceparent(step.cause.traceparent if step.cause else None),
        actor=None if one.anonymous else step.actor.id,
        community=database.settings.community,
    )


def _root(data: Mapping[str, Any]) -> str | None:
    """Return the issue, course or visit that a fact belongs to."""
    return next((data[name] for name in ROOTS if data.get(name)), None)
