"""Work in threads of its own: its result, its error, and the green threads that go on meanwhile."""

import threading
import time

import eventlet
import pytest

from shared.concurrency import MOST_ASIDE, aside, each


def test_each_keeps_the_order():
    assert each(lambda number: number * 2, range(50), size=3) == [number * 2 for number in range(50)]


def test_what_is_computed_aside_comes_back():
    assert aside(pow, 2, 10) == 1024


def test_what_goes_wrong_aside_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        aside(lambda: 1 / 0)
    assert aside(pow, 2, 3) == 8


def test_green_threads_go_on_while_something_is_computed_aside():
    ticks, over = [], threading.Event()

    def tick():
        while len(ticks) < 3:
            ticks.append(time.monotonic())
            eventlet.sleep(0)
        over.set()

    ticking = eventlet.spawn(tick)
    assert aside(over.wait, 10) is True
    ticking.wait()


def test_two_are_computed_at_once_and_never_more():
    pair, most, running = threading.Barrier(MOST_ASIDE), [], []

    def work(number):
        running.append(number)
        pair.wait(10)  # ends only where another one is at work too
        most.append(len(running))
        running.remove(number)
        pair.wait(10)

    each(lambda number: aside(work, number), range(6))
    assert len(most) == 6
    assert max(most) <= MOST_ASIDE
