"""Reading ahead gives every byte once and in order, whoever else reads in between."""

from hypothesis import given
from hypothesis import strategies as st

from shared.broker.buffering import ReadAhead

pieces = st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=20)


@given(pieces, st.lists(st.integers(1, 60), min_size=1))
def test_what_is_handed_out_is_what_arrived(arrived: list[bytes], sizes: list[int]) -> None:
    waiting = iter(arrived)
    read = ReadAhead(lambda _size: next(waiting, b""))
    given_out = b""
    while part := read(sizes[len(given_out) % len(sizes)]):
        given_out += part
    assert given_out == b"".join(arrived)


def test_a_second_reader_in_between_delays_and_loses_nothing() -> None:
    """The first waits for the socket; meanwhile the second gets a piece, takes a part of it and goes."""
    taken: list[bytes] = []

    def receive(_size: int) -> bytes:
        if not taken:
            taken.append(b"")
            taken.append(read(2))
            return b"efgh"
        return b"abcd"

    read = ReadAhead(receive)
    first = read(3)
    assert taken[1] + first + read(10) == b"abcdefgh"


def test_no_more_is_handed_out_than_asked_for() -> None:
    read = ReadAhead(lambda _size: b"x" * 100)
    assert [len(read(7)), len(read(1)), len(read(200))] == [7, 1, 92]
