"""The stream target notices a reader that depends on how a stream is cut."""

from __future__ import annotations

import pytest

from fuzz.corpus import seeds
from fuzz.oracles import Finding, check
from fuzz.targets import TARGETS
from impl.transport.framing import FrameReader


def test_a_stream_that_is_read_otherwise_in_pieces_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    target, seed = TARGETS["transport-stream"], max(seeds(0)["transport-stream"], key=len)
    check(target, seed)

    def forgetting(reader: FrameReader, data: bytes) -> None:
        reader._buffer[:] = data

    monkeypatch.setattr(FrameReader, "receive", forgetting)
    with pytest.raises(Finding, match=r"W1: Differs: Stream\(.*\) whole, 'cut short' byte by byte"):
        check(target, seed)
