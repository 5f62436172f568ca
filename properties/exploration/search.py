"""Breadth-first search over packed states, one depth after the other.

The states are dealt to shards, whatever the number of threads, so that numbers and counterexamples do not depend
on it. A depth is expanded a few thousand states of each shard at a time: first all shards put successors into
boxes, then each keeps what is new in those for it.
"""

from __future__ import annotations

import itertools
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from model.language import Claim, ModelError
from model.native import Native
from model.scope import SCOPES, WALKED, Scope
from model.simulate import Move
from model.symmetry import NONE, Symmetry
from properties.exploration import kernel
from properties.exploration.kernel import SHARDS, Checks
from properties.exploration.quotients import quotient_of
from properties.exploration.sleep import asleep, awake

MEBIBYTE, GIBIBYTE = 1 << 20, 1 << 30
BOX = 1 << 11  # rows: what a shard tells another at a time
MOST = 1 << 32  # states: a parent is 32 bits
FULL = 0.7  # of a table, before it grows
FEWEST_BYTES = 8  # that a state takes as a pair (`properties.exploration.compact`)
LINE = 8  # words of memory that a processor takes at a time
PAUSE = 0.3  # seconds between two reports of progress


class ScopeTooLarge(ModelError):
    """The scope does not fit in memory: says how much there is, and what fits."""


class OutOfMemory(ScopeTooLarge):
    """There may be room for it in a folder. Either it has `begun`, or it is an estimate."""

    def __init__(self, told: str, begun: bool) -> None:
        super().__init__(told)
        self.begun = begun


@dataclass(frozen=True)
class Progress:
    """How far a search is; `frontier` counts the states still to be expanded.

    `grows_by` is the action that came first to most of the states that are new since the last report, where known.
    """

    states: int
    depth: int
    frontier: int
    states_per_second: float
    grows_by: str | None = None


State = tuple[int, ...]  # packed
Each = Callable[[Callable[[int], None]], object]  # does something for every shard


def too_large(scope: Scope, bound: int, what: str, where: str = "", mend: str = "allow more memory") -> str:
    """One line: what does not fit, and what to do."""
    smaller = next_smaller(scope)
    advice = f"{mend}{f', or take scope {smaller}' if smaller else ''}"
    room = f"{bound / GIBIBYTE:.1f} GiB" if bound >= GIBIBYTE else f"{bound / MEBIBYTE:.0f} MiB"
    return f"scope {scope} does not fit in {room}{where}: {what}; {advice}"


class Findings:
    """What any search keeps besides states: what has happened, what was met, and what was found."""

    def __init__(self, code: Native, symmetry: Symmetry) -> None:
        self.code, self.ground, self.symmetry = code, code.ground, symmetry
        words, actions, claims = self.ground.words, len(self.ground.actions), len(self.ground.claims)
        self.successors = np.zeros((SHARDS, actions, words + 2), np.uint64)
        self.quotients = [quotient_of(code, symmetry) for _ in range(SHARDS)]
        self.firings = counters(actions)
        self.met = np.zeros((SHARDS, claims), np.bool_)
        self.violated = np.zeros((SHARDS, claims), np.bool_)
        self.witness = np.zeros((SHARDS, claims, 2 * words + 1), np.uint64)
        self.found: dict[Claim, list[Move]] = {}

    @property
    def fired(self) -> dict[str, int]:
        return self._by_action(self.firings)

    def _by_arrival(self, numbers: Any) -> dict[str, int]:
        """The same of numbers for each way to have been reached (`properties.exploration.sleep`)."""
        actions = len(self.ground.actions)
        return self._by_action(numbers[:, :actions] + numbers[:, actions : 2 * actions])

    def _by_action(self, numbers: Any) -> dict[str, int]:
        """Numbers for each shard and ground action, added up."""
        total = Counter[str]()
        for action, number in zip(self.ground.actions, numbers.sum(axis=0), strict=True):
            total[action.action.name] += int(number)
        return dict(total)

    @property
    def transitions(self) -> int:
        return int(self.firings.sum())

    @property
    def reached(self) -> frozenset[Claim]:
        return frozenset(self.ground.claims[i].claim for i in np.flatnonzero(self.met.any(axis=0)))

    def _checks(self, about: str, shard: int) -> Checks:
        closed = {i for i, c in enumerate(self.ground.claims) if c.claim in self.found}
        return checks(self.code, about, closed, self.met[shard], self.violated[shard], self.witness[shard])

    def _move(self, before: State, after: State) -> Move:
        action = next(action for action, state in self.code.follow(before) if state == after)
        return Move(action.action, action.arguments)


def checks(code: Native, about: str, closed: Collection[int], met: Any, violated: Any, witness: Any) -> Checks:
    """The claims about states, or about steps, but for those that are closed and those that say nothing."""
    numbers = [number for number in code.ground.speaking[about] if number not in closed]
    return Checks(
        np.array([i for i in numbers if not code.ground.claims[i].certain], np.int64),
        np.array([i for i in numbers if not met[i]], np.int64),
        0 if closed else code.all_hold,
        np.array(code.holds, np.int64),
        np.array(code.premises, np.int64),
        met,
        violated,
        witness,
    )


class BreadthFirst(Findings, ABC):
    """What a search keeps of the states that it has seen, wherever those are."""

    def __init__(self, code: Native, symmetry: Symmetry) -> None:
        super().__init__(code, symmetry)
        self.recent = np.tile(np.array(self.ground.start, np.uint64), (SHARDS, kernel.RECENT, 1))
        self.totals = counters(4)
        self.done: list[int] = []
        self.prepared = 0.0  # seconds that went by, once it was known what states are like, before it could begin

    @property
    @abstractmethod
    def states(self) -> int: ...

    @property
    @abstractmethod
    def memory_bytes(self) -> int: ...

    @property
    @abstractmethod
    def room_for(self) -> int:
        """How many states there is room for."""

    @abstractmethod
    def too_large(self, what: str) -> str:
        """One line: where so much does not fit, and what to do."""

    @abstractmethod
    def run(self, threads: int, stop_at_first: bool, progress: Callable[[Progress], None] | None) -> bool:
        """Whether every state was expanded. Ctrl-C ends it early; what is under way is finished first."""

    @property
    def levels(self) -> list[int]:
        waiting = self.states - sum(self.done)
        return [*self.done, waiting] if waiting else self.done

    @property
    def deadlocks(self) -> int:
        return int(self.totals[:, 0].sum())

    @property
    def stands_for(self) -> tuple[int, int]:
        """How many states and accepted moves there are without symmetry, as far as states were expanded."""
        if not self.code.sort:
            return self.states, self.transitions
        return int(self.totals[:, 1].sum()), int(self.totals[:, 2].sum())

    @property
    def slept(self) -> int:
        """How many moves were not followed, since what they lead to is reached by another way."""
        return self.transitions - int(self.totals[:, 3].sum())

    @cached_property
    def awake(self) -> Any:
        """Which moves are to be followed, by how a state was reached: what `kernel.expand` asks of sleep."""
        return awake(self.ground, asleep(self.ground, self.symmetry))

    def _begin(self, boxes: Any, filled: Any, deciding: int) -> None:
        """Puts the first state into a box; so many of its words decide into which."""
        home = kernel.box_of(np.array([self.ground.start[:deciding]], np.uint64), boxes.shape[1])
        boxes[0, home, 0] = (*self.ground.start, len(self.awake) - 1 << 32)
        filled[0, home] = 1

    def _follow(
        self, shard: int, states: Any, part: slice, boxes: Any, filled: Any, sleep: tuple[Any, Any], deciding: int
    ) -> int:
        """Puts successors of a part of the states into boxes; how far it came."""
        return int(
            kernel.expand(
                self.code.followed,
                states,
                part.start,
                part.stop,
                self.successors[shard],
                boxes,
                filled,
                self.recent[shard],
                self.firings[shard],
                self._checks("step", shard),
                self.quotients[shard],
                self.totals[shard],
                *sleep,
                deciding,
            )
        )

    def outgrown(self, waiting: int) -> OutOfMemory:
        """Says how far the search came with so many states not yet expanded, and how many there may be in all."""
        *_, before, now = (1, 1, *self.levels)
        estimate = 2 * self.states if now >= before else self.states + waiting * before // (before - now)
        return OutOfMemory(
            self.too_large(
                f"{self.states:,} states at depth {max(len(self.levels) - 1, 0)}, "
                f"{waiting:,} of them not yet expanded, and likely more than {estimate:,} in all"
            ),
            begun=True,
        )


class Traced(BreadthFirst):
    """A search that can tell the way to a violation."""

    def __init__(self, code: Native, symmetry: Symmetry, until_all: bool) -> None:
        super().__init__(code, symmetry)
        self.until_all = until_all

    @abstractmethod
    def _trail(self, shard: int, row: int, state: State, about: str) -> list[State]:
        """The states on a shortest way from the start to this one; with symmetry the smallest of their kinds."""

    def _enough(self, stop_at_first: bool) -> bool:
        """One counterexample, or one to each claim that could fail if no more is asked."""
        could_fail = sum(not claim.certain for claim in self.ground.claims)
        all_found = self.until_all and len(self.found) == could_fail
        return all_found or (stop_at_first and bool(self.found))

    def _collect(self) -> None:
        """The smallest violation of each claim that failed for the first time."""
        for number in map(int, np.flatnonzero(self.violated.any(axis=0))):
            claim = self.ground.claims[number].claim
            if claim not in self.found:
                shards = np.flatnonzero(self.violated[:, number])
                *states, row, shard = min((*self.witness[s, number].tolist(), int(s)) for s in shards)
                before = tuple(states[: self.ground.words])
                trail = self._unfolded(self._trail(shard, row, before, claim.about))
                if claim.about == "step":
                    trail.append(self._broken(number, trail[-1], tuple(states[self.ground.words :])))
                self.found[claim] = [self._move(*pair) for pair in itertools.pairwise(trail)]

    def _unfolded(self, trail: list[State]) -> list[State]:
        """The same way through states as they really follow each other."""
        if not self.code.sort:
            return trail
        real = trail[:1]
        for kind in trail[1:]:
            real.append(next(after for _, after in self.code.follow(real[-1]) if self._smallest(after) == kind))
        return real

    def _broken(self, number: int, before: State, after: State) -> State:
        """Where a step leads that breaks a claim: to `after`, or with symmetry from `before` to its like."""
        if not self.code.sort:
            return after
        holds = self.code.truth(self.code.holds[number])
        return next(state for _, state in self.code.follow(before) if not holds(before, state))

    def _smallest(self, state: State) -> State:
        """The state that stands for this one."""
        rows = np.array([state], np.uint64)
        if self.code.sort:
            kernel.smallest(self.quotients[0], rows, 0, self.ground.words)
        return tuple(rows[0].tolist())


class InMemory(BreadthFirst):
    """A search whose states are in this memory: shards expand states into boxes, then keep what is new in those."""

    def reserve(self, memory_bytes: int) -> None:
        words, actions = self.ground.words, len(self.ground.actions)
        self.bound = memory_bytes
        self.boxes = np.empty((SHARDS, SHARDS, max(BOX, 2 * actions), words + 1), np.uint64)
        self.filled = counters(SHARDS)
        self.grown = counters(len(self.awake))

    def run(self, threads: int, stop_at_first: bool, progress: Callable[[Progress], None] | None) -> bool:
        try:
            with ThreadPoolExecutor(threads) as pool:
                return self._run(lambda task: list(pool.map(task, range(SHARDS))), stop_at_first, Reporter(progress))
        except KeyboardInterrupt:
            self._stopped()
            return False

    @abstractmethod
    def _run(self, each: Each, stop_at_first: bool, report: Reporter) -> bool:
        """Whether every state was expanded."""

    def _stopped(self) -> None:
        """Somebody has pressed Ctrl-C."""

    def _told(self, report: Reporter, waiting: int) -> None:
        report(self.states, len(self.done) - 1, waiting, lambda: self._by_arrival(self.grown))

    def too_large(self, what: str) -> str:
        return too_large(self.ground.scope, self.bound, what, mend="allow more memory, or name a folder with --disk")


class Outgrown(Exception):
    """There are more states than the search was meant to keep."""

    def __init__(self, search: Search) -> None:
        super().__init__()
        self.search = search


class Search(InMemory, Traced):
    """The states in memory, each with the way to it.

    With `at_most` it raises Outgrown beyond so many, or where memory ends; without, OutOfMemory there.
    """

    def __init__(
        self,
        code: Native,
        memory_bytes: int,
        until_all: bool = False,
        symmetry: Symmetry = NONE,
        at_most: int | None = None,
    ) -> None:
        super().__init__(code, symmetry, until_all)
        self.reserve(memory_bytes)
        self.at_most, words = at_most, self.ground.words
        self.state_bytes = 8 * words + 4 + 2
        # Reserved, not used: the system hands out a page of memory when it is first written.
        self.room = min(2 * memory_bytes // self.state_bytes, MOST) // SHARDS
        self.rows = [np.empty((self.room, words), np.uint64) for _ in range(SHARDS)]
        self.parents = [np.empty(self.room, np.uint32) for _ in range(SHARDS)]
        self.arrivals = [np.empty(self.room, np.uint16) for _ in range(SHARDS)]
        self.tables = [np.zeros(1 << 10, np.uint32) for _ in range(SHARDS)]
        self.counts = np.zeros(SHARDS, np.int64)
        self.expanded = np.zeros(SHARDS, np.int64)

    @property
    def states(self) -> int:
        return int(self.counts.sum())

    @property
    def memory_bytes(self) -> int:
        """What states and tables take."""
        return self.states * self.state_bytes + sum(table.nbytes for table in self.tables) + self.boxes.nbytes

    def _stopped(self) -> None:
        self._collect()

    def _run(self, each: Each, stop_at_first: bool, report: Reporter) -> bool:
        self._begin(self.boxes, self.filled, self.ground.words)
        self._keep(each)
        self._collect()
        while (frontier := self.states - sum(self.done)) and not self._enough(stop_at_first):
            self.done.append(frontier)
            ends = self.counts.copy()
            while (self.expanded < ends).any():
                self._expand(each, ends)
                self._keep(each)
                self._told(report, self._unexpanded)
            self._collect()
        return not frontier

    def _expand(self, each: Each, ends: Any) -> None:
        """Successors of states up to `ends`, as far as the boxes have room."""

        def task(shard: int) -> None:
            part, sleep = slice(self.expanded[shard], ends[shard]), (self.arrivals[shard], self.awake)
            boxes, filled = self.boxes[shard], self.filled[shard]
            self.expanded[shard] = self._follow(shard, self.rows[shard], part, boxes, filled, sleep, self.ground.words)

        self.filled[:] = 0
        each(task)

    def _keep(self, each: Each) -> None:
        """What is new in the boxes."""
        self._make_room()

        def task(shard: int) -> None:
            if self.tables[shard].size < self.sizes[shard]:
                self.tables[shard] = np.zeros(0, np.uint32)  # the old one goes before the new one comes
                self.tables[shard] = np.zeros(self.sizes[shard], np.uint32)
                kernel.index(self.rows[shard], self.counts[shard], self.tables[shard])
            self.counts[shard] = kernel.insert(
                self.rows[shard],
                self.parents[shard],
                self.arrivals[shard],
                self.counts[shard],
                self.tables[shard],
                self.boxes[:, shard],
                self.filled[:, shard],
                self._checks("state", shard),
                self.grown[shard],
            )

        each(task)

    def _make_room(self) -> None:
        """How large the tables must be if everything in the boxes is new."""
        at_most = self.counts + self.filled.sum(axis=0)
        self.sizes = [_grown(table.size, int(n)) for table, n in zip(self.tables, at_most, strict=True)]
        needed = self.states * self.state_bytes + 4 * sum(self.sizes) + self.boxes.nbytes
        full = needed > self.bound or at_most.max() > self.room
        if self.states and self.at_most is not None and (full or self.states > self.at_most):
            raise Outgrown(self)
        if full:
            raise self.outgrown(self._unexpanded)

    @property
    def _unexpanded(self) -> int:
        return int((self.counts - self.expanded).sum())

    @property
    def room_for(self) -> int:
        if self.at_most is not None:
            return self.bound // FEWEST_BYTES
        return min(self.bound // (self.state_bytes + 4), self.room * SHARDS)

    def some(self, number: int) -> Any:
        """So many of the states that were reached, at random."""
        chance = np.random.default_rng(0)
        each = number // SHARDS
        return np.concatenate(
            [rows[chance.integers(0, n, each)] for rows, n in zip(self.rows, self.counts, strict=True) if n]
        )

    def _trail(self, shard: int, row: int, state: State, about: str) -> list[State]:
        trail = [tuple(self.rows[shard][row].tolist())]
        assert trail == [state]
        while trail[-1] != self.ground.start:
            row, shard = divmod(int(self.parents[shard][row]), SHARDS)
            trail.append(tuple(self.rows[shard][row].tolist()))
        return trail[::-1]

    def way_to(self, shard: int, row: int) -> list[Move]:
        """A shortest way from the start to this state."""
        trail = self._trail(shard, row, tuple(self.rows[shard][row].tolist()), "state")
        return [self._move(*pair) for pair in itertools.pairwise(trail)]


def counters(number: int) -> Any:
    """So many for each shard, a line of memory apart: threads that write to the same line wait for each other."""
    return np.zeros((SHARDS, number + LINE), np.int64)[:, :number]


def _grown(size: int, states: int) -> int:
    """In large steps, since each of them puts all states in anew."""
    while states > FULL * size:
        size *= 4
    return size


def next_smaller(scope: Scope) -> str | None:
    """The largest named scope, before `scope` if that has a name itself, that is no larger in any respect."""
    before = itertools.takewhile(lambda s: s is not scope, SCOPES.values())
    smaller = [s for s in before if s.name not in WALKED and s.sizes != scope.sizes and _within(s, scope)]
    return max(smaller, key=lambda s: sum(s.sizes.values())).name if smaller else None


def _within(one: Scope, other: Scope) -> bool:
    return all(size <= other.sizes.get(sort, 0) for sort, size in one.sizes.items())


class Reporter:
    """Calls `progress` every now and then; the speed is that of this run, which may go on from so many states."""

    def __init__(self, progress: Callable[[Progress], None] | None, states: int = 0) -> None:
        self._progress, self._began, self._states = progress, time.perf_counter(), states
        self._last = self._began
        self._grown: Mapping[str, int] = {}

    def __call__(
        self, states: int, depth: int, frontier: int, grown: Callable[[], Mapping[str, int]] | None = None
    ) -> None:
        """`grown` gives how many states each action has come to first."""
        now = time.perf_counter()
        if not self._progress or now - self._last < PAUSE:
            return
        self._last = now
        by = grown() if grown else {}
        since = {action: number - self._grown.get(action, 0) for action, number in by.items()}
        self._grown = by
        most = max(since, key=lambda action: since[action], default=None)
        speed = (states - self._states) / (now - self._began)
        self._progress(Progress(states, depth, frontier, speed, most if most and since[most] else None))
