"""Breadth-first search over a Dask cluster: states are dealt to shards by their hash, one depth after the other.

Two kinds of tasks, both pure: the successors of the states of one shard and depth, and what is new of them in one
shard. The scheduler knows what each was made of, so that what a lost worker had is computed anew, and nothing else.
Workers write the code of the system themselves, from the question; only states travel.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np

from model import adversary
from model.ground import ground
from model.language import Claim, ModelError
from model.native import Native, native
from model.quotient import arranged
from model.scope import Scope
from model.symmetry import NONE, Symmetry, symmetry
from properties.catalogue import CATALOGUE
from properties.exploration import kernel
from properties.exploration.disk import Question, size_of_table
from properties.exploration.kernel import Checks
from properties.exploration.quotients import quotient_of
from properties.exploration.search import Progress, Reporter, State, Traced, checks
from properties.exploration.sleep import all_awake

SHARDS = 8
BOX = 1 << 16  # rows
PATIENCE = 10  # seconds to wait for a scheduler


class Tally(NamedTuple):
    """What a task has seen besides states; rows of the arrays are those of a search in memory."""

    states: int
    firings: Any
    totals: Any
    met: Any
    violated: Any
    witness: Any


@cache
def _compiled(asked: str) -> tuple[Native, Symmetry]:
    """The code for a question, once for each worker."""
    question: Question = json.loads(asked)
    claims = [claim_named(name) for name in question["claims"]]
    without = frozenset((action, condition) for action, condition in question["without"])
    grounded = ground(adversary.from_json(question), Scope.from_json(question["scope"]), without, claims)
    exchanges = symmetry(grounded) if question["symmetry"] else NONE
    if exchanges.classes:
        grounded = arranged(grounded, exchanges)
    return native(grounded, exchanges), exchanges


def claim_named(name: str) -> Claim:
    """A claim of the catalogue: workers know no others."""
    found = next((claim for claim in CATALOGUE.values() if claim.name == name), None)
    if found is None:
        raise ModelError(f"{name} is no property of the catalogue; workers of a cluster know no other claims")
    return found


def _tally(code: Native, states: int = 0) -> Tally:
    words, actions, claims = code.ground.words, len(code.ground.actions), len(code.ground.claims)
    return Tally(
        states,
        np.zeros(actions, np.int64),
        np.zeros(4, np.int64),
        np.zeros(claims, np.bool_),
        np.zeros(claims, np.bool_),
        np.zeros((claims, 2 * words + 1), np.uint64),
    )


def _checks(code: Native, about: str, closed: Collection[int], tally: Tally) -> Checks:
    return checks(code, about, closed, tally.met, tally.violated, tally.witness)


def expanded(asked: str, states: Any, closed: Collection[int]) -> tuple[list[Any], Tally]:
    """The successors of these states for each shard, one of each, and what was seen on the way."""
    code, exchanges = _compiled(asked)
    words, actions, tally = code.ground.words, len(code.ground.actions), _tally(code)
    boxes = np.empty((SHARDS, max(BOX, 2 * actions), words), np.uint64)
    filled = np.zeros(SHARDS, np.int64)
    rows = np.zeros((actions, words + 2), np.uint64)
    recent = np.tile(np.array(code.ground.start, np.uint64), (kernel.RECENT, 1))
    on_steps, quotient = _checks(code, "step", closed, tally), quotient_of(code, exchanges)
    sleep = all_awake(code.ground)
    full: list[list[Any]] = [[] for _ in range(SHARDS)]
    at = 0
    while at < len(states):
        at = kernel.expand(
            code.followed, states, at, len(states), rows, boxes, filled, recent, tally.firings, on_steps, quotient,
            tally.totals, *sleep, words,
        )  # fmt: skip
        for shard in range(SHARDS):
            full[shard].append(_distinct(boxes[shard, : filled[shard]].copy()))
        filled[:] = 0
    empty = np.empty((0, words), np.uint64)
    return [_distinct(np.concatenate([empty, *pieces])) for pieces in full], tally


def sifted(asked: str, successors: Sequence[Any], seen: Sequence[Any], closed: Collection[int]) -> tuple[Any, Tally]:
    """What is new of these successors in a shard that has seen so much, and what is to be said of it."""
    code, _ = _compiled(asked)
    rows = np.concatenate(successors)
    table = np.zeros(size_of_table(len(rows)), np.uint32)
    count = kernel.distinct(rows, len(rows), table, rows.shape[1])
    struck = np.zeros(count, np.bool_)
    for states in seen:
        kernel.strike(rows, table, struck, states)
    tally = _tally(code)
    count = kernel.keep(rows, count, struck, _checks(code, "state", closed, tally))
    return rows[:count].copy(), tally._replace(states=count)


def origin(asked: str, states: Any, target: State) -> State | None:
    """The smallest of these states that leads to the target, if one does."""
    code, exchanges = _compiled(asked)
    found = np.zeros((2, code.ground.words), np.uint64)
    rows = np.zeros((len(code.ground.actions), code.ground.words + 2), np.uint64)
    wanted = np.array([target], np.uint64)
    kernel.before(code.successors, states, rows, wanted, found, quotient_of(code, exchanges))
    return tuple(found[0].tolist()) if found[1, 0] else None


def _distinct(rows: Any) -> Any:
    return rows[: kernel.distinct(rows, len(rows), np.zeros(size_of_table(len(rows)), np.uint32), rows.shape[1])]


def connected(address: str) -> Any:
    """A client of the scheduler at this address; ModelError if there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise ModelError("a cluster needs Dask: pip install -r requirements-cluster.txt") from None
    try:
        return Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ModelError(f"no Dask scheduler answers at {address}: {error}") from None


class ClusterSearch(Traced):
    """The states with the workers of a cluster."""

    def __init__(
        self, code: Native, address: str, question: Question, *, until_all: bool = False, symmetry: Symmetry = NONE
    ) -> None:
        super().__init__(code, symmetry, until_all)
        for claim in question["claims"]:
            claim_named(claim)
        self.address, self.asked = address, json.dumps(question)
        self.run_id = uuid4().hex[:8]
        self.depths: list[list[Any]] = []  # for each depth and shard, the states, as futures
        self.number = 0

    @property
    def states(self) -> int:
        return self.number

    @property
    def memory_bytes(self) -> int:
        """What the states take, wherever they are."""
        return self.number * 8 * self.ground.words

    @property
    def room_for(self) -> int:
        return 1 << 62  # workers say themselves what they can hold

    def too_large(self, what: str) -> str:
        return what

    def run(self, threads: int, stop_at_first: bool, progress: Callable[[Progress], None] | None) -> bool:
        with connected(self.address) as client:
            self.client = client
            try:
                return self._run(stop_at_first, Reporter(progress))
            except KeyboardInterrupt:
                self._collect()
                return False
            finally:
                self.depths.clear()

    def _run(self, stop_at_first: bool, report: Reporter) -> bool:
        start = np.array([self.ground.start], np.uint64)
        home, nothing = kernel.box_of(start, SHARDS), start[:0]
        self._sift([[start if shard == home else nothing] for shard in range(SHARDS)])
        self._collect()
        while (frontier := self.number - sum(self.done)) and not self._enough(stop_at_first):
            depth = len(self.done)
            self.done.append(frontier)
            made = [
                self._submit(expanded, f"expand-{depth}-{s}", self.depths[-1][s], self._closed()) for s in range(SHARDS)
            ]
            pieces = [
                [
                    self.client.submit(_part, one, 0, to, key=f"{self.run_id}-send-{depth}-{s}-{to}")
                    for s, one in enumerate(made)
                ]
                for to in range(SHARDS)
            ]
            tallies = [
                self.client.submit(_part, one, 1, key=f"{self.run_id}-told-{depth}-{s}") for s, one in enumerate(made)
            ]
            self._sift(pieces)
            self._add(self.client.gather(tallies))
            self._collect()
            report(self.number, depth, self.number - sum(self.done))
        return not frontier

    def _sift(self, pieces: list[list[Any]]) -> None:
        depth = len(self.depths)
        seen = [[states[shard] for states in self.depths] for shard in range(SHARDS)]
        made = [self._submit(sifted, f"sift-{depth}-{s}", pieces[s], seen[s], self._closed()) for s in range(SHARDS)]
        self.depths.append(
            [self.client.submit(_part, one, 0, key=f"{self.run_id}-new-{depth}-{s}") for s, one in enumerate(made)]
        )
        told = [self.client.submit(_part, one, 1, key=f"{self.run_id}-said-{depth}-{s}") for s, one in enumerate(made)]
        self._add(self.client.gather(told))

    def _submit(self, task: Callable[..., Any], key: str, *arguments: Any) -> Any:
        return self.client.submit(task, self.asked, *arguments, key=f"{self.run_id}-{key}")

    def _closed(self) -> list[int]:
        """Claims that have their counterexample."""
        return [i for i, c in enumerate(self.ground.claims) if c.claim in self.found]

    def _add(self, tallies: Sequence[Tally]) -> None:
        for shard, tally in enumerate(tallies):
            self.number += tally.states
            self.firings[shard] += tally.firings
            self.totals[shard] += tally.totals
            self.met[shard] |= tally.met
            for claim in np.flatnonzero(tally.violated):
                mine, other = self.witness[shard, claim], tally.witness[claim]
                if not self.violated[shard, claim] or other.tolist() < mine.tolist():
                    self.witness[shard, claim] = other
                self.violated[shard, claim] = True

    def _trail(self, shard: int, row: int, state: State, about: str) -> list[State]:
        """Depth by depth backwards: nothing says where a state came from."""
        trail = [state]
        for depth in reversed(range(len(self.done) - (about == "step"))):
            asked = [
                self._submit(origin, f"from-{depth}-{s}-{uuid4().hex}", self.depths[depth][s], trail[-1])
                for s in range(SHARDS)
            ]
            trail.append(min(found for found in self.client.gather(asked) if found))
        return trail[::-1]


def _part(made: Any, *at: int) -> Any:
    for i in at:
        made = made[i]
    return made
