"""Proxies on record: who appoints them, how long they answer, what they may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain import Relation
from shared.actor import Actor
from shared.errors import Forbidden, NotFound, StateNotAllowed
from tests.support.times import TIMES

RESIDENT, STRANGER = Actor(id="R-1001", roles=("resident",)), Actor(id="R-1007", roles=("resident",))
DESK = Actor(id="P-0100", roles=("triage",))


def appointment(person="R-1002", until=None):
    return domain.Appointment(person=person, relation=Relation.CHILD, consent="母亲在服务大厅签字", until=until)


def appointed(issue, now, **wanted):
    return domain.set_proxy(issue, appointment(**wanted), actor=RESIDENT, by="R-1001", now=now)


@pytest.mark.parametrize("actor", [RESIDENT, DESK], ids=lambda actor: actor.id)
def test_the_reporter_and_the_staff_who_heard_it_put_a_proxy_on_record(in_progress, now, actor):
    issue = domain.set_proxy(in_progress, appointment(), actor=actor, by=actor.id, now=now)
    assert issue.proxies == (
        domain.Proxy(
            person="R-1002", relation=Relation.CHILD, consent="母亲在服务大厅签字", set_by=actor.id, since=now
        ),
    )
    assert issue.state is in_progress.state
    assert domain.is_reporter_or_proxy(issue, "R-1002", now)
    assert domain.is_reporter_or_proxy(issue, "R-1001", now)
    assert not domain.is_reporter_or_proxy(issue, "R-1007", now)


def test_nobody_makes_themselves_a_proxy(in_progress, now):
    with pytest.raises(Forbidden, match="set_proxy needs one of the roles"):
        domain.set_proxy(in_progress, appointment("R-1007"), actor=STRANGER, by="R-1007", now=now)


def test_a_proxy_answers_until_the_time_is_over(in_progress, now):
    issue = appointed(in_progress, now, until=now + timedelta(days=7))
    assert domain.is_reporter_or_proxy(issue, "R-1002", now + timedelta(days=7, seconds=-1))
    assert not domain.is_reporter_or_proxy(issue, "R-1002", now + timedelta(days=7))


def test_a_new_entry_ends_the_earlier_one_of_the_same_person(in_progress, now):
    later = now + timedelta(days=1)
    issue = appointed(appointed(in_progress, now), later, until=later + timedelta(days=7))
    first, second = issue.proxies
    assert first.ended_at == later
    assert second.ended_at is None
    assert domain.is_reporter_or_proxy(issue, "R-1002", later)


@pytest.mark.parametrize("by", ["R-1001", "R-1002", "P-0100"])
def test_the_reporter_the_proxy_and_the_staff_end_it_and_the_record_stays(in_progress, now, by):
    actor = DESK if by == "P-0100" else Actor(id=by)
    issue = domain.end_proxy(appointed(in_progress, now), "R-1002", actor=actor, by=by, now=now)
    [proxy] = issue.proxies
    assert proxy.ended_at == now
    assert not domain.is_reporter_or_proxy(issue, "R-1002", now)
    assert domain.end_proxy(issue, "R-1002", actor=actor, by=by, now=now + timedelta(days=1)) == issue


def test_a_stranger_ends_no_proxy(in_progress, now):
    with pytest.raises(Forbidden, match="end_proxy"):
        domain.end_proxy(appointed(in_progress, now), "R-1002", actor=STRANGER, by="R-1007", now=now)


def test_who_was_never_a_proxy_cannot_be_taken_off(in_progress, now):
    with pytest.raises(NotFound, match="R-1009 was never a proxy"):
        domain.end_proxy(appointed(in_progress, now), "R-1009", actor=RESIDENT, by="R-1001", now=now)


def test_reporters_are_no_proxies_of_themselves(in_progress, now):
    with pytest.raises(domain.NotAProxy, match="answer for themselves"):
        appointed(in_progress, now, person="R-1001")


def test_a_time_that_is_over_already_is_refused(in_progress, now):
    with pytest.raises(domain.NotAProxy, match="must lie ahead"):
        appointed(in_progress, now, until=now)


def test_an_issue_has_at_most_five_proxies_at_a_time(in_progress, now):
    issue = in_progress
    for number in range(5):
        issue = appointed(issue, now, person=f"R-200{number}")
    with pytest.raises(domain.TooManyProxies, match="at most 5"):
        appointed(issue, now)
    freed = domain.end_proxy(issue, "R-2000", actor=RESIDENT, by="R-1001", now=now)
    assert len(appointed(freed, now).proxies) == 6


def test_an_archived_issue_takes_no_proxy(in_progress, now):
    with pytest.raises(StateNotAllowed, match="archived"):
        appointed(replace(in_progress, state=domain.IssueState.ARCHIVED), now)


def test_a_proxy_confirms_for_the_reporter(resolved, now):
    issue = appointed(resolved, now)
    answer = domain.Answer(by="R-1002", satisfaction=5, via=domain.Via.VOICE, remark=None)
    closed, _ = domain.confirm(issue, answer, None, now, TIMES)
    assert (closed.state, closed.confirmed_by) == (domain.IssueState.CLOSED, "R-1002")


def test_a_former_proxy_does_not_confirm(resolved, now):
    issue = domain.end_proxy(appointed(resolved, now), "R-1002", actor=RESIDENT, by="R-1001", now=now)
    answer = domain.Answer(by="R-1002", satisfaction=5, via=domain.Via.VOICE, remark=None)
    with pytest.raises(Forbidden, match="proxy on record"):
        domain.confirm(issue, answer, None, now, TIMES)
