"""Search at random where there are too many states to keep: a bit for each that was seen, and many short dives.

A dive walks at random from the start, then goes deep among states whose bit is clear, until it has seen some thousand
new ones. Two states may share a bit, so that one is taken for the other and left out: how many that can be is a bound,
told with the result. Two halves of the search know nothing of each other; from how many states both have seen follows
how many there are at least, and so which part was seen at most.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from model.ground import ground
from model.language import Claim, System
from model.native import Native, native
from model.quotient import arranged
from model.scope import Scope
from model.simulate import Simulation
from model.symmetry import NONE, Symmetry, symmetry
from properties.exploration import kernel
from properties.exploration.explore import Counterexample, replayed
from properties.exploration.search import Findings, Progress, Reporter
from properties.interrupts import arriving

HALVES = 2
NEW = 1 << 10  # states of a dive
LONGEST = 64  # steps of the walk before it
DEEPEST = 1 << 10  # moves
DIVES = 64  # between two looks at the clock


@dataclass(frozen=True)
class Swarm:
    """What a search at random has seen.

    `states` have a bit of their own; `halves` is how many each half has seen, `both` how many are among both. At most
    about `mistaken` were taken for others and left out. `counterexamples` are real, and not the shortest.
    """

    scope: Scope
    states: int
    transitions: int
    dives: int
    halves: tuple[int, int]
    both: int
    mistaken: float
    reached: frozenset[Claim]
    counterexamples: tuple[Counterexample, ...]
    seconds: float
    memory_bytes: int

    @property
    def at_least(self) -> int:
        """How many states there are, at least: were each half to see states equally likely, just so many."""
        one, other = self.halves
        return max(self.states, (one + 1) * (other + 1) // (self.both + 1) - 1)

    @property
    def coverage(self) -> float:
        """Which part of them was seen, at most."""
        return self.states / self.at_least


@arriving()
def swarm(
    system: System,
    scope: Scope,
    claims: Iterable[Claim] = (),
    *,
    seconds: float,
    memory_bytes: int,
    dives: int | None = None,
    seed: int = 0,
    without: Collection[tuple[str, str]] = frozenset(),
    symmetric: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Swarm:
    """Looks for violations at random for so long, or so many `dives`, or until one is found; Ctrl-C ends it.

    Each half takes half of `memory_bytes` for its bits, rounded down to a power of two. The same `seed` and number of
    dives see the same states.
    """
    simulation = Simulation(system, scope, without)
    grounded = ground(system, scope, without, claims)
    exchanges = symmetry(grounded) if symmetric else NONE
    if exchanges.classes:
        grounded = arranged(grounded, exchanges)
    diving = _Diving(native(grounded, exchanges), exchanges, memory_bytes, seed)
    began = time.perf_counter()
    diving.until(began + seconds, dives, Reporter(progress))
    one, other = diving.bits
    seen = [int(np.bitwise_count(bits).sum()) for bits in diving.bits]
    both = int(np.bitwise_count(one & other).sum())
    size = one.size * 64
    return Swarm(
        scope,
        seen[0] + seen[1] - both,
        diving.transitions,
        diving.dives,
        (seen[0], seen[1]),
        round(max(0.0, both - seen[0] * seen[1] / size)),
        sum(n * n / (2 * size) for n in seen),
        diving.reached,
        tuple(replayed(simulation, claim, path) for claim, path in diving.found.items()),
        time.perf_counter() - began,
        diving.memory_bytes,
    )


class _Diving(Findings):
    """Two halves that dive side by side."""

    def __init__(self, code: Native, exchanges: Symmetry, memory_bytes: int, seed: int) -> None:
        super().__init__(code, exchanges)
        words = 1 << max(10, (memory_bytes // (8 * HALVES)).bit_length() - 1)
        self.bits = np.zeros((HALVES, words), np.uint64)
        self.seed, self.dives, self.number = seed, 0, 0
        self.trails = np.zeros((HALVES, DEEPEST, self.ground.words), np.uint64)
        self.stacks = np.zeros((HALVES, NEW * 4, self.ground.words + 1), np.uint64)
        self.ends = [-1] * HALVES

    @property
    def memory_bytes(self) -> int:
        return self.bits.nbytes + self.trails.nbytes + self.stacks.nbytes

    def until(self, end: float, dives: int | None, report: Reporter) -> None:
        try:
            with ThreadPoolExecutor(HALVES) as pool:
                while time.perf_counter() < end and max(self.ends) < 0 and (dives is None or self.dives < dives):
                    new = list(pool.map(self._dive, range(HALVES)))
                    self.dives += HALVES * DIVES
                    self.number += sum(new)
                    report(self.number, 0, 0)
        except KeyboardInterrupt:
            pass
        self._collect()

    def _dive(self, half: int) -> int:
        """Some dives, or as many as it takes to a violation; how many states were new."""
        self.trails[half, 0] = self.ground.start
        total = 0
        for dive in range(self.dives, self.dives + DIVES):
            number = np.uint64(1 + 2 * ((self.seed << 40) + dive) + half)
            new, self.ends[half] = kernel.dive(
                self.code.successors,
                self.successors[half],
                self.bits[half],
                self.trails[half],
                self.stacks[half],
                dive % LONGEST,
                NEW,
                number,
                self.firings[half],
                self._checks("state", half),
                self._checks("step", half),
                self.quotients[half],
            )
            total += new
            if self.ends[half] >= 0:
                break
        return total

    def _collect(self) -> None:
        """The way to the violation, straight from the trail; the first half's, if both have one."""
        half = next((half for half in range(HALVES) if self.ends[half] >= 0), None)
        if half is None:
            return
        number = int(np.flatnonzero(self.violated[half])[0])
        trail = list(map(tuple, self.trails[half, : self.ends[half] + 1].tolist()))
        if self.ground.claims[number].claim.about == "step":
            trail.append(tuple(self.witness[half, number, self.ground.words : -1].tolist()))
        self.found[self.ground.claims[number].claim] = [self._move(*pair) for pair in itertools.pairwise(trail)]
