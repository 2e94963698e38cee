"""Reading ahead gives every byte once and in order, whoever else reads in between."""

from hypothesis import given
from hypothesis import strategies as st

from shared.broker.buffering import END, FRAME, Frame, ReadAhead

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


frames = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 65535), st.binary(max_size=40)), max_size=10)


@given(frames, st.integers(0, 20))
def test_whole_frames_are_taken_out_and_the_rest_is_left_to_be_read(held: list[Frame], cut: int) -> None:
    whole = [FRAME.pack(kind, channel, len(payload)) + payload + bytes([END]) for kind, channel, payload in held]
    rest = b"\x01\x00\x07\x00\x00\x00\x20" + b"x" * cut  # a frame of which something is missing
    read = ReadAhead(lambda _size: b"".join(whole) + rest)
    assert read(0) == b""
    assert list(read.frames()) == held
    assert read(1000) == rest


def test_what_does_not_end_as_a_frame_is_left_to_py_amqp() -> None:
    broken = FRAME.pack(1, 0, 2) + b"ab" + b"\x00"
    read = ReadAhead(lambda _size: broken)
    assert read(0) == b""
    assert list(read.frames()) == []
    assert read(100) == broken
