import dataclasses
from datetime import date, datetime, timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueUpdated
from shared.actor import Actor
from shared.clock import COMMUNITY_TIME
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import TIMES

NEWS = domain.News(text="配件已到货,周四更换", public=True)
MAY_1 = date(2025, 5, 1)


def update(issue, now, news=NEWS, *, by="U-0071", units=("PC-0007",)):
    return domain.add_update(issue, news, by=by, units=units, now=now, times=TIMES)


def test_news_are_numbered_and_the_fact_says_only_that_there_are_some(signed, now):
    issue, first, fact = update(signed, now)
    _, second, _ = update(issue, now)

    assert fact == IssueUpdated(
        issue_id="IS-0101",
        update_id="IS-0101/1",
        public=True,
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
    )
    assert (first.text, first.by, first.at, second.update_id) == (NEWS.text, "U-0071", now, "IS-0101/2")


def test_the_reporter_is_not_told_of_what_stays_inside(signed, now):
    _, entry, fact = update(signed, now, dataclasses.replace(NEWS, public=False))

    assert (entry.public, fact.public, fact.reporter_ref) == (False, False, None)


def test_everybody_of_our_own_may_write_and_of_outside_units_only_those_at_work(signed, now):
    assert update(signed, now, by="P-0100", units=())
    with pytest.raises(domain.NotOfTheUnit):
        update(signed, now, by="U-0011", units=("UT-0001",))


def test_a_solved_issue_has_no_news(signed, now):
    with pytest.raises(StateNotAllowed):
        update(dataclasses.replace(signed, state=domain.IssueState.RESOLVED), now)


def test_a_promise_is_due_at_the_end_of_its_day_and_said_to_be_broken_then(signed, estate, now):
    issue, entry, _ = update(signed, now, dataclasses.replace(NEWS, promised_for=date(2025, 3, 4)))
    midnight = datetime(2025, 3, 5, tzinfo=COMMUNITY_TIME)
    around = domain.Around(above=estate, times=TIMES)

    before, _ = domain.tick(issue, around, midnight - timedelta(minutes=1))
    _, [expired] = domain.tick(before, around, midnight)

    assert entry.promised_for == date(2025, 3, 4)
    assert issue.clock(domain.ClockKind.PROMISE).due_at == midnight
    assert (expired.clock, expired.unit, expired.due_at) == ("promise", "PC-0007", midnight)


def test_a_promise_is_next_on_the_list_of_work_where_nothing_is_due_before(signed, now):
    issue, _, _ = domain.record_contact(
        signed,
        domain.Contact(reached=True, how=domain.ContactWay.PHONE),
        by="U-0071",
        units=("PC-0007",),
        now=now,
    )

    issue, _, _ = update(issue, now, dataclasses.replace(NEWS, promised_for=now.date()))

    assert issue.next_due_at == datetime(2025, 3, 4, tzinfo=COMMUNITY_TIME)


def test_the_last_promise_counts_and_no_news_without_one_changes_it(signed, now):
    issue, _, _ = update(signed, now, dataclasses.replace(NEWS, promised_for=date(2025, 3, 4)))
    issue, _, _ = update(issue, now, dataclasses.replace(NEWS, promised_for=MAY_1))
    issue, _, _ = update(issue, now)

    assert issue.clock(domain.ClockKind.PROMISE).due_at == datetime(2025, 5, 2, tzinfo=COMMUNITY_TIME)
    assert [clock.finished_at for clock in issue.clocks if clock.kind is domain.ClockKind.PROMISE] == [now, None]


@pytest.mark.parametrize("day", [date(2025, 3, 2), date(2026, 3, 4)])
def test_a_promise_is_for_today_or_a_day_within_a_year(signed, now, day):
    with pytest.raises(domain.PromiseOutOfReach) as refusal:
        update(signed, now, dataclasses.replace(NEWS, promised_for=day))

    assert refusal.value.details["allowed"] == ["2025-03-03", "2026-03-03"]


def test_what_is_promised_is_public(signed, now):
    with pytest.raises(domain.PromiseNotPublic):
        update(signed, now, dataclasses.replace(NEWS, public=False, promised_for=MAY_1))


@pytest.mark.parametrize(
    ("actor", "units", "notes"),
    [
        (Actor(id="R-1001", roles=("resident",)), (), False),
        (Actor(id="P-0100", roles=("triage",)), (), True),
        (Actor(id="U-0071", roles=("unit",)), ("PC-0007",), True),
        (Actor(id="U-0011", roles=("unit",)), ("UT-0001",), False),
    ],
)
def test_what_is_not_public_is_read_by_our_staff_and_the_units_at_work(*, signed, now, actor, units, notes):
    assert domain.may_read_notes(signed, actor, units, now) is notes
    assert domain.may_read_diary(signed, actor, units, now)


def test_the_diary_of_a_sensitive_issue_is_for_those_whom_it_concerns(signed, now):
    issue = dataclasses.replace(signed, sensitive=True)

    assert domain.may_read_diary(issue, Actor(id="R-1001"), (), now)
    assert domain.may_read_diary(issue, Actor(id="U-0072"), ("PC-0007",), now)
    assert not domain.may_read_diary(issue, Actor(id="R-1007"), (), now)
    assert not domain.may_read_diary(issue, Actor(id="U-0011", roles=("unit",)), ("UT-0001",), now)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("text", ""), ("text", "长" * 4001), ("text", {"$gt": ""}), ("public", "true"), ("promised_for", "1 May")],
)
def test_news_with_a_wrong_field_are_refused_by_its_name(field, wrong):
    with pytest.raises(InvalidInput) as error:
        load(schemas.AddUpdate, {"issue_id": "IS-1", "text": "x", "public": True, field: wrong})

    assert list(error.value.details["fields"]) == [field]
