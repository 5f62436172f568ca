"""Breadth-first search that keeps each state as a pair of halves: a few bytes a state, and no way back to the first."""

from __future__ import annotations

import time

import numpy as np

from model.native import Native, native
from model.symmetry import NONE, Symmetry
from properties.exploration import pairs
from properties.exploration.halves import halved
from properties.exploration.kernel import SHARDS
from properties.exploration.search import FEWEST_BYTES, Each, InMemory, Reporter, Search

SAMPLE = 1 << 13  # of states, to see how to halve them
BLOCK = 1 << 11  # states of a shard that are written out at a time
WAITING_BYTES = 8 + 2  # of a state that waits: its numbers, and how it was reached


def compact_search(search: Search) -> CompactSearch:
    """The same search, to be begun anew with what is known of its states by now."""
    began = time.perf_counter()
    code = native(halved(search.ground, search.some(SAMPLE)), search.symmetry)
    compact = CompactSearch(code, search.bound, search.symmetry)
    compact.prepared = time.perf_counter() - began
    return compact


class CompactSearch(InMemory):
    """The states in memory, as pairs. It ends at the depth at which a claim is violated."""

    def __init__(self, code: Native, memory_bytes: int, symmetry: Symmetry = NONE) -> None:
        super().__init__(code, symmetry)
        self.reserve(memory_bytes)
        # Reserved, not used: the system hands out a page of memory when it is first written.
        self.room = 2 * memory_bytes // WAITING_BYTES // SHARDS
        self.seen = [pairs.none(self.ground.left_words, self.ground.words, self.room) for _ in range(SHARDS)]
        self.waiting, self.coming = (
            [(np.empty(self.room, np.uint64), np.empty(self.room, np.uint16)) for _ in range(SHARDS)] for _ in range(2)
        )
        self.counts, self.came, self.expanded = (np.zeros(SHARDS, np.int64) for _ in range(3))
        self.blocks = np.empty((SHARDS, BLOCK, self.ground.words), np.uint64)

    @property
    def states(self) -> int:
        return sum(self.done) + int(self.came.sum())

    @property
    def memory_bytes(self) -> int:
        """What states, those that wait and tables take."""
        most = sum(sorted(self.levels)[-2:]) * WAITING_BYTES
        return sum(map(pairs.taken_bytes, self.seen)) + most + self.blocks.nbytes + self.boxes.nbytes

    @property
    def broken(self) -> bool:
        """Whether a claim is violated."""
        return bool(self.violated.any())

    def _run(self, each: Each, stop_at_first: bool, report: Reporter) -> bool:
        self._begin(self.boxes, self.filled, self.ground.left_words)
        self._keep(each)
        while (frontier := int(self.came.sum())) and not self.broken:
            self.done.append(frontier)
            self.waiting, self.coming = self.coming, self.waiting
            self.counts, self.came = self.came, np.zeros(SHARDS, np.int64)
            self.expanded[:] = 0
            while (self.expanded < self.counts).any():
                self._expand(each)
                self._keep(each)
                self._told(report, self._unexpanded)
        return not frontier

    @property
    def _unexpanded(self) -> int:
        return int((self.counts - self.expanded + self.came).sum())

    def _expand(self, each: Each) -> None:
        """Successors of the states of this depth, as far as the boxes have room."""

        def task(shard: int) -> None:
            block, (states, arrivals) = self.blocks[shard], self.waiting[shard]
            boxes, filled = self.boxes[shard], self.filled[shard]
            while left := self.counts[shard] - self.expanded[shard]:
                size = min(BLOCK, left)
                part = slice(self.expanded[shard], self.expanded[shard] + size)
                pairs.unfold(self.seen[shard], states[part], block)
                sleep = arrivals[part], self.awake
                came = self._follow(shard, block, slice(0, size), boxes, filled, sleep, self.ground.left_words)
                self.expanded[shard] += came
                if came < size:
                    return

        self.filled[:] = 0
        each(task)

    def _keep(self, each: Each) -> None:
        """What is new in the boxes."""
        more = self.filled.sum(axis=0)
        most = np.maximum(self.came, [max(seen.counts) for seen in self.seen]) + more
        if self.memory_bytes > self.bound or most.max() > self.room:
            raise self.outgrown(self._unexpanded)

        def task(shard: int) -> None:
            self.seen[shard] = pairs.with_room(self.seen[shard], int(more[shard]))
            self.came[shard] = pairs.keep(
                self.seen[shard],
                *self.coming[shard],
                self.came[shard],
                self.boxes[:, shard],
                self.filled[:, shard],
                self._checks("state", shard),
                self.grown[shard],
            )

        each(task)

    @property
    def room_for(self) -> int:
        return self.bound // FEWEST_BYTES
