"""Breadth-first search whose states are on disk: what was seen is compared with what is new a depth at a time.

States are dealt to buckets by their hash, a file each, in the order of their depths. Successors gather in memory,
one of each; when there is no more room, or the depth is done, every bucket is read once past the successors that
belong there, and what is left of them is new: written at the end of the file. So memory bounds how many successors
are looked at together, never how many states there are, and nothing is read out of order. A second file says how each
state was reached, for moves to sleep (`properties.exploration.sleep`).

After that the folder holds a whole number of steps of this kind. `checkpoint.json` says how far it is, and is
written every now and then; what files hold beyond it is cut off when a search is resumed.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from model.language import ModelError
from model.native import Native
from model.simulate import Move
from model.symmetry import NONE, Symmetry
from properties.exploration import kernel
from properties.exploration.kernel import SHARDS
from properties.exploration.search import Progress, Reporter, ScopeTooLarge, State, Traced, too_large

BUCKETS = 256
BLOCK = 1 << 15  # states that are read at a time
SHARE = 0.7  # of the memory, for successors
CHECKPOINT = 10.0  # seconds between two of them, at least
FILE, FORMAT = "checkpoint.json", 2
STATES, ARRIVALS = "states", "arrivals"
ANEW = "begin the search anew in another folder"

Question = dict[str, Any]
"""What is explored, as JSON: a search is resumed for the same question only."""


def quote(folder: Path) -> str:
    """The folder as a word of a command line."""
    return shlex.quote(str(folder))


def question_in(folder: Path) -> Question:
    """What the search in this folder is about. ModelError if there is none."""
    return dict(_checkpoint(folder)["question"])


def ready(folder: Path, question: Question, resume: bool) -> None:
    """ModelError unless a search about this can be resumed there, or begin there."""
    if not resume and (folder / FILE).exists():
        raise ModelError(f"{folder} holds a search already; go on with it by --resume {quote(folder)}, or name another")
    if resume and question_in(folder) != json.loads(json.dumps(question)):
        raise ModelError(f"the search in {folder} is about something else; a search is resumed as it began")


def _checkpoint(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder} holds no search to resume; begin one with --disk {quote(folder)}") from None
    except ValueError:
        raise ModelError(f"{folder / FILE} is damaged; {ANEW}") from None
    if not isinstance(found, dict) or found.get("pentad") != FORMAT or len(found.get("counts", ())) != BUCKETS:
        raise ModelError(f"{folder / FILE} was written by another version; {ANEW}")
    return found


class DiskSearch(Traced):
    """The states in a folder."""

    def __init__(
        self,
        code: Native,
        memory_bytes: int,
        folder: Path,
        question: Question,
        *,
        resume: bool = False,
        until_all: bool = False,
        symmetry: Symmetry = NONE,
        threads: int = 2,
    ) -> None:
        super().__init__(code, symmetry, until_all)
        self.folder, self.question, self.lanes = folder, question, min(threads, SHARDS)
        self.sizes = {STATES: 8 * self.ground.words, ARRIVALS: 2}  # bytes for each state, by file
        columns, actions = self.ground.words + 1, len(self.ground.actions)
        room = int(SHARE * memory_bytes) // (self.lanes * BUCKETS * columns * 8)
        self.boxes = np.empty((self.lanes, BUCKETS, max(room, 2 * actions), columns), np.uint64)
        self.filled = np.zeros((self.lanes, BUCKETS), np.int64)
        self.counts = np.zeros(BUCKETS, np.int64)
        self.expanded = np.zeros(BUCKETS, np.int64)
        self.ends: list[Any] = []  # for each depth, how many states the buckets have at its end
        self.written = time.monotonic()
        if resume:
            self._resume()
        else:
            folder.mkdir(parents=True, exist_ok=True)
            for bucket, kind in product(range(BUCKETS), self.sizes):
                self._path(bucket, kind).write_bytes(b"")

    @property
    def states(self) -> int:
        return int(self.counts.sum())

    @property
    def memory_bytes(self) -> int:
        """What successors take, and one bucket of them for each thread again, with its table."""
        room = self.boxes.shape[2] * self.lanes
        return self.boxes.nbytes + self.lanes * (self.boxes.nbytes // BUCKETS + 4 * size_of_table(room))

    def run(self, threads: int, stop_at_first: bool, progress: Callable[[Progress], None] | None) -> bool:
        try:
            with ThreadPoolExecutor(self.lanes) as pool:
                return self._run(pool, stop_at_first, Reporter(progress, self.states))
        except KeyboardInterrupt:
            self._collect()
            return False

    def _run(self, pool: ThreadPoolExecutor, stop_at_first: bool, report: Reporter) -> bool:
        if not self.states:
            self._begin(self.boxes, self.filled, self.ground.words)
            self._keep(pool)
            self._collect()
            self._save()  # so that there is something to resume, however soon it is interrupted
        while True:
            if not self.ends or (self.expanded == self.ends[-1]).all():
                frontier = self.states - sum(self.done)
                if not frontier or self._enough(stop_at_first):
                    self._save()
                    return not frontier
                self.done.append(frontier)
                self.ends.append(self.counts.copy())
            while (self.expanded < self.ends[-1]).any():
                list(pool.map(self._expand, range(self.lanes)))
                self._keep(pool)
                if time.monotonic() - self.written >= CHECKPOINT:
                    self._save()
                report(self.states, len(self.done) - 1, int((self.counts - self.expanded).sum()))
            self._collect()

    def _expand(self, lane: int) -> None:
        """Successors of the states of this depth in every so many buckets, as far as there is room."""
        for bucket in range(lane, BUCKETS, self.lanes):
            while self.expanded[bucket] < self.ends[-1][bucket]:
                end = min(self.expanded[bucket] + BLOCK, self.ends[-1][bucket])
                states = self._read(bucket, int(self.expanded[bucket]), int(end))
                before = int(self.expanded[bucket]) * self.sizes[ARRIVALS]
                arrivals = np.fromfile(self._path(bucket, ARRIVALS), np.uint16, len(states), offset=before)
                at = 0
                while at < len(states):
                    part = slice(at, len(states))
                    boxes, filled, sleep = self.boxes[lane], self.filled[lane], (arrivals, self.awake)
                    came = self._follow(lane, states, part, boxes, filled, sleep, self.ground.words)
                    self.expanded[bucket] += came - at
                    at = came
                    if at < len(states) and not self._packed(lane):
                        return

    def _packed(self, lane: int) -> bool:
        """Whether half of each box is free when one of each state is kept."""
        table = np.empty(size_of_table(int(self.filled[lane].max())), np.uint32)
        for bucket in range(BUCKETS):
            filled = self.filled[lane, bucket]
            here = table[: size_of_table(int(filled))]
            here[:] = 0
            self.filled[lane, bucket] = kernel.distinct(self.boxes[lane, bucket], filled, here, self.ground.words)
        actions = self.successors.shape[1]
        return bool(2 * max(self.filled[lane].max(), actions) <= self.boxes.shape[2])

    def _keep(self, pool: ThreadPoolExecutor) -> None:
        """What is new among the successors, at the end of the files."""
        most = int(self.filled.sum()) * self.state_bytes
        free = shutil.disk_usage(self.folder).free
        if most > free and self._really(most) > free:
            what = f"{self.states:,} states so far, at depth {len(self.done) - 1}"
            raise ScopeTooLarge(f"{self.too_large(what)}; it goes on with --resume {quote(self.folder)}")
        list(pool.map(self._keep_some, range(self.lanes)))
        self.filled[:] = 0

    def _really(self, most: int) -> int:
        """The same without what is there twice."""
        for lane in range(self.lanes):
            self._packed(lane)
        return min(most, int(self.filled.sum()) * self.state_bytes)

    @property
    def room_for(self) -> int:
        return self.states + shutil.disk_usage(self.folder).free // self.state_bytes

    @property
    def state_bytes(self) -> int:
        return sum(self.sizes.values())

    def too_large(self, what: str) -> str:
        held = self.states * self.state_bytes + shutil.disk_usage(self.folder).free
        return too_large(self.ground.scope, held, what, f" in {self.folder}", "make room there")

    def _keep_some(self, lane: int) -> None:
        words = self.ground.words
        most = int(self.filled.sum(axis=0).max())
        fresh, struck = np.empty((most, words + 1), np.uint64), np.empty(most, np.bool_)
        table = np.empty(size_of_table(most), np.uint32)
        for bucket in range(lane, BUCKETS, self.lanes):
            count = 0
            for boxes, filled in zip(self.boxes, self.filled[:, bucket], strict=True):
                fresh[count : count + filled] = boxes[bucket, :filled]
                count += filled
            if not count:
                continue
            here = table[: size_of_table(int(count))]
            here[:], struck[:count] = 0, False
            count = kernel.distinct(fresh, count, here, words)
            for seen in self._blocks(bucket, 0, int(self.counts[bucket])):
                kernel.strike(fresh, here, struck, seen)
            count = kernel.keep(fresh, count, struck, self._checks("state", lane))
            self._append(bucket, STATES, np.ascontiguousarray(fresh[:count, :words]))
            self._append(bucket, ARRIVALS, (fresh[:count, words] >> np.uint64(32)).astype(np.uint16))
            self.counts[bucket] += count

    def _append(self, bucket: int, kind: str, rows: Any) -> None:
        with self._path(bucket, kind).open("r+b") as file:
            file.seek(int(self.counts[bucket]) * self.sizes[kind])
            rows.tofile(file)

    def _path(self, bucket: int, kind: str = STATES) -> Path:
        return self.folder / f"{bucket:03x}.{kind}"

    def _read(self, bucket: int, start: int, end: int) -> Any:
        words = self.ground.words
        read = np.fromfile(self._path(bucket), np.uint64, (end - start) * words, offset=start * words * 8)
        return read.reshape(-1, words)

    def _blocks(self, bucket: int, start: int, end: int) -> Iterator[Any]:
        for at in range(start, end, BLOCK):
            yield self._read(bucket, at, min(at + BLOCK, end))

    def _trail(self, shard: int, row: int, state: State, about: str) -> list[State]:
        """Depth by depth backwards: no file says where a state came from."""
        trail = [state]
        for depth in reversed(range(len(self.done) - (about == "step"))):
            found = np.zeros((2, self.ground.words), np.uint64)
            target = np.array([trail[-1]], np.uint64)
            for states in self._depth(depth):
                kernel.before(self.code.successors, states, self.successors[0], target, found, self.quotients[0])
            trail.append(tuple(found[0].tolist()))
        return trail[::-1]

    def _depth(self, depth: int) -> Iterator[Any]:
        starts = self.ends[depth - 1] if depth else np.zeros(BUCKETS, np.int64)
        for bucket in range(BUCKETS):
            yield from self._blocks(bucket, int(starts[bucket]), int(self.ends[depth][bucket]))

    def _save(self) -> None:
        """Everything that a search needs to go on from here; the files first."""
        for bucket, kind in product(range(BUCKETS), self.sizes):
            with self._path(bucket, kind).open("r+b") as file:
                os.fsync(file.fileno())
        found = [[c.name, [[m.action.name, list(m.args)] for m in moves]] for c, moves in self.found.items()]
        numbers = {name: getattr(self, name).tolist() for name in _NUMBERS}
        checkpoint = {
            "pentad": FORMAT,
            "question": self.question,
            "words": self.ground.words,
            "done": self.done,
            "ends": [ends.tolist() for ends in self.ends],
            "found": found,
            **numbers,
        }
        new = self.folder / f"{FILE}.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.folder / FILE)
        self.written = time.monotonic()

    def _resume(self) -> None:
        saved = _checkpoint(self.folder)
        if saved["words"] != self.ground.words:
            raise ModelError(f"{self.folder / FILE} was written by another version; {ANEW}")
        self.done, self.ends = saved["done"], [np.array(ends, np.int64) for ends in saved["ends"]]
        for name in _NUMBERS:
            kept = getattr(self, name)
            kept[:] = np.array(saved[name], kept.dtype).reshape(kept.shape)
        claims = {c.claim.name: c.claim for c in self.ground.claims}
        actions = self.ground.system.action
        for name, moves in saved["found"]:
            self.found[claims[name]] = [Move(actions(action), tuple(args)) for action, args in moves]
        for bucket, count in enumerate(self.counts.tolist()):
            for kind, each in self.sizes.items():
                path, size = self._path(bucket, kind), count * each
                if not path.exists() or path.stat().st_size < size:
                    raise ModelError(f"{path} lacks states; {ANEW}")
                os.truncate(path, size)


_NUMBERS = ("counts", "expanded", "firings", "totals", "met", "violated", "witness")


def size_of_table(rows: int) -> int:
    """Of a table for so many rows: a power of two, at least half of it free."""
    return 1 << max(4, (2 * rows - 1).bit_length())
