"""Frames, whole and in pieces; both sides of each limit."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.transport.framing import FRAME_LIMIT, PROLOGUE, ROUTING_LIMIT, FrameReader, Opening, frame
from impl.wire.errors import DecodeError
from impl.wire.handshake import MESSAGE_LIMIT

OPENINGS = st.builds(Opening, st.none() | st.binary(min_size=1, max_size=20))
FRAMES = st.lists(st.binary(min_size=1, max_size=300), max_size=5)


def read(pieces: Iterable[bytes]) -> tuple[Opening | None, list[bytes], bool]:
    """What a server reads from a stream cut like this, and whether the stream may end here."""
    reader, opening, frames = FrameReader(), None, []
    for piece in pieces:
        reader.receive(piece)
        if opening is None and (opening := reader.opening()) is None:
            continue
        while (payload := reader.frame()) is not None:
            frames.append(payload)
    return opening, frames, reader.empty


@given(OPENINGS, FRAMES, st.data())
def test_how_a_stream_is_cut_makes_no_difference(opening: Opening, frames: list[bytes], data: st.DataObject) -> None:
    stream = opening.encode() + b"".join(map(frame, frames))
    assert read([stream]) == (opening, frames, True)
    assert read(bytes([byte]) for byte in stream) == (opening, frames, True)
    at = data.draw(st.integers(0, len(stream)))
    assert read([stream[:at], stream[at:]]) == (opening, frames, True)


def test_the_bytes_of_an_opening() -> None:
    assert Opening().encode() == PROLOGUE == bytes.fromhex("57410603")
    assert Opening(b"\x08\x02").encode().hex() == "45440001" + "000002" + "0802" + "57410603"
    assert frame(b"\xff" * 258)[:4].hex() == "000102" + "ff"


@pytest.mark.parametrize("prologue", ["57410503", "57410602", "47450603", "45440002", "454400010000010857410602"])
def test_another_opening_is_refused(prologue: str) -> None:
    with pytest.raises(DecodeError, match="not a prologue"):
        read([bytes.fromhex(prologue)])


def test_an_incomplete_frame_waits_and_the_stream_may_not_end() -> None:
    assert read([PROLOGUE + frame(b"abc")[:-1]]) == (Opening(), [], False)


@pytest.mark.parametrize("header", ["000000", "001001", "ffffff"])
def test_during_the_handshake_a_frame_has_1_to_4096_bytes_and_its_header_decides(header: str) -> None:
    reader = FrameReader()
    reader.receive(bytes.fromhex(header))
    for _ in range(2):  # what is refused stays refused
        with pytest.raises(DecodeError, match="must be 1 to 4096"):
            reader.frame()


def test_a_handshake_frame_of_4096_bytes() -> None:
    reader = FrameReader()
    reader.receive(frame(bytes(MESSAGE_LIMIT)))
    assert reader.frame() == bytes(4096)


def test_a_long_frame_behind_the_last_of_the_handshake() -> None:
    reader = FrameReader()
    reader.receive(frame(b"the last") + frame(bytes(MESSAGE_LIMIT + 1)))
    assert reader.frame() == b"the last"
    reader.handshake_done()
    assert reader.frame() == bytes(MESSAGE_LIMIT + 1)


def test_a_frame_has_less_than_2_to_the_24_bytes_and_more_than_none() -> None:
    assert len(frame(bytes(FRAME_LIMIT))) == 3 + (1 << 24) - 1
    for length in (0, FRAME_LIMIT + 1):
        with pytest.raises(DecodeError, match="must be 1 to 16777215"):
            frame(bytes(length))


def test_routing_has_1_to_1024_bytes() -> None:
    longest = Opening(bytes(ROUTING_LIMIT))
    assert read([longest.encode()]) == (longest, [], True)
    for header in ("45440001000000", "45440001000401"):
        with pytest.raises(DecodeError, match="must be 1 to 1024"):
            read([bytes.fromhex(header)])
    for length in (0, ROUTING_LIMIT + 1):
        with pytest.raises(DecodeError, match="must be 1 to 1024"):
            Opening(bytes(length)).encode()
