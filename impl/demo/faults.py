"""What a bad network does to frames. TCP loses nothing, so each end loses some of its own before it writes them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random

from impl.demo.errors import DemoError

DELAYED = 0.1
"""The share of frames that others overtake, where the network reorders."""

LONGEST_DELAY = 0.05
"""In seconds."""

WORST = 0.8
"""The share of frames above which hardly anything gets through."""


@dataclass(frozen=True)
class Faults:
    """Shares of frames that are lost, and that come twice."""

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: bool = False

    def __post_init__(self) -> None:
        """Raises DemoError."""
        for name, share in (("dropped", self.drop), ("duplicated", self.duplicate)):
            if not 0 <= share <= WORST:
                raise DemoError(f"{share} of all frames {name} is out of bounds; 0 to {WORST} will do")


class Line:
    """One direction of a connection; `seed` decides what happens to its frames."""

    def __init__(self, writer: asyncio.StreamWriter, faults: Faults, seed: str) -> None:
        self._writer = writer
        self._faults = faults
        self._random = Random(seed)

    def send(self, frame: bytes) -> None:
        chance = self._random.random
        if chance() < self._faults.drop:
            return
        for _ in range(2 if chance() < self._faults.duplicate else 1):
            if self._faults.reorder and chance() < DELAYED:
                delay = self._random.uniform(0, LONGEST_DELAY)
                asyncio.get_running_loop().call_later(delay, self._write, frame)
            else:
                self._write(frame)

    def _write(self, frame: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(frame)
