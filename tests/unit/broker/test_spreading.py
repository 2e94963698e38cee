"""Who lets go of which partition, and that it comes to rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.broker.spreading import excess, fair_share

PARTITIONS = st.integers(1, 16)


@pytest.mark.parametrize(
    ("partitions", "consumers", "share"), [(4, 1, 4), (4, 2, 2), (4, 3, 2), (4, 4, 1), (4, 9, 1), (16, 3, 6), (4, 0, 4)]
)
def test_a_share_is_what_the_busiest_has_when_all_is_spread(partitions, consumers, share):
    assert fair_share(partitions, consumers) == share


def test_the_last_partitions_beyond_the_share_are_let_go_of():
    assert excess([3, 0, 2, 1], 4, 2) == [2, 3]
    assert excess([3, 1], 4, 2) == []
    assert excess([], 4, 2) == []


@given(PARTITIONS, st.integers(1, 6))
def test_the_shares_together_hold_all_partitions(partitions, consumers):
    assert fair_share(partitions, consumers) * consumers >= partitions


@given(PARTITIONS, st.integers(1, 6), st.data())
def test_the_spread_comes_to_rest_whoever_is_in_line_and_whoever_looks_first(partitions, consumers, data):
    """Each line is a queue's consumers, the active one first; a random replica looks next."""
    replicas = list(range(consumers))
    lines = [data.draw(st.permutations(replicas)) for _ in range(partitions)]
    steps, silent = 0, set()
    while silent != set(replicas):
        one = data.draw(st.sampled_from([replica for replica in replicas if replica not in silent]))
        leaving = excess([number for number, line in enumerate(lines) if line[0] == one], partitions, consumers)
        for number in leaving:
            lines[number] = [*lines[number][1:], one]
        steps += len(leaving)
        silent = set() if leaving else silent | {one}
        assert steps <= partitions * consumers
    shares = [sum(line[0] == one for line in lines) for one in replicas]
    assert max(shares) <= fair_share(partitions, consumers)
