"""The inner loops of a search that keeps states as pairs of numbers (`properties.exploration.halves`).

A half gets the next number when it first comes; a pair is a bit, in a word for each left half and 64 right ones next to
each other. Words are found by hash. What is known of a shard is that of its left halves: the left half alone says to
which shard a state belongs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from properties.exploration.kernel import BATCH, ONE, SHARD_BITS, SHARDS, Array, Checks, prefetch, try_on

LEFT, RIGHT, WORDS = 0, 1, 2
FULL = 0.75  # of a table, before it grows
GROWTH = 1.3
SMALLEST = 1 << 10


class Pairs(NamedTuple):
    """What one shard has seen.

    `lefts` and `rights` have the halves by number, `left_table` and `right_table` those numbers, plus one, by hash.
    `words` are by hash too: a bit for each of 64 pairs, and before it, plus one, which they are: the numbers of both
    halves, of the right one without its last 6 bits. `counts` has how many left halves, right halves and words there
    are.
    """

    lefts: Array
    left_table: Array
    rights: Array
    right_table: Array
    words: Array
    counts: Array


def none(left_words: int, words: int, room: int) -> Pairs:
    """Nothing seen yet; there is room for so many different halves of each side."""
    return Pairs(
        np.empty((room, left_words), np.uint64),
        np.zeros(SMALLEST, np.uint32),
        np.empty((room, words - left_words), np.uint64),
        np.zeros(SMALLEST, np.uint32),
        np.zeros((SMALLEST, 2), np.uint64),
        np.zeros(3, np.int64),
    )


def taken_bytes(pairs: Pairs) -> int:
    """What tables and halves take."""
    halves = pairs.counts[LEFT] * pairs.lefts.shape[1] + pairs.counts[RIGHT] * pairs.rights.shape[1]
    tables = pairs.left_table, pairs.right_table, pairs.words
    return int(8 * halves + sum(table.nbytes for table in tables))


def with_room(pairs: Pairs, more: int) -> Pairs:
    """The same with room in its tables for so many more states."""
    left, right, words = (int(count) + more for count in pairs.counts)
    if (size := _grown(pairs.left_table.size, left)) > pairs.left_table.size:
        pairs = pairs._replace(left_table=np.zeros(size, np.uint32))
        _index(pairs.lefts, pairs.counts[LEFT], pairs.left_table)
    if (size := _grown(pairs.right_table.size, right)) > pairs.right_table.size:
        pairs = pairs._replace(right_table=np.zeros(size, np.uint32))
        _index(pairs.rights, pairs.counts[RIGHT], pairs.right_table)
    if (size := _grown(len(pairs.words), words)) > len(pairs.words):
        before = pairs.words
        pairs = pairs._replace(words=np.zeros((size, 2), np.uint64))
        _move(before, pairs.words)
    return pairs


def _grown(size: int, entries: int) -> int:
    while entries > FULL * size:
        size = int(GROWTH * size)
    return size


@njit(nogil=True, cache=True, inline="always")
def _slot(h: Any, table: Array) -> Any:
    """Where in a table of any size something with this hash (of 32 bits) begins to be looked for."""
    return (h * np.uint64(table.shape[0])) >> np.uint64(32)


@njit(nogil=True, cache=True, inline="always")
def _after(slot: Any, table: Array) -> Any:
    slot += ONE
    return slot if slot < np.uint64(table.shape[0]) else np.uint64(0)


@njit(nogil=True, cache=True, inline="always")
def _hash(rows: Array, r: int, first: int, end: int) -> Any:
    """Of a half: 32 bits."""
    h = np.uint64(0x9E3779B97F4A7C15)
    for w in range(first, end):
        h = (h ^ rows[r, w]) * np.uint64(0xFF51AFD7ED558CCD)
        h ^= h >> np.uint64(32)
    return h * np.uint64(0xC4CEB9FE1A85EC53) << np.uint64(SHARD_BITS) >> np.uint64(32)


@njit(nogil=True, cache=True, inline="always")
def _hash_of(name: Any) -> Any:
    """Of the name of a word: 32 bits."""
    h = name * np.uint64(0x9E3779B97F4A7C15)
    h ^= h >> np.uint64(32)
    return h * np.uint64(0xFF51AFD7ED558CCD) >> np.uint64(32)


@njit(nogil=True, cache=True, inline="always")
def _number(halves: Array, table: Array, counts: Array, side: int, slot: Any, rows: Array, r: int, first: int) -> Any:
    """Of the half of `rows[r]` from the word `first` on, looked for from `slot` on; the next one, if it is new."""
    words = halves.shape[1]
    while table[slot]:
        known = table[slot] - np.uint64(1)
        same = True
        for w in range(words):
            same &= halves[known, w] == rows[r, first + w]
        if same:
            return known
        slot = _after(slot, table)
    number = counts[side]
    for w in range(words):
        halves[number, w] = rows[r, first + w]
    counts[side] = number + 1
    table[slot] = number + 1
    return np.uint64(number)


@njit(nogil=True, cache=True)
def keep(
    pairs: Pairs, states: Array, arrivals: Array, count: int, boxes: Array, filled: Array, checks: Checks, grown: Array
) -> int:
    """Appends what is new in `boxes[origin]` to `states`, as pairs of numbers; returns how many there are then.

    The tables must have room for all that is in the boxes. `grown` counts states by how they were reached.
    """
    lefts, left_table, rights, right_table, bits, counts = pairs
    left = lefts.shape[1]
    words = left + rights.shape[1]
    found, slots, others = np.empty(BATCH, np.uint64), np.empty(BATCH, np.uint64), np.empty(BATCH, np.uint64)
    asked = checks.claims.size > 0 or checks.unmet.size > 0
    for origin in range(SHARDS):
        rows = boxes[origin]
        for base in range(0, filled[origin], BATCH):
            batch = min(BATCH, filled[origin] - base)
            for b in range(batch):
                slots[b] = _slot(_hash(rows, base + b, 0, left), left_table)
                others[b] = _slot(_hash(rows, base + b, left, words), right_table)
                prefetch(left_table.ctypes.data + np.int64(slots[b]) * 4)
                prefetch(right_table.ctypes.data + np.int64(others[b]) * 4)
            for b in range(batch):
                prefetch(lefts.ctypes.data + (np.int64(left_table[slots[b]]) - 1) * left * 8)
                prefetch(rights.ctypes.data + (np.int64(right_table[others[b]]) - 1) * (words - left) * 8)
            for b in range(batch):
                one = _number(lefts, left_table, counts, LEFT, slots[b], rows, base + b, 0)
                other = _number(rights, right_table, counts, RIGHT, others[b], rows, base + b, left)
                found[b] = one << np.uint64(32) | other
                slots[b] = _slot(_hash_of(found[b] >> np.uint64(6)), bits)
                prefetch(bits.ctypes.data + np.int64(slots[b]) * 16)
            for b in range(batch):
                slot, name = slots[b], (found[b] >> np.uint64(6)) + ONE
                while bits[slot, 0] and bits[slot, 0] != name:
                    slot = _after(slot, bits)
                if not bits[slot, 0]:
                    bits[slot, 0] = name
                    counts[WORDS] += 1
                bit = ONE << (found[b] & np.uint64(63))
                if not bits[slot, 1] & bit:
                    bits[slot, 1] |= bit
                    states[count] = found[b]
                    came = rows[base + b, words] >> np.uint64(32)
                    arrivals[count] = came
                    grown[came] += 1
                    if asked:
                        try_on(checks, rows, base + b)
                    count += 1
    return count


@njit(nogil=True, cache=True)
def unfold(pairs: Pairs, states: Array, rows: Array) -> None:
    """Writes states out as words."""
    left = pairs.lefts.shape[1]
    for i in range(states.size):
        one, other = states[i] >> np.uint64(32), states[i] & np.uint64(0xFFFFFFFF)
        for w in range(left):
            rows[i, w] = pairs.lefts[one, w]
        for w in range(pairs.rights.shape[1]):
            rows[i, left + w] = pairs.rights[other, w]


@njit(nogil=True, cache=True)
def _index(halves: Array, count: int, table: Array) -> None:
    """Fills an empty table."""
    for i in range(count):
        slot = _slot(_hash(halves, i, 0, halves.shape[1]), table)
        while table[slot]:
            slot = _after(slot, table)
        table[slot] = i + 1


@njit(nogil=True, cache=True)
def _move(words: Array, larger: Array) -> None:
    """Puts words into an empty table."""
    for i in range(words.shape[0]):
        if words[i, 0]:
            slot = _slot(_hash_of(words[i, 0] - ONE), larger)
            while larger[slot, 0]:
                slot = _after(slot, larger)
            larger[slot, 0], larger[slot, 1] = words[i, 0], words[i, 1]
