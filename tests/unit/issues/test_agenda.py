"""What happens by itself, whoever looks, how often and how late."""

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues import domain
from services.issues.domain import Around, ClockKind, IssueState, Span, Unit, clocks
from tests.support.categories import CATEGORIES
from tests.support.times import NOW, TIMES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKS = 80 * DAY  # by then everything in these histories is over
SAID = ("issue.clock_warned", "issue.answer_reminded")  # not said any more once the end has passed
MOMENTS = st.lists(st.integers(0, int(WEEKS.total_seconds())).map(lambda seconds: NOW + timedelta(seconds=seconds)))
SPANS = st.builds(Span, st.sampled_from([0.5, 1, 2, 7]), st.sampled_from(Unit))
KINDS = st.sampled_from([ClockKind.RESOLVE, ClockKind.ACCEPT, ClockKind.CONTACT, ClockKind.SIGN, ClockKind.VERIFY])
RESTS = st.one_of(
    st.none(), st.tuples(st.integers(0, 90), st.integers(1, 300), st.one_of(st.none(), st.integers(1, 400)))
)
HISTORIES = st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 60))), max_size=5)


@pytest.fixture(scope="module")
def issue():
    """Give an issue on which nothing is due yet."""
    return domain.Issue(
        issue_id="IS-0101",
        client_id=None,
        reporter_ref="R-1001",
        building_id="B09",
        responsible_unit="B09",
        place_zh="振徽苑9栋",
        place_in_estate_zh="9栋",
        source=domain.Source.WECHAT,
        sensitive=False,
        text="",
        reported_at=NOW,
        state=IssueState.IN_PROGRESS,
    )


def played(issue, moments, *, above=None, replicas=1):
    """Let replicas look at these moments, and long after; return the issue and what was announced."""
    facts = []
    for moment in [*sorted(moments), NOW + WEEKS]:
        for _ in range(replicas):
            issue, more = domain.tick(issue, Around(above=above, times=TIMES), moment)
            facts += more
    return issue, facts


def rested(issue, rest):
    """Let its clocks rest from an hour, until a cap at most, and go on at another hour."""
    if rest is None:
        return issue
    since, cap, gone_on = rest
    since, until = NOW + since * HOUR, NOW + (since + cap) * HOUR
    resting = clocks.pause(issue.clocks, reason="needs_info", by="P-1", now=since, until=until, times=TIMES)
    issue = issue.with_clocks(resting)
    return issue.with_clocks(clocks.resume(issue.clocks, since + gone_on * HOUR, TIMES)) if gone_on else issue


def lived(issue, steps, *, watched):
    """Let it rest and go on; whoever watches looks at every moment at which something is due, else once at the end."""
    facts, now = [], NOW
    for gap, cap in [*steps, (400, None)]:
        now += gap * HOUR
        while watched and (moment := domain.next_moment(issue.clocks)) is not None and moment <= now:
            issue, more = domain.tick(issue, Around(above=None, times=TIMES), moment)
            facts += more
        if cap is None:
            issue = issue.with_clocks(clocks.resume(issue.clocks, now, TIMES))
        else:
            until = now + cap * HOUR
            issue = issue.with_clocks(
                clocks.pause(issue.clocks, reason="needs_info", by="P-1", now=now, until=until, times=TIMES)
            )
    issue, more = played(issue, [])
    return issue, [*facts, *more]


def settled(issue):
    """Leave out when somebody came to look: the only thing that may differ."""
    return [dataclasses.replace(clock, expired_at=None, warn_at=None) for clock in issue.clocks]


@given(KINDS, SPANS, RESTS, MOMENTS)
def test_how_often_somebody_looks_changes_nothing_but_the_warnings(issue, kind, span, rest, moments):
    begun = rested(issue.start(kind, span, NOW, TIMES), rest)

    often, facts = played(begun, moments)
    once, at_last = played(begun, [])

    assert [fact for fact in facts if fact.type not in SAID] == [fact for fact in at_last if fact.type not in SAID]
    assert {fact.type for fact in at_last}.isdisjoint(SAID)
    assert settled(often) == settled(once)


@given(KINDS, SPANS, RESTS, MOMENTS)
def test_three_replicas_say_what_one_says(issue, kind, span, rest, moments):
    begun = rested(issue.start(kind, span, NOW, TIMES), rest)

    assert played(begun, moments, replicas=3) == played(begun, moments)


@given(KINDS, SPANS, RESTS, MOMENTS)
def test_a_clock_warns_at_most_once_and_expires_once_whatever_rests_between(issue, kind, span, rest, moments):
    begun = rested(issue.start(kind, span, NOW, TIMES), rest)

    _, facts = played(begun, moments)

    types = [fact.type for fact in facts]
    assert types.count("issue.clock_expired") == 1
    assert types.count("issue.clock_warned") <= 1
    assert sorted(types, reverse=True) == types  # the warning comes first


@given(KINDS, SPANS)
def test_whoever_looks_at_each_moment_that_is_due_hears_the_warning_too(issue, kind, span):
    running, facts = issue.start(kind, span, NOW, TIMES), []
    while (moment := domain.next_moment(running.clocks)) is not None:
        running, more = domain.tick(running, Around(above=None, times=TIMES), moment)
        facts += more

    assert [(fact.type, fact.due_at) for fact in facts] == [
        ("issue.clock_warned", TIMES.after(NOW, span)),
        ("issue.clock_expired", TIMES.after(NOW, span)),
    ]


@given(KINDS, SPANS, HISTORIES)
def test_pauses_between_looks_leave_the_same_clock_as_pauses_without_a_look(issue, kind, span, steps):
    begun = issue.start(kind, span, NOW, TIMES)

    watched, facts = lived(begun, steps, watched=True)
    alone, at_last = lived(begun, steps, watched=False)

    assert settled(watched) == settled(alone)
    assert [fact for fact in facts if fact.type not in SAID] == [fact for fact in at_last if fact.type not in SAID]
    assert [fact.type for fact in facts].count("issue.clock_warned") == 1


@given(MOMENTS)
def test_a_resting_clock_neither_warns_nor_expires(issue, moments):
    begun = rested(issue.start(ClockKind.RESOLVE, Span(1, Unit.NATURAL_DAY), NOW, TIMES), (1, 24 * 30, None))
    before = [moment for moment in sorted(moments) if moment < NOW + HOUR + 30 * DAY]

    for moment in before:
        assert domain.tick(begun, Around(above=None, times=TIMES), moment) == (begun, ())


def test_the_cap_ends_the_pause_and_what_was_left_runs_from_there(issue):
    begun = rested(issue.start(ClockKind.ACCEPT, Span(10, Unit.URGENT_HOUR), NOW, TIMES), (1, 48, None))

    gone_on, facts = domain.tick(begun, Around(above=None, times=TIMES), NOW + 49 * HOUR)
    _, more = domain.tick(gone_on, Around(above=None, times=TIMES), NOW + 58 * HOUR)

    accept = gone_on.clock(ClockKind.ACCEPT)
    assert (facts, accept.rests, accept.due_at) == ((), False, NOW + 58 * HOUR)
    assert [fact.type for fact in more] == ["issue.clock_expired"]


def test_a_new_end_is_warned_of_and_expires_again(issue):
    around = Around(above=None, times=TIMES)
    late, facts = domain.tick(issue.start(ClockKind.RESOLVE, Span(1, Unit.URGENT_HOUR), NOW, TIMES), around, NOW + HOUR)

    moved = late.with_clocks(clocks.move(late.clocks, ClockKind.RESOLVE, NOW + 9 * HOUR, TIMES, NOW + 2 * HOUR))
    warned, more = domain.tick(moved, around, domain.next_moment(moved.clocks))
    _, last = domain.tick(warned, around, NOW + 9 * HOUR)

    assert [fact.type for fact in (*facts, *more, *last)] == [
        "issue.clock_expired",
        "issue.clock_warned",
        "issue.clock_expired",
    ]
    assert moved.clock(ClockKind.RESOLVE).first_due_at == NOW + HOUR


def test_two_clocks_take_their_turns_in_the_order_of_their_ends(issue):
    begun = issue.start(ClockKind.VERIFY, Span(3, Unit.URGENT_HOUR), NOW, TIMES)
    begun = begun.start(ClockKind.CONTACT, Span(2, Unit.URGENT_HOUR), NOW, TIMES)

    _, facts = domain.tick(begun, Around(above=None, times=TIMES), NOW + DAY)

    assert [(fact.clock, fact.due_at) for fact in facts] == [("contact", NOW + 2 * HOUR), ("verify", NOW + 3 * HOUR)]


def test_a_level_that_is_reached_while_the_issue_rests_begins_to_count_afterwards(issue, tree):
    begun = issue.start(ClockKind.LADDER, Span(24, Unit.URGENT_HOUR), NOW, TIMES)
    begun = begun.start(ClockKind.RESOLVE, Span(9, Unit.NATURAL_DAY), NOW, TIMES)
    resting = clocks.pause(
        begun.clocks, reason="suspended", by="P-1", now=NOW + 24 * HOUR, until=NOW + 40 * DAY, times=TIMES
    )
    around = Around(above=tree["C01-G03-E07"], times=TIMES)

    up, facts = domain.tick(begun.with_clocks(resting), around, NOW + 24 * HOUR)
    later, nothing = domain.tick(up, around, NOW + 39 * DAY)
    gone_on, _ = domain.tick(up, around, NOW + 40 * DAY)

    assert [fact.type for fact in facts] == ["issue.escalated"]
    assert (later, nothing) == (up, ())
    assert gone_on.clock(ClockKind.LADDER).due_at == NOW + 40 * DAY + 48 * HOUR


@given(st.lists(st.integers(0, 20 * 24), max_size=30))
def test_the_ladder_goes_up_once_a_look_at_most_and_is_handed_over_once(triaged_without_hazard, tree, hours):
    issue, facts = triaged_without_hazard, []
    for hour in [*sorted(hours), *range(20 * 24, 40 * 24, 24)]:
        for _ in range(3):
            above = tree[tree[issue.responsible_unit].parent_id] if tree[issue.responsible_unit].parent_id else None
            issue, more = domain.tick(issue, Around(above=above, times=TIMES), NOW + hour * HOUR)
            facts += [fact for fact in more if fact.type in ("issue.escalated", "issue.handed_over")]

    assert [fact.type for fact in facts] == ["issue.escalated"] * 3 + ["issue.handed_over"]
    assert [fact.escalation_level for fact in facts[:-1]] == [1, 2, 3]
    assert issue.state is IssueState.HANDED_OVER
    assert domain.next_moment(issue.clocks) is None


@pytest.fixture(scope="module")
def tree():
    ids = ["C01", "C01-G03", "C01-G03-E07", "C01-G03-E07-B09"]
    levels = [domain.Level.COMMUNITY, domain.Level.GRID, domain.Level.ESTATE, domain.Level.BUILDING]
    return {
        key: domain.OrgUnit(
            org_unit_id=key, level=level, parent_id=parent, secretary_id=None, place_zh=key, tree_revision=1
        )
        for key, level, parent in zip(ids, levels, [None, *ids], strict=False)
    }


@pytest.fixture(scope="module")
def triaged_without_hazard(issue, tree):
    found = domain.Assessment(
        category=CATEGORIES["waste_station"], priority=domain.Priority.NORMAL, hazard=None, route=None
    )
    reported = dataclasses.replace(issue, state=IssueState.REPORTED)
    return domain.triage(reported, found, tree["C01-G03-E07-B09"], NOW, TIMES)[0]
