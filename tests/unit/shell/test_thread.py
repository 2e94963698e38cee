"""The order of a thread and what is shown of it."""

from shared.shell.thread import collapsed, in_order

TITLES = {"issue.reported": {"zh": "事项已反映", "doc": "Somebody told us."}}


def event(name, second, *, by=None, kind="issue.reported", **more):
    return {"id": name, "type": kind, "time": f"2025-03-03T09:00:{second:02}+08:00", "causationid": by, **more}


def ids(steps):
    return [step.event["id"] for step in steps]


def test_events_are_ordered_by_time():
    assert ids(in_order([event("b", 2), event("a", 1)], {})) == ["a", "b"]


def test_a_cause_comes_before_its_effect_whatever_the_clocks_say():
    steps = in_order([event("effect", 1, by="cause"), event("cause", 5), event("other", 3)], {})

    assert ids(steps) == ["other", "cause", "effect"]
    assert (steps[2].cause, steps[2].depth) == (2, 1)


def test_at_the_same_moment_causes_come_first_too():
    assert ids(in_order([event("a", 1, by="z"), event("z", 1)], {})) == ["z", "a"]


def test_events_that_cause_each_other_are_shown_once_each():
    assert sorted(ids(in_order([event("a", 1, by="b"), event("b", 1, by="a")], {}))) == ["a", "b"]


def test_a_delivery_names_its_cause_in_its_data():
    steps = in_order([event("told", 2, data={"cause_event_id": "a"}), event("a", 1)], {})

    assert (steps[1].cause, steps[1].depth) == (1, 1)


def test_an_event_known_twice_is_one_step():
    assert ids(in_order([event("a", 1), event("a", 1)], {})) == ["a"]


def test_a_step_carries_its_chinese_title():
    [step] = in_order([event("a", 1)], TITLES)

    assert step.zh == "事项已反映"


def test_many_effects_of_one_cause_share_a_line():
    opened = event("opened", 1, kind="deliberation.opened")
    told = [event(f"n{number:03}", 2, by="opened", kind="notification.delivered") for number in range(200)]

    lines = collapsed(in_order([opened, *told], {}))

    assert [len(line.steps) for line in lines] == [1, 200]


def test_a_pending_event_is_not_hidden_among_sent_ones():
    told = [event(f"n{number}", 2, by="a", sent=number != 3) for number in range(5)]

    lines = collapsed(in_order([event("a", 1), *told], {}))

    assert [len(line.steps) for line in lines] == [1, 4, 1]
