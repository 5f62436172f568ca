"""The inner loops of the explorer: expand states, keep what is new.

States are rows of 64-bit words, dealt to shards by their hash. A shard has its states in the order of discovery,
each with a parent (shard and row), and a table of row numbers by hash; only its own thread touches it. `expand`
puts successors into boxes, one for each pair of shards, and `insert` empties them in a fixed order, so the result
does not depend on how many threads there are.

What a state costs is waiting for memory, twice: for its entry in the table and for the row that this names. So
`insert` works on a batch at a time and asks for both ahead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

SHARD_BITS = 3
SHARDS = 1 << SHARD_BITS
BATCH = 64
RECENT = 1 << 11
ONE = np.uint64(1)

Array = Any  # a numpy array: numba ships no types


def _call(typing_context: Any, function: Any, before: Any, after: Any) -> Any:
    """The C function at this address, given two pointers; all are plain numbers, so that kernels can be cached."""
    return types.int64(*[types.int64] * 3), _generate_call


def _call_with_four(typing_context: Any, function: Any, state: Any, rows: Any, awake: Any, fired: Any) -> Any:
    return types.int64(*[types.int64] * 5), _generate_call


def _generate_call(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    word, pointer = ir.IntType(64), ir.IntType(8).as_pointer()
    pointers = [builder.inttoptr(a, pointer) for a in arguments[1:]]
    function = builder.inttoptr(arguments[0], ir.FunctionType(word, [pointer] * len(pointers)).as_pointer())
    return builder.call(function, pointers)


def _prefetch(typing_context: Any, address: Any) -> Any:
    """Asks for a line of memory, to be read soon."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
        builder.call(hint, [builder.inttoptr(arguments[0], pointer), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(types.int64), generate


call: Any = intrinsic(_call)
call_with_four: Any = intrinsic(_call_with_four)
prefetch: Any = intrinsic(_prefetch)


@njit(nogil=True, cache=True, inline="always")
def _hash(rows: Array, i: int, words: int) -> Any:
    h = np.uint64(0x9E3779B97F4A7C15)
    for w in range(words):
        h = (h ^ rows[i, w]) * np.uint64(0xFF51AFD7ED558CCD)
        h ^= h >> np.uint64(32)
    return h * np.uint64(0xC4CEB9FE1A85EC53)


@njit(nogil=True, cache=True, inline="always")
def _bits(number: int) -> int:
    """Of a power of two."""
    bits = 0
    while number > 1:
        number >>= 1
        bits += 1
    return bits


@njit(nogil=True, cache=True)
def box_of(states: Array, boxes: int) -> Any:
    """In which of so many boxes the first of these states belongs."""
    return _hash(states, 0, states.shape[1]) >> np.uint64(64 - _bits(boxes))


@njit(nogil=True, cache=True, inline="always")
def _mark(h: Any, mask: Any) -> Any:
    """The part of a hash that an entry keeps where the number of a row leaves room: it spares most comparisons."""
    return (h >> np.uint64(24)) & np.uint64(0xFFFFFFFF) & ~mask


@njit(nogil=True, cache=True, inline="always")
def _same(rows: Array, i: int, others: Array, j: int, words: int) -> bool:
    for w in range(words):  # noqa: SIM110
        if rows[i, w] != others[j, w]:
            return False
    return True


class Checks(NamedTuple):
    """Claims of one kind, for one shard.

    `claims` numbers those that are open and could fail, `unmet` those whose premise may not have been met yet; `holds`
    and `premises` have the address of each. `all_hold` is that of the function that tests all about states at once (0:
    it tests more than those that are open). `reached[c]` becomes true when a premise is met, `violated[c]` with a
    violation. `witness[c]` is then the smallest: the states before and after (the same if the claim is about one), and
    the row of the first.
    """

    claims: Array
    unmet: Array
    all_hold: int
    holds: Array
    premises: Array
    reached: Array
    violated: Array
    witness: Array


@njit(nogil=True, cache=True, inline="always")
def _meet(checks: Checks, before: int, after: int) -> None:
    """Marks the premises that are met by the states at these addresses."""
    for c in checks.unmet:
        if not checks.reached[c] and call(checks.premises[c], before, after):
            checks.reached[c] = True


@njit(nogil=True, cache=True)
def _blame(checks: Checks, befores: Array, i: int, afters: Array, j: int) -> None:
    """Notes which of the claims fail between `befores[i]` and `afters[j]`: the same if they speak of one state."""
    words = checks.witness.shape[1] // 2
    before, after = befores.ctypes.data + i * befores.shape[1] * 8, afters.ctypes.data + j * afters.shape[1] * 8
    for c in checks.claims:
        if call(checks.holds[c], before, after):
            continue
        witness = checks.witness[c]
        if checks.violated[c] and not _less(befores, i, afters, j, witness):
            continue
        for w in range(words):
            witness[w], witness[words + w] = befores[i, w], afters[j, w]
        witness[2 * words] = i
        checks.violated[c] = True


@njit(nogil=True, cache=True, inline="always")
def try_on(checks: Checks, states: Array, i: int) -> None:
    """Tries claims about states in this one."""
    state = states.ctypes.data + i * states.shape[1] * 8
    _meet(checks, state, state)
    if checks.claims.size and not (checks.all_hold and call(checks.all_hold, state, state)):
        _blame(checks, states, i, states, i)


@njit(nogil=True, cache=True)
def _less(befores: Array, i: int, afters: Array, j: int, witness: Array) -> bool:
    words = witness.size // 2
    for w in range(words):
        if befores[i, w] != witness[w]:
            return bool(befores[i, w] < witness[w])
    for w in range(words):
        if afters[j, w] != witness[words + w]:
            return bool(afters[j, w] < witness[words + w])
    return False


class Quotient(NamedTuple):
    """How to find the smallest of all states that differ in interchangeable elements alone.

    `sort` and `swaps` are functions of `model.quotient` (no `sort`: nothing is interchangeable). After `sort` the
    `ties` that it gives say what may still be exchanged: trying `walks[starts[ties]:starts[ties + 1]]`, one swap
    after the other, goes through all of it, and `weights[ties]` counts what need not be tried. `order` is the number
    of ways to exchange elements; `scratch` has room for two states.
    """

    sort: int
    swaps: Array
    walks: Array
    starts: Array
    weights: Array
    order: int
    scratch: Array


@njit(nogil=True, cache=True, inline="always")
def _order(rows: Array, r: int, other: Array, words: int) -> int:
    """Whether the state `rows[r]` is smaller than another (-1), the same (0) or larger (1)."""
    for w in range(words):
        if rows[r, w] != other[w]:
            return -1 if rows[r, w] < other[w] else 1
    return 0


@njit(nogil=True, cache=True)
def smallest(quotient: Quotient, rows: Array, r: int, words: int) -> Any:
    """Puts the smallest of its kind in the place of `rows[r]`; returns how many exchanges leave that as it is."""
    state = rows.ctypes.data + r * rows.shape[1] * 8
    ties = call(quotient.sort, state, state)
    best = quotient.scratch[0]
    same = 1
    start, end = quotient.starts[ties], quotient.starts[ties + 1]
    if start < end:
        for w in range(words):
            best[w] = rows[r, w]
        for step in range(start, end):
            call(quotient.swaps[quotient.walks[step]], state, state)
            order = _order(rows, r, best, words)
            same += order == 0
            if order < 0:
                same = 1
                for w in range(words):
                    best[w] = rows[r, w]
        for w in range(words):
            rows[r, w] = best[w]
    return same * quotient.weights[ties]


@njit(nogil=True, cache=True)
def alike(quotient: Quotient, states: Array, i: int) -> Any:
    """How many states differ from this one, a smallest of its kind, in interchangeable elements alone; it is one."""
    words = states.shape[1]
    copy = quotient.scratch[1:]
    for w in range(words):
        copy[0, w] = states[i, w]
    return quotient.order // smallest(quotient, copy, 0, words)


@njit(nogil=True, cache=True)
def expand(
    followed: int,
    states: Array,
    start: int,
    end: int,
    rows: Array,
    boxes: Array,
    filled: Array,
    recent: Array,
    fired: Array,
    checks: Checks,
    quotient: Quotient,
    totals: Array,
    arrivals: Array,
    awake: Array,
    deciding: int,
) -> int:
    """Puts the successors of `states[start:end]` into boxes as long as there is room; returns how far it came.

    The hash of the `deciding` first words says into which. A row of a box is a state and, where there is a column for
    it, the number of its parent and, from bit 32 up, how it was reached. `recent` remembers the last successors by
    hash, to leave out what was put just before. `totals` counts states without successor, if elements are
    interchangeable the states and moves that those expanded stand for, and moves that were followed. `arrivals` say how
    these states were reached, and `awake` which moves are to be followed then (`properties.exploration.sleep`; in its
    last row, and if there are no arrivals, all are); the others are counted and checked all the same.
    """
    words = states.shape[1]
    shift = np.uint64(64 - _bits(boxes.shape[0]))
    state, row_address = states.ctypes.data + start * words * 8, rows.ctypes.data
    meeting = checks.unmet.size > 0
    parented = boxes.shape[2] > words
    sleepy = arrivals.size > 0
    all_awake = awake.shape[0] - 1
    actions = np.uint64(rows.shape[0])
    i = start
    while i < end:
        fullest = 0
        for box in range(boxes.shape[0]):
            fullest = max(fullest, filled[box])
        stop = min(end, i + (boxes.shape[1] - fullest) // max(1, rows.shape[0]))
        if stop == i:
            break
        while i < stop:
            came_by = np.int64(arrivals[i]) if sleepy else all_awake
            asked_for = all_awake if meeting or quotient.sort else came_by
            masks = awake.ctypes.data + asked_for * awake.shape[1] * 8
            told = call_with_four(followed, state, row_address, masks, fired.ctypes.data)
            count = told & 0xFFFFFFFF
            totals[0] += told == 0
            if quotient.sort:
                stands_for = alike(quotient, states, i)
                totals[1] += stands_for
                totals[2] += stands_for * count
            for r in range(count):
                if meeting:
                    _meet(checks, state, row_address + r * rows.shape[1] * 8)
                if not rows[r, words + 1]:
                    _blame(checks, states, i, rows, r)
                came = rows[r, words]
                if not awake[came_by, came >> np.uint64(6)] >> (came & np.uint64(63)) & ONE:
                    continue
                totals[3] += 1
                h = _hash(rows, r, words)
                slot = h & np.uint64(RECENT - 1)
                moves = differs = np.uint64(0)
                if quotient.sort:
                    for w in range(words):
                        word = rows[r, w]
                        moves |= word ^ states[i, w]
                        differs |= word ^ recent[slot, w]
                        recent[slot, w] = word
                    if moves == 0 or differs == 0:
                        continue
                    smallest(quotient, rows, r, words)
                    if _order(rows, r, recent[slot], words):
                        came += actions
                        h, differs = _hash(rows, r, words), np.uint64(0)
                        slot = h & np.uint64(RECENT - 1)
                box = (h if deciding == words else _hash(rows, r, deciding)) >> shift
                k = filled[box]
                for w in range(words):
                    word = rows[r, w]
                    moves |= word ^ states[i, w]
                    differs |= word ^ recent[slot, w]
                    recent[slot, w] = boxes[box, k, w] = word
                if parented:
                    boxes[box, k, words] = np.uint64(i) | came << np.uint64(32)
                filled[box] = k + ((moves != 0) & (differs != 0))  # no branch, as nothing could predict it
            state += words * 8
            i += 1
    return i


@njit(nogil=True, cache=True)
def insert(
    states: Array,
    parents: Array,
    arrivals: Array,
    count: int,
    table: Array,
    boxes: Array,
    filled: Array,
    checks: Checks,
    grown: Array,
) -> int:
    """Keeps the states in `boxes[origin]` that are new; returns how many states the shard has then.

    `grown` counts them by how they were reached.
    """
    words = states.shape[1]
    mask = np.uint64(table.size - 1)
    hashes = np.empty(BATCH, np.uint64)
    state_address, table_address = states.ctypes.data, table.ctypes.data
    asked = checks.claims.size > 0 or checks.unmet.size > 0
    for origin in range(SHARDS):
        rows = boxes[origin]
        for base in range(0, filled[origin], BATCH):
            batch = min(BATCH, filled[origin] - base)
            for b in range(batch):
                hashes[b] = _hash(rows, base + b, words)
                prefetch(table_address + np.int64(hashes[b] & mask) * 4)
            for b in range(batch):
                known = table[hashes[b] & mask] & mask
                prefetch(state_address + (np.int64(known) - 1) * words * 8)
            for b in range(batch):
                slot, mark = hashes[b] & mask, _mark(hashes[b], mask)
                while table[slot]:
                    if table[slot] & ~mask == mark and _same(rows, base + b, states, (table[slot] & mask) - ONE, words):
                        break
                    slot = (slot + ONE) & mask
                if not table[slot]:
                    for w in range(words):
                        states[count, w] = rows[base + b, w]
                    came = rows[base + b, words]
                    parents[count] = (came & np.uint64(0xFFFFFFFF)) * SHARDS + origin
                    arrivals[count] = came >> np.uint64(32)
                    grown[came >> np.uint64(32)] += 1
                    if asked:
                        try_on(checks, states, count)
                    count += 1
                    table[slot] = mark | np.uint64(count)
    return count


@njit(nogil=True, cache=True)
def index(states: Array, count: int, table: Array) -> None:
    """Fills an empty table."""
    words = states.shape[1]
    mask = np.uint64(table.size - 1)
    hashes = np.empty(BATCH, np.uint64)
    table_address = table.ctypes.data
    for base in range(0, count, BATCH):
        batch = min(BATCH, count - base)
        for b in range(batch):
            hashes[b] = _hash(states, base + b, words)
            prefetch(table_address + np.int64(hashes[b] & mask) * 4)
        for b in range(batch):
            slot = hashes[b] & mask
            while table[slot]:
                slot = (slot + ONE) & mask
            table[slot] = _mark(hashes[b], mask) | np.uint64(base + b + 1)


@njit(nogil=True, cache=True, inline="always")
def _slot(table: Array, rows: Array, others: Array, j: int, words: int) -> Any:
    """Where a table of `rows` has the state `others[j]`, or has room for it."""
    mask = np.uint64(table.size - 1)
    h = _hash(others, j, words)
    slot, mark = h & mask, _mark(h, mask)
    while table[slot]:
        if table[slot] & ~mask == mark and _same(rows, (table[slot] & mask) - ONE, others, j, words):
            break
        slot = (slot + ONE) & mask
    return slot


@njit(nogil=True, cache=True, inline="always")
def number_of(shards: Array, tables: Array, firsts: Array, rows: Array, r: int, words: int) -> Any:
    """The number of the state `rows[r]`, that some shard has: `firsts` says where each begins to count."""
    shard = _hash(rows, r, words) >> np.uint64(64 - SHARD_BITS)
    table = tables[shard]
    slot = _slot(table, shards[shard], rows, r, words)
    return firsts[shard] + np.int64(table[slot] & np.uint64(table.size - 1)) - 1


@njit(nogil=True, cache=True)
def distinct(rows: Array, count: int, table: Array, words: int) -> int:
    """Keeps one of each state among the first rows, in the order of their first coming; fills an empty table.

    A row is a state of so many words, and what comes along with it.
    """
    mask = np.uint64(table.size - 1)
    kept = 0
    for i in range(count):
        slot = _slot(table, rows, rows, i, words)
        if not table[slot]:
            for w in range(rows.shape[1]):
                rows[kept, w] = rows[i, w]
            kept += 1
            table[slot] = _mark(_hash(rows, kept - 1, words), mask) | np.uint64(kept)
    return kept


@njit(nogil=True, cache=True)
def strike(rows: Array, table: Array, struck: Array, seen: Array) -> None:
    """Marks which of the rows in the table were seen before."""
    words = seen.shape[1]
    mask = np.uint64(table.size - 1)
    for i in range(seen.shape[0]):
        slot = _slot(table, rows, seen, i, words)
        if table[slot]:
            struck[(table[slot] & mask) - ONE] = True


@njit(nogil=True, cache=True)
def keep(rows: Array, count: int, struck: Array, checks: Checks) -> int:
    """Keeps what was not struck out, and tries the claims there; returns how many rows are left."""
    kept = 0
    for i in range(count):
        if struck[i]:
            continue
        for w in range(rows.shape[1]):
            rows[kept, w] = rows[i, w]
        try_on(checks, rows, kept)
        kept += 1
    return kept


@njit(nogil=True, cache=True)
def before(successors: int, states: Array, rows: Array, target: Array, found: Array, quotient: Quotient) -> bool:
    """Whether one of the states leads to the target (to its like, with a quotient); the smallest that does, in `found`.

    Something found before is in `found[0]` if `found[1, 0]` says so.
    """
    words = states.shape[1]
    state, row_address = states.ctypes.data, rows.ctypes.data
    for i in range(states.shape[0]):
        for r in range(call(successors, state, row_address)):
            if quotient.sort:
                smallest(quotient, rows, r, words)
            if _same(rows, r, target, 0, words) and (not found[1, 0] or _order(states, i, found[0], words) < 0):
                for w in range(words):
                    found[0, w] = states[i, w]
                found[1, 0] = 1
        state += words * 8
    return bool(found[1, 0])


@njit(nogil=True, cache=True)
def walk(successors: int, start: Array, rows: Array, ends: Array, seed: Any, steps: int, quotient: Quotient) -> None:
    """Where walks at random end, each after so many steps to twice as many, or where nothing can happen."""
    words = start.shape[1]
    state = np.empty((1, words), np.uint64)
    x = seed * np.uint64(0x9E3779B97F4A7C15) | ONE
    for i in range(ends.shape[0]):
        for w in range(words):
            state[0, w] = start[0, w]
        x = _next(x)
        for _ in range(steps + np.int64((x >> np.uint64(11)) % np.uint64(steps))):
            count = call(successors, state.ctypes.data, rows.ctypes.data)
            if count == 0:
                break
            x = _next(x)
            r = (x >> np.uint64(11)) % np.uint64(count)
            for w in range(words):
                state[0, w] = rows[r, w]
        if quotient.sort:
            smallest(quotient, state, 0, words)
        for w in range(words):
            ends[i, w] = state[0, w]


@njit(nogil=True, cache=True, inline="always")
def _next(x: Any) -> Any:
    """The next of a row of numbers that look random (Marsaglia's xorshift)."""
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    return x ^ (x << np.uint64(17))


@njit(nogil=True, cache=True, inline="always")
def _anew(bits: Array, states: Array, i: int, quotient: Quotient) -> bool:
    """Marks the bit of a state; whether it was clear. With a quotient it is that of the smallest of its kind."""
    words = quotient.scratch.shape[1]
    copy = quotient.scratch[1:]
    for w in range(words):
        copy[0, w] = states[i, w]
    if quotient.sort:
        smallest(quotient, copy, 0, words)
    bit = _hash(copy, 0, words) & np.uint64(bits.size * 64 - 1)
    word, mask = bit >> np.uint64(6), ONE << (bit & np.uint64(63))
    clear = bits[word] & mask == 0
    bits[word] |= mask
    return bool(clear)


@njit(nogil=True, cache=True)
def dive(
    successors: int,
    rows: Array,
    bits: Array,
    trail: Array,
    stack: Array,
    walked: int,
    room: int,
    seed: Any,
    fired: Array,
    on_states: Checks,
    on_steps: Checks,
    quotient: Quotient,
) -> tuple[int, int]:
    """Walks at random from `trail[0]`, then goes deep among what has no bit yet, until so many states are new.

    `trail` keeps the way. Returns the number of new states, and, where a claim is violated, at which place of the
    trail the violating state stands (that before a violating step), else -1.
    """
    words = trail.shape[1]
    x = seed * np.uint64(0x9E3779B97F4A7C15) | ONE
    new = 0
    depth: Any = 0
    for _ in range(walked):
        count = call(successors, trail.ctypes.data + depth * words * 8, rows.ctypes.data)
        if count == 0:
            break
        x = _next(x)
        r = (x >> np.uint64(11)) % np.uint64(count)
        depth += 1
        for w in range(words):
            trail[depth, w] = rows[r, w]
    new += _anew(bits, trail, depth, quotient)
    try_on(on_states, trail, depth)
    if on_states.violated.any():
        return new, depth
    top = 1
    for w in range(words):
        stack[0, w] = trail[depth, w]
    stack[0, words] = depth
    while top and new < room:
        top -= 1
        depth = np.int64(stack[top, words])
        for w in range(words):
            trail[depth, w] = stack[top, w]
        state = trail.ctypes.data + depth * words * 8
        count = call(successors, state, rows.ctypes.data)
        x = _next(x)
        turn = np.int64((x >> np.uint64(11)) % np.uint64(max(count, 1)))
        for step in range(count):
            r = (step + turn) % count
            fired[rows[r, words]] += 1
            for w in range(words):
                trail[depth + 1, w] = rows[r, w]
            _meet(on_steps, state, state + words * 8)
            if not rows[r, words + 1]:
                _blame(on_steps, trail, depth, trail, depth + 1)
                if on_steps.violated.any():
                    return new, depth
            if not _anew(bits, trail, depth + 1, quotient):
                continue
            new += 1
            try_on(on_states, trail, depth + 1)
            if on_states.violated.any():
                return new, depth + 1
            if top < stack.shape[0] and depth + 2 < trail.shape[0]:
                for w in range(words):
                    stack[top, w] = rows[r, w]
                stack[top, words] = depth + 1
                top += 1
    return new, -1
