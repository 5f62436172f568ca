"""Moves that need not be followed, because what they lead to is reached by another way of the same length.

A move commutes with the one before it: then their order does not matter, and following it in one of the two orders is
enough. Of two that commute, the one with the smaller number comes first; where it comes second it is asleep. So every
state is still found, and at its depth: if the last move of a shortest way to it is asleep, the last two can change
places; the last one has a larger number then, which can happen only so often.

With symmetry an exchange of elements may lie between two moves, so that numbers do not last; the order is that of the
actions without their arguments then, and a move sleeps only if it commutes with all that an exchange may have made of
the one before it.

Source: Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996 (sleep sets). Those are
computed on the way and kept with each state; here what sleeps depends on the last move alone, which suits a search
that is breadth-first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.commuting import commuting
from model.ground import Ground
from model.native import BITS, masks_of
from model.symmetry import Symmetry


def all_awake(ground: Ground) -> tuple[Any, Any]:
    """For a search that does not know how its states were reached: all that `kernel.expand` asks of sleep."""
    return np.empty(0, np.uint16), awake(ground, np.zeros((1, len(ground.actions)), np.bool_))


def awake(ground: Ground, asleep: Any) -> Any:
    """Which actions are awake, a bit each, 64 a word, as `Native.followed` takes it; rows as they are."""
    rows, actions = asleep.shape
    bits = np.zeros((rows, masks_of(ground) * BITS), np.bool_)
    bits[:, :actions] = ~asleep
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)


def asleep(ground: Ground, symmetry: Symmetry) -> Any:
    """Which actions (columns) are asleep, by how a state was reached (rows).

    A row for each action as the last move, one more for each if an exchange of elements came after it, and a last one
    for the first state, which no move has reached.
    """
    names = [action.action.name for action in ground.actions]
    commute = np.array(commuting(ground), np.bool_).reshape(len(names), len(names))
    kinds = np.unique(names, return_inverse=True)[1]
    order = kinds if symmetry.order > 1 else np.arange(len(names))
    with_its_kind = np.empty_like(commute)
    for kind in set(kinds.tolist()):
        with_its_kind[kinds == kind] = commute[kinds == kind].all(axis=0)
    second = order[:, None] > order[None, :]
    return np.vstack([commute & second, with_its_kind & second, np.zeros((1, len(names)), np.bool_)])
