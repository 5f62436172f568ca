"""How long to wait for an answer before one says the same again. RFC 6298, in milliseconds for a loopback network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

SHORTEST = 0.05
LONGEST = 2.0
"""Seconds, after repeats have doubled the time."""

A = TypeVar("A")


class Patience:
    """Learns from the answers that came to what was said once; `repeats` counts what was said again."""

    def __init__(self) -> None:
        self.repeats = 0
        self._mean = SHORTEST / 3
        self._deviation = self._mean / 2
        self._slack = 1

    @property
    def seconds(self) -> float:
        return min(LONGEST, self._slack * max(SHORTEST, self._mean + 4 * self._deviation))

    async def until_answered(self, say: Callable[[], None], answer: asyncio.Future[A]) -> A:
        """Says it until the answer is here. Raises what the answer raises."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        say()
        said_once = True
        while not (await asyncio.wait({answer}, timeout=self.seconds))[0]:
            say()
            said_once = False
            self.repeats += 1
            self._slack *= 2
        if said_once:
            self._learn(loop.time() - began)
        return answer.result()

    def _learn(self, seconds: float) -> None:
        """Which of several sayings was answered nobody knows, so only those of one count (Karn's algorithm)."""
        self._deviation += (abs(seconds - self._mean) - self._deviation) / 4
        self._mean += (seconds - self._mean) / 8
        self._slack = 1
