"""Deleting bytes as long as the input still breaks."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from fuzz.minimise import minimise


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_only_what_breaks_is_left(before: bytes, after: bytes) -> None:
    shortest = minimise(before + b"\x00" + after + b"\xff", lambda data: b"\x00" in data and b"\xff" in data, 5.0)
    assert sorted(shortest) == [0x00, 0xFF]


def test_nothing_is_left_if_nothing_is_needed() -> None:
    assert minimise(b"text", lambda data: True, 5.0) == b""


def test_the_time_is_kept_and_the_result_still_breaks() -> None:
    def breaks(data: bytes) -> bool:
        time.sleep(0.01)
        return b"x" in data

    shortest = minimise(bytes(2000) + b"x" + bytes(2000), breaks, 0.2)
    assert b"x" in shortest and len(shortest) < 4001
    assert shortest != b"x", "with more time it gets there"
