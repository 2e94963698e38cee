"""What becomes of the members when the work on their lead is over."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from services.issues.domain.apart import outside_units_of
from services.issues.domain.closing import resolved_fact
from services.issues.domain.decisions import force_closed_fact
from services.issues.domain.group import come_back, put_under, same_class, same_place
from services.issues.domain.issue import Issue
from services.issues.domain.ladder import handed_over_fact
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import IssueState
from shared.events import Event

GO_ALONG: dict[IssueState, Callable[[Issue], Event]] = {
    IssueState.RESOLVED: resolved_fact,
    IssueState.HANDED_OVER: handed_over_fact,
    IssueState.FORCE_CLOSED: force_closed_fact,
}
COME_BACK = (IssueState.REJECTED, IssueState.WITHDRAWN)
Followed = tuple[Issue, tuple[Issue, ...], tuple[Event, ...]]


def is_followed(lead: Issue) -> bool:
    """Whether the lead has come to an end that its members have not heard of yet."""
    return bool(lead.members) and (lead.state in GO_ALONG or lead.state in COME_BACK)


def follow(lead: Issue, members: Sequence[Issue], now: datetime, times: Times) -> Followed:
    """Let the members go along with a lead that was worked on, else come back; the group is over.

    From then on each is an issue of its own: its reporter alone confirms it or begins its next round.
    """
    alone = replace(lead, members=(), group_supporters=0)
    if lead.state in GO_ALONG:
        gone = [_along(member, lead, now) for member in members]
        return alone, tuple(gone), tuple(GO_ALONG[lead.state](member) for member in gone)
    back, facts = _back(lead, members, now, times)
    return alone, back, facts


def _along(member: Issue, lead: Issue, now: datetime) -> Issue:
    """End a member as its lead ended; what was found out and who worked count for it too (I2, I3)."""
    if member.category is None:
        member = replace(member, category=lead.category, category_version=lead.category_version, label_zh=lead.label_zh)
    member = replace(
        member,
        state=ISSUE.step(member.state, "follow", lead.state),
        state_before=None,
        merged_at=None,
        merged_by=None,
        route=member.route or lead.route,
        deadline_class=member.deadline_class or lead.deadline_class,
        sensitive=member.sensitive or lead.sensitive,
        responsible_unit=lead.responsible_unit,
        handlers=(*member.handlers, *lead.handlers),
        helpers=(*member.helpers, *lead.helpers),
        verifiers=(*member.verifiers, *lead.verifiers),
        units_of_lead=(*outside_units_of(lead), *lead.units_of_lead),
        outcome=lead.outcome,
        resolved_by=lead.resolved_by,
        resolved_at=lead.resolved_at,
        closed_at=lead.closed_at,
        reference_no=lead.reference_no,
        forced=lead.forced,
        end_reason=lead.end_reason,
        public_reason=lead.public_reason,
    ).finish(*ClockKind, now=now)
    running = tuple(replace(clock, round=member.round) for clock in lead.clocks if clock.runs)
    return member.with_clocks((*member.clocks, *running))


def _back(
    lead: Issue, members: Sequence[Issue], now: datetime, times: Times
) -> tuple[tuple[Issue, ...], tuple[Event, ...]]:
    """Let the members come back; where the lead's reporter gave up, the first of them leads the others."""
    first, *others = members
    new_lead, fact = come_back(first, "follow", now, times)
    back: list[Issue] = []
    facts: list[Event] = [fact]
    for member in others:
        if lead.state is IssueState.WITHDRAWN and same_place(member, new_lead) and same_class(member, new_lead):
            ISSUE.step(member.state, "follow", IssueState.MERGED)
            one, new_lead, merged = put_under(member, new_lead)
            back, facts = [*back, one], [*facts, merged]
        else:
            one, unmerged = come_back(member, "follow", now, times)
            back, facts = [*back, one], [*facts, unmerged]
    return (new_lead, *back), tuple(facts)
