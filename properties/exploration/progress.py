"""Progress: can a claim always still come true, and does it?

Both are asked of a claim and of the moves that count for it, once every state has been visited.

* Can it always still? From every state, moves that count lead to one in which the claim is true (in CTL: AG EF, the
  path among those moves alone). States from which none does are `lost`.
* Does it? If moves that count are made fairly, which is to say that none of them stays possible for ever and is never
  made (weak fairness, for each move), it comes true, whatever else happens meanwhile. A livelock is a run that goes
  round among states in which it is not true, and is fair.

A livelock lies in a strongly connected component, under all moves, of the states in which the claim is not true. A
component is not fair if some move counts and is possible in all of it, and is made in none; then no part of it is
either, so that it is enough to look at whole components. A state alone is one too: to stay there for ever is fair if no
move that counts leads away, and then it is lost.

Source: Manna, Pnueli, "The Temporal Logic of Reactive and Concurrent Systems" (1992); Tarjan, "Depth-first search and
linear graph algorithms" (1972).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numba import njit

from model.simulate import Move
from properties.exploration.kernel import ONE, SHARDS, call, number_of
from properties.exploration.search import Search, State

MOST = 1 << 20  # states in which it is not true: among more no livelock is looked for unasked
ROUND = 32  # bytes a state that looking for a livelock takes
FAIR = np.uint32(1 << 31)
NOWHERE, INSIDE, OUT = range(3)

Array = Any  # a numpy array: numba ships no types


@dataclass(frozen=True)
class Pursuit:
    """What became of a claim that is to come true.

    It is not true in `open` states, and in `lost` ones it never can be: `stuck` is a shortest way to one of these.
    `livelock` is a way that goes round from so many moves on, where one was `sought`. `seconds` are those that either
    question took.
    """

    open: int
    lost: int
    stuck: list[Move] | None = None
    livelock: tuple[list[Move], int] | None = None
    sought: bool = False
    seconds: tuple[float, float] = field(default=(0.0, 0.0), compare=False)


def pursue(search: Search, number: int, threads: int, most: int | None = MOST) -> Pursuit:
    """What becomes of this goal, in a system all of whose states were visited.

    No livelock is looked for among more than so many states, nor where there is no memory left for that.
    """
    pursuer, began = _Pursuer(search, number), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        found = pursuer.lost(pool)
        told = time.perf_counter()
        few = (most is None or found.open <= most) and ROUND * search.states <= search.bound - search.memory_bytes
        if few and not found.lost:
            found = replace(found, livelock=pursuer.livelock(pool), sought=True)
    return replace(found, seconds=(told - began, time.perf_counter() - told))


class _Pursuer:
    """States are numbered: shard by shard, in the order of discovery."""

    def __init__(self, search: Search, number: int) -> None:
        self.search, self.code = search, search.code
        self.holds, self.counted = self.code.goals[number]
        self.firsts = np.concatenate([[0], np.cumsum(search.counts)])
        self.states, self.tables = tuple(search.rows), tuple(search.tables)

    def lost(self, pool: ThreadPoolExecutor) -> Pursuit:
        """From which states it cannot come true any more."""
        can = np.zeros(int(self.firsts[-1]), np.uint8)
        left = list(pool.map(lambda shard: self._begin(shard, can), range(SHARDS)))
        is_open, lost = self._sum(left), -1
        while lost != (lost := self._sum(left)):
            left = list(pool.map(lambda shard, here: self._sweep(shard, here, can), range(SHARDS), left))
        return Pursuit(is_open, lost, self._way(can == 0)[0] if lost else None)

    def _sum(self, left: list[Array]) -> int:
        return sum(each.size for each in left)

    def _begin(self, shard: int, can: Array) -> Array:
        """Marks where it is true, and gives the others, the deepest first: most moves lead deeper."""
        here = can[self.firsts[shard] : self.firsts[shard + 1]]
        _mark(self.holds, self.states[shard], here)
        return np.flatnonzero(here == 0)[::-1].astype(np.uint32)

    def _sweep(self, shard: int, left: Array, can: Array) -> Array:
        kept = _sweep(self.counted, self.states, self.tables, self.firsts, shard, left, self._rows(), can)
        return left[:kept]

    def _once(self, pool: ThreadPoolExecutor, left: list[Array]) -> Array:
        """The bits of what changes in one direction alone: on no way that goes round does it change."""
        places = list(self.search.ground.layout.values())
        fields = np.array([[p.word, p.shift, (1 << p.width) - 1] for p in places], np.uint64).reshape(-1, 3)
        turned = np.zeros((SHARDS, 2, len(places)), np.bool_)

        def task(shard: int) -> None:
            _directions(self.code.successors, self.states[shard], left[shard], self._rows(), fields, turned[shard])

        list(pool.map(task, range(SHARDS)))
        up, down = turned[:, 0].any(axis=0), turned[:, 1].any(axis=0)
        once = np.zeros(self.search.ground.words, np.uint64)
        for word, shift, mask in fields[~(up & down)]:
            once[word] |= mask << shift
        return once

    def _rows(self) -> Array:
        return np.zeros((len(self.search.ground.actions), self.search.ground.words + 2), np.uint64)

    def _way(self, marked: Array) -> tuple[list[Move], State]:
        """A shortest way to a state that is marked, and that state: the nearest of the first in each shard."""
        ways = list[tuple[list[Move], State]]()
        for shard in range(SHARDS):
            found = np.flatnonzero(marked[self.firsts[shard] : self.firsts[shard + 1]])
            if found.size:
                row = int(found[0])
                ways.append((self.search.way_to(shard, row), tuple(self.states[shard][row].tolist())))
        return min(ways, key=lambda way: len(way[0]))

    def livelock(self, pool: ThreadPoolExecutor) -> tuple[list[Move], int] | None:
        """A fair way that goes round where it is not true."""
        total, bits = int(self.firsts[-1]), (len(self.search.ground.actions) + 63) // 64
        there = np.zeros(total, np.uint8)
        left = list(pool.map(lambda shard: self._begin(shard, there), range(SHARDS)))
        once = self._once(pool, left)
        component = np.zeros(total, np.uint32)
        _components(
            self.code.successors,
            self.counted,
            self.states,
            self.tables,
            self.firsts,
            1 - there,
            component,
            self._rows(),
            once,
            np.zeros((3, bits), np.uint64),
        )
        fair = component & FAIR != 0
        if not fair.any():
            return None
        way, entry = self._way(fair)
        return way + _Round(self, component).through(entry), len(way)

    def number(self, state: State) -> int:
        there = np.array([state], np.uint64)
        return int(number_of(self.states, self.tables, self.firsts, there, 0, there.shape[1]))


class _Round:
    """A fair way through a component and back: each next thing by a shortest way, so that it is short, not shortest."""

    def __init__(self, pursuer: _Pursuer, component: Array) -> None:
        self.pursuer, self.component = pursuer, component
        self.counting = replace(pursuer.code, successors=pursuer.counted)

    def through(self, entry: State) -> list[Move]:
        at, owed = entry, self.possible(entry)
        way = list[tuple[State, Move, State]]()
        while owed:
            for step in self._nearest(at, partial(self._helps, owed)):
                _, move, at = step
                owed = (owed - {move}) & self.possible(at)
                way.append(step)
        if at != entry or not way:
            way += self._nearest(at, lambda move, after: after == entry)
        always = set.intersection(*(self.possible(after) for _, _, after in way))
        return [move for before, move, after in way if before != after or move in always]

    def _helps(self, owed: set[Move], move: Move, after: State) -> bool:
        return move in owed or bool(owed - self.possible(after))

    def possible(self, state: State) -> set[Move]:
        """The moves that count."""
        return {Move(action.action, action.arguments) for action, _ in self.counting.follow(state)}

    def _nearest(self, start: State, fits: Callable[[Move, State], bool]) -> list[tuple[State, Move, State]]:
        """The shortest way in the component whose last move fits."""
        came: dict[State, list[tuple[State, Move, State]]] = {start: []}
        todo = [start]
        for before in todo:  # it grows meanwhile
            for move, after in self._inside(before):
                way = [*came[before], (before, move, after)]
                if fits(move, after):
                    return way
                if after not in came:
                    came[after] = way
                    todo.append(after)
        raise AssertionError("a strongly connected component has a way to all that is in it")

    def _inside(self, state: State) -> Iterator[tuple[Move, State]]:
        here = self.component[self.pursuer.number(state)]
        for action, after in self.pursuer.code.follow(state):
            if self.component[self.pursuer.number(after)] == here:
                yield Move(action.action, action.arguments), after


@njit(nogil=True, cache=True)
def _mark(holds: int, states: Array, marks: Array) -> None:
    """Says of each of the first states whether the claim is true in it."""
    state, size = states.ctypes.data, states.shape[1] * 8
    for i in range(marks.size):
        marks[i] = call(holds, state, state)
        state += size


@njit(nogil=True, cache=True)
def _sweep(
    counted: int, states: Array, tables: Array, firsts: Array, shard: int, left: Array, rows: Array, can: Array
) -> int:
    """Marks those states of a shard from which a move that counts leads to a marked one; keeps the rest in `left`.

    Other threads mark meanwhile. A mark is never taken back, so that what is marked at last does not depend on it.
    """
    words = states[shard].shape[1]
    kept = 0
    for i in range(left.size):
        marked = False
        for r in range(call(counted, states[shard].ctypes.data + np.int64(left[i]) * words * 8, rows.ctypes.data)):
            if can[number_of(states, tables, firsts, rows, r, words)]:
                marked = True
                break
        if marked:
            can[firsts[shard] + left[i]] = 1
        else:
            left[kept] = left[i]
            kept += 1
    return kept


@njit(nogil=True, cache=True)
def _directions(successors: int, states: Array, left: Array, rows: Array, fields: Array, turned: Array) -> None:
    """Marks which fields of the states go up in a move, and which go down."""
    words = states.shape[1]
    met = np.zeros((2, words), np.uint64)  # bits that went up and down before: nothing new comes of these
    for i in range(left.size):
        row = np.int64(left[i])
        for r in range(call(successors, states.ctypes.data + row * words * 8, rows.ctypes.data)):
            new = np.uint64(0)
            for w in range(words):
                before, after = states[row, w], rows[r, w]
                new |= (after & ~before & ~met[0, w]) | (before & ~after & ~met[1, w])
            if not new:
                continue
            for f in range(fields.shape[0]):
                word, shift, mask = fields[f]
                before, after = (states[row, word] >> shift) & mask, (rows[r, word] >> shift) & mask
                turned[0, f] |= after > before
                turned[1, f] |= after < before
            for f in range(fields.shape[0]):
                word, shift, mask = fields[f]
                if mask == 1 or (turned[0, f] and turned[1, f]):
                    met[0, word] |= mask << shift if turned[0, f] else np.uint64(0)
                    met[1, word] |= mask << shift if turned[1, f] else np.uint64(0)


@njit(nogil=True, cache=True, inline="always")
def _shard(firsts: Array, number: Any) -> Any:
    shard = 0
    while number >= firsts[shard + 1]:
        shard += 1
    return shard


@njit(nogil=True, cache=True)
def _components(
    successors: int,
    counted: int,
    states: Array,
    tables: Array,
    firsts: Array,
    is_open: Array,
    component: Array,
    rows: Array,
    once: Array,
    bits: Array,
) -> None:
    """Numbers the strongly connected components of the open states, by Tarjan; those that are fair have a bit more.

    Moves that change what changes `once` lead out of a component, so that they are passed over. `edges` are those that
    the states on the path have still to go, each state's from its `first` on.
    """
    total, words = is_open.size, states[0].shape[1]
    index, low = np.zeros(total, np.uint32), np.zeros(total, np.uint32)
    stack, path, first = np.empty(total, np.uint32), np.empty(total, np.uint32), np.empty(total, np.int64)
    edges = np.empty(1 << 16, np.uint32)
    clock = top = depth = went = 0
    for root in range(total):
        if not is_open[root] or index[root]:
            continue
        path[0], depth = root, 1
        fresh = True
        while depth:
            here = np.int64(path[depth - 1])
            if fresh:
                clock += 1
                index[here] = low[here] = clock
                stack[top] = here
                top += 1
                first[depth - 1] = went
                shard = _shard(firsts, here)
                own, row = states[shard], here - firsts[shard]
                for r in range(call(successors, own.ctypes.data + row * words * 8, rows.ctypes.data)):
                    if _goes(own, row, rows, r, once, words) == INSIDE:
                        there = number_of(states, tables, firsts, rows, r, words)
                        if is_open[there] and not component[there]:
                            if went == edges.size:
                                edges = np.concatenate((edges, edges))
                            edges[went] = there
                            went += 1
            fresh = False
            while went > first[depth - 1] and not fresh:
                went -= 1
                there = np.int64(edges[went])
                if component[there]:
                    continue
                if index[there]:
                    low[here] = min(low[here], index[there])
                    continue
                path[depth] = there
                depth += 1
                fresh = True
            if fresh:
                continue
            depth -= 1
            if depth:
                low[path[depth - 1]] = min(low[path[depth - 1]], low[here])
            if low[here] == index[here]:
                bottom = top - 1
                while stack[bottom] != here:
                    bottom -= 1
                for i in range(bottom, top):
                    component[stack[i]] = index[here]
                if top - bottom > 1:
                    members = stack[bottom:top]
                    if _fair(counted, states, tables, firsts, component, members, rows, once, bits):
                        for i in range(bottom, top):
                            component[stack[i]] |= FAIR
                top = bottom


@njit(nogil=True, cache=True, inline="always")
def _goes(states: Array, i: int, rows: Array, r: int, once: Array, words: int) -> int:
    """Whether a move leads nowhere, maybe to another state of the component, or out of it."""
    moves = leaves = np.uint64(0)
    for w in range(words):
        differs = rows[r, w] ^ states[i, w]
        moves, leaves = moves | differs, leaves | (differs & once[w])
    return OUT if leaves else INSIDE if moves else NOWHERE


@njit(nogil=True, cache=True)
def _fair(
    counted: int,
    states: Array,
    tables: Array,
    firsts: Array,
    component: Array,
    members: Array,
    rows: Array,
    once: Array,
    bits: Array,
) -> bool:
    """Whether each move that counts and is possible in all of a component is made in it."""
    words = states[0].shape[1]
    always, here, made = bits[0], bits[1], bits[2]
    always[:], made[:] = ~np.uint64(0), 0
    for i in range(members.size):
        here[:] = 0
        shard = _shard(firsts, np.int64(members[i]))
        own, row = states[shard], np.int64(members[i]) - firsts[shard]
        for r in range(call(counted, own.ctypes.data + row * words * 8, rows.ctypes.data)):
            action = rows[r, words]
            bit = ONE << (action & np.uint64(63))
            here[action >> np.uint64(6)] |= bit
            goes = _goes(own, row, rows, r, once, words)
            if goes == OUT:
                continue
            if goes == NOWHERE or component[number_of(states, tables, firsts, rows, r, words)] == component[members[i]]:
                made[action >> np.uint64(6)] |= bit
        always &= here
    for w in range(always.size):  # noqa: SIM110
        if always[w] & ~made[w]:
            return False
    return True
