"""No ordered event before the one it follows."""

from hypothesis import given
from hypothesis import strategies as st

from shared.broker.publisher import CONFIRMED, REFUSED, UNKNOWN, UNROUTABLE, Outgoing
from shared.broker.waves import LATER, WITHHELD, publish_in_waves, waves

ROWS = st.lists(st.sampled_from([None, "a", "b", "c"]), max_size=40)


def message(number):
    return Outgoing(exchange="", routing_key="", body=b"", message_id=str(number))


def test_a_window_without_repeated_subjects_is_one_wave():
    assert waves([None, "a", "b", None, "c"]) == [[0, 1, 2, 3, 4]]
    assert waves([]) == []


def test_a_subjects_next_event_waits_for_the_next_wave():
    assert waves(["a", "a", None, "b", "a"]) == [[0, 2, 3], [1], [4]]


def test_behind_a_refused_event_its_row_stays_and_others_go():
    sent = []

    def publish(messages):
        sent.append([one.message_id for one in messages])
        return [REFUSED if one.message_id == "1" else CONFIRMED for one in messages]

    outcomes = publish_in_waves(publish, [message(number) for number in range(5)], ["a", "b", "b", "a", None])
    assert outcomes == [CONFIRMED, REFUSED, WITHHELD, CONFIRMED, CONFIRMED]
    assert sent == [["0", "1", "4"], ["3"]]


@given(ROWS, st.data())
def test_what_is_confirmed_of_a_row_is_its_beginning_whatever_the_broker_answers(rows, data):
    answers = st.sampled_from([CONFIRMED, CONFIRMED, REFUSED, UNKNOWN, UNROUTABLE])
    outcomes = publish_in_waves(
        lambda messages: [data.draw(answers) for _ in messages],
        [message(number) for number in range(len(rows))],
        rows,
        seconds=data.draw(st.sampled_from([0, 60])),
    )
    for row in {row for row in rows if row is not None}:
        own = [outcome for outcome, one in zip(outcomes, rows, strict=True) if one == row]
        confirmed = own.count(CONFIRMED)
        assert own[:confirmed] == [CONFIRMED] * confirmed
        assert set(own[confirmed + 1 :]) <= {WITHHELD, LATER}
    loose = [outcome for outcome, one in zip(outcomes, rows, strict=True) if one is None]
    assert not {WITHHELD, LATER} & set(loose)


def test_a_long_row_ends_the_window_when_its_time_is_over_and_others_do_not_wait():
    rows = ["hot", "hot", "hot", "cold", "cold", None]
    answers = [REFUSED, CONFIRMED, CONFIRMED]
    outcomes = publish_in_waves(lambda _: answers, [message(number) for number in range(6)], rows, seconds=0)
    assert outcomes == [REFUSED, WITHHELD, WITHHELD, CONFIRMED, LATER, CONFIRMED]
