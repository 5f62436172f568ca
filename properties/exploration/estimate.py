"""How many states there are at least, before a search begins: by walks at random.

Of n states drawn from N, all equally likely, about n (n - 1) / 2 N pairs are the same. Where walks end is not equally
likely, so more pairs are the same, and N is taken for less than it is: it is the scopes that cannot fit that are found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.native import Native
from model.symmetry import Symmetry
from properties.exploration import kernel
from properties.exploration.quotients import quotient_of

STEPS = 32  # of the shortest walk; the longest has twice as many
FEWEST, MOST = 1 << 11, 1 << 16  # walks
SURE = 10  # pairs that should be the same, if there were no more states than fit, before it is said that there are


@dataclass(frozen=True)
class Estimate:
    """`walks` ended in the same state in `same` pairs; so many states are likely, at least."""

    walks: int
    same: int

    @property
    def states(self) -> int:
        return self.walks * (self.walks - 1) // (2 * max(self.same, 1))


def too_many(code: Native, symmetry: Symmetry, room: int) -> Estimate | None:
    """The estimate, if it says that there is no room for the states; None if there may be.

    Walks go on as long as there is doubt: where states are few, a few thousand walks meet at once.
    """
    words = code.ground.words
    rows = np.zeros((len(code.ground.actions), words + 2), np.uint64)
    start, quotient = np.array([code.ground.start], np.uint64), quotient_of(code, symmetry)
    seen = np.empty((0, words), np.uint64)
    number = FEWEST
    while True:
        ends = np.empty((number - len(seen), words), np.uint64)
        kernel.walk(code.successors, start, rows, ends, np.uint64(number), STEPS, quotient)
        seen = np.concatenate([seen, ends])
        _, times = np.unique(seen, axis=0, return_counts=True)
        found = Estimate(number, int((times * (times - 1) // 2).sum()))
        expected = number * (number - 1) / 2 / room  # pairs, if there were just as many states as there is room for
        if expected >= SURE:
            return found if found.same < expected / SURE else None
        if found.same >= SURE or number >= MOST:
            return None
        number *= 2
