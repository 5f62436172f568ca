"""States in two halves: which atoms belong together, so that there are few different halves.

Much of a state hardly depends on the rest of it, so that a few thousand different left halves and a few thousand right
ones make millions of states. Then a state is a pair of numbers, and what was seen is a table of bits. Which atoms
belong in which half is tried on states that were reached: an atom changes sides as long as that makes the different
halves fewer.

Source: Holzmann, "State compression in SPIN" (collapse), 1997; Laarman, van de Pol, Weber, "Parallel recursive state
compression for free", SPIN 2011, whose trees this is the root of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from model.expression import Atom
from model.ground import Ground

PASSES = 4


def halved(ground: Ground, states: Any) -> Ground:
    """The same with its atoms in two halves; `states` are rows of packed states that were reached."""
    groups = ground.together
    marks = np.array([sum(_marks(ground, atom, states) for atom in group) for group in groups])
    left = np.arange(len(groups)) % 2 == 0
    sums = [marks[left].sum(axis=0), marks[~left].sum(axis=0)]
    fewest = sum(map(_different, sums))
    for _ in range(PASSES):
        before = fewest
        for i, mark in enumerate(marks):
            moved = [sums[0] - mark, sums[1] + mark] if left[i] else [sums[0] + mark, sums[1] - mark]
            if (different := sum(map(_different, moved))) < fewest:
                fewest, sums, left[i] = different, moved, not left[i]
        if fewest == before:
            break
    return replace(ground, left=frozenset(atom for i in np.flatnonzero(left) for atom in groups[i]))


def _marks(ground: Ground, atom: Atom, states: Any) -> Any:
    """For each state a random number that its value of the atom has; sums of those tell different halves apart."""
    place = ground.layout[atom]
    values = states[:, place.word] >> np.uint64(place.shift) & np.uint64((1 << place.width) - 1)
    chance = np.random.default_rng(list(ground.layout).index(atom))
    return chance.integers(0, 1 << 63, 1 << place.width, dtype=np.uint64)[values.astype(np.int64)]


def _different(numbers: Any) -> float:
    """How many there are likely to be in all, if these were drawn from them (Chao's estimate, 1984)."""
    times = np.unique(numbers, return_counts=True)[1]
    once, twice = (int((times == n).sum()) for n in (1, 2))
    return len(times) + once * (once - 1) / (2 * (twice + 1))
