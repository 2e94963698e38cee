"""A meeting may be put off, and leaves minutes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.issues.domain.deliberation import Deliberation, Minutes, Postponement, Voter
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import DELIBERATION
from services.issues.domain.opening import check_closing
from services.issues.domain.steps import Step
from services.issues.events import DeliberationPostponed
from shared.errors import Refusal


class NothingToPostpone(Refusal):
    """No meeting was called."""


class NotLater(Refusal):
    """A meeting is put off to a later moment."""


class MeetingNotHeld(Refusal):
    """Minutes are of a meeting that took place."""


class MinutesSigned(Refusal):
    """What somebody has signed is not changed any more."""


def postpone_deliberation(
    deliberation: Deliberation,
    issue: Issue,
    voters: Iterable[Voter],
    put_off: Postponement,
    *,
    closes_at: datetime | None,
    now: datetime,
) -> tuple[Deliberation, DeliberationPostponed]:
    """Put the meeting off; without another closing moment voting ends as much later.

    Raises StateNotAllowed, NothingToPostpone, NotLater, ClosesTooEarly, in that order.
    """
    state, meets_at = DELIBERATION.step(deliberation.state, "postpone_deliberation"), put_off.meets_at
    if deliberation.meets_at is None:
        raise NothingToPostpone("no meeting was called", deliberation_id=deliberation.deliberation_id)
    if meets_at <= (earliest := max(now, deliberation.meets_at)):
        raise NotLater("put it off to later", meets_at=meets_at.isoformat(), after=earliest.isoformat())
    if closes_at is None and deliberation.closes_at is not None:
        closes_at = deliberation.closes_at + (meets_at - deliberation.meets_at)
    check_closing(closes_at, meets_at, now)
    deliberation = replace(
        deliberation,
        state=state,
        meets_at=meets_at,
        closes_at=closes_at,
        postponements=(*deliberation.postponements, put_off),
    )
    fact = DeliberationPostponed(
        deliberation_id=deliberation.deliberation_id,
        issue_id=issue.issue_id,
        meets_at=meets_at,
        postponement_no=len(deliberation.postponements),
        voter_refs=tuple(voter.person_id for voter in voters),
        title=issue.title,
    )
    return deliberation, fact


def record_minutes(deliberation: Deliberation, minutes: Minutes, *, by: str, now: datetime) -> Deliberation:
    """Keep the minutes, in place of earlier ones; raises StateNotAllowed, MeetingNotHeld, MinutesSigned."""
    state = DELIBERATION.step(deliberation.state, "record_minutes")
    if minutes.held_at > now or (deliberation.opened_at and minutes.held_at < deliberation.opened_at):
        raise MeetingNotHeld(
            "the meeting was held between the notice and now",
            held_at=minutes.held_at.isoformat(),
            now=now.isoformat(),
        )
    if deliberation.signatures:
        raise MinutesSigned("somebody has signed", signatures=deliberation.signatures)
    return replace(deliberation, state=state, minutes=minutes).with_steps(Step.MEET, by=by, at=now)
