"""A bad line: what is lost, what comes twice, what is overtaken."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from impl.demo.errors import DemoError
from impl.demo.faults import LONGEST_DELAY, Faults, Line

FRAMES = [b"%d" % number for number in range(2000)]


@dataclass
class Written:
    frames: list[bytes] = field(default_factory=list)

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    def is_closing(self) -> bool:
        return False


def arriving(faults: Faults, seed: str = "seed") -> list[bytes]:
    async def sending() -> list[bytes]:
        written = Written()
        line = Line(cast(Any, written), faults, seed)
        for frame in FRAMES:
            line.send(frame)
            await asyncio.sleep(0)
        await asyncio.sleep(2 * LONGEST_DELAY)
        return written.frames

    return asyncio.run(sending())


def test_a_good_line_carries_everything_in_order() -> None:
    assert arriving(Faults()) == FRAMES


def test_a_bad_line_is_as_bad_as_was_asked_for() -> None:
    assert 0.85 < len(arriving(Faults(drop=0.1))) / len(FRAMES) < 0.95
    assert 1.15 < len(arriving(Faults(duplicate=0.2))) / len(FRAMES) < 1.25
    reordered = arriving(Faults(reorder=True))
    assert reordered != FRAMES and sorted(reordered) == sorted(FRAMES)


def test_the_seed_decides_which() -> None:
    assert arriving(Faults(0.1, 0.1)) == arriving(Faults(0.1, 0.1)) != arriving(Faults(0.1, 0.1), "another")


@pytest.mark.parametrize("shares", [(1.0, 0.0), (-0.1, 0.0), (0.0, 2.0)])
def test_a_share_that_is_none_is_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(DemoError, match="out of bounds"):
        Faults(*shares)
