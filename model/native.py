"""A ground system as machine code, by way of LLVM: successors of a packed state, and whether claims hold.

Actions share tests: what most of them need is tested first, and all of them are passed over where it fails.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite.binding as llvm

from model.assembly import Function, signed
from model.expression import Node
from model.ground import Ground, GroundAction
from model.quotient import quotient
from model.symmetry import NONE, Symmetry

OPTIMIZATION = 1
BITS = 64


@dataclass(frozen=True)
class Native:
    """Machine code of a ground system, as addresses of C functions.

    `successors(state, rows) -> number` writes a row for each action that is possible: the words of the state that
    follows, the number of the action in `ground.actions`, and 1 if all claims about steps hold of it, else 0.
    `rows` has room for one row an action. `followed(state, rows, awake, fired)` writes those of actions that are awake
    (a bit each, 64 a word) or break a claim, adds one to `fired` for each that is possible, and returns the number of
    rows, with bit 32 set if anything is possible. The others are `f(before, after) -> 0 or 1`, and look at `after` only
    for claims about steps. `holds` and `premises` are in the order of `ground.claims`; `all_hold` is about all states.
    `sort` and `swaps` are those of `model.quotient`, if something may be exchanged. For each goal there are two: where
    it holds, and `successors` by moves that count alone.
    """

    ground: Ground
    engine: Any  # owns the code
    successors: int
    followed: int
    all_hold: int
    holds: list[int]
    premises: list[int]
    sort: int = 0
    swaps: tuple[int, ...] = ()
    goals: tuple[tuple[int, int], ...] = ()

    def follow(self, state: Sequence[int]) -> list[tuple[GroundAction, tuple[int, ...]]]:
        """Every action that is possible in a packed state, and the packed state that follows."""
        words, width = self.ground.words, self.ground.words + 2
        rows = (ctypes.c_uint64 * (width * len(self.ground.actions)))()
        function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(self.successors)
        count = function((ctypes.c_uint64 * words)(*state), rows)
        each = (rows[i * width : (i + 1) * width] for i in range(count))
        return [(self.ground.actions[number], tuple(after)) for *after, number, _ in each]

    def truth(self, address: int) -> Callable[[Sequence[int], Sequence[int]], bool]:
        """One of `holds` or `premises` as a function of the packed states before and after."""
        function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(address)
        state = ctypes.c_uint64 * self.ground.words
        return lambda before, after: bool(function(state(*before), state(*after)))


def native(ground: Ground, symmetry: Symmetry = NONE) -> Native:
    """Compiles a ground system for this machine, and what puts interchangeable elements in order."""
    states = [f"holds_{i}" for i, c in enumerate(ground.claims) if c.claim.about == "state"]
    conditions = {number: action.condition for number, action in enumerate(ground.actions)}
    source = [
        _followed(ground, "followed", conditions),
        _successors(ground, "successors", "followed"),
        _every("all_hold", states),
    ]
    for i, claim in enumerate(ground.claims):
        source += [_truth(ground, f"holds_{i}", claim.holds), _truth(ground, f"premise_{i}", claim.premise)]
    for i, goal in enumerate(ground.goals):
        source += [
            _truth(ground, f"goal_{i}", goal.holds),
            _followed(ground, f"followed_{i}", goal.moves),
            _successors(ground, f"counted_{i}", f"followed_{i}"),
        ]
    swaps = [f"swap_{i}" for i in range(sum(len(c.swaps) for c in symmetry.classes))]
    if swaps:
        source += quotient(ground, symmetry)
    engine = _compiled("\n".join(source))
    address, claims = engine.get_function_address, range(len(ground.claims))
    return Native(
        ground,
        engine,
        address("successors"),
        address("followed"),
        address("all_hold"),
        [address(f"holds_{i}") for i in claims],
        [address(f"premise_{i}") for i in claims],
        address("sort") if swaps else 0,
        tuple(map(address, swaps)),
        tuple((address(f"goal_{i}"), address(f"counted_{i}")) for i in range(len(ground.goals))),
    )


def _compiled(source: str) -> Any:
    target = _target()
    module = llvm.parse_assembly(source)
    module.verify()
    passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=OPTIMIZATION))
    passes.getModulePassManager().run(module, passes)
    engine = llvm.create_mcjit_compiler(module, target)
    engine.finalize_object()
    return engine


@cache
def _initialized() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _target() -> Any:
    _initialized()
    return llvm.Target.from_default_triple().create_target_machine(
        opt=OPTIMIZATION, cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten()
    )


def _truth(ground: Ground, name: str, node: Node) -> str:
    function = Function(ground, f"i64 @{name}(ptr %before, ptr %after)", "%before", "%after")
    function.line(f"ret i64 {function.op(f'zext i1 {function.truth(node)} to i64')}")
    return str(function)


def _every(name: str, functions: Iterable[str]) -> str:
    lines = [f"define i64 @{name}(ptr %before, ptr %after) {{"]
    for i, function in enumerate(functions):
        lines += [
            f"  %v{i} = call i64 @{function}(ptr %before, ptr %after)",
            f"  %t{i} = trunc i64 %v{i} to i1",
            f"  br i1 %t{i}, label %next{i}, label %fails{i}",
            f"fails{i}:",
            "  ret i64 0",
            f"next{i}:",
        ]
    return "\n".join([*lines, "  ret i64 1", "}"])


def _followed(ground: Ground, name: str, conditions: Mapping[int, Node]) -> str:
    """Rows of actions that are awake; their number, and bit 32 if any action is possible."""
    function = Function(
        ground, f"i64 @{name}(ptr %state, ptr noalias %rows, ptr noalias %awake, ptr noalias %fired)", "%state"
    )
    for told in ("%count", "%any"):
        function.line(f"{told} = alloca i64")
        function.line(f"store i64 0, ptr {told}")
    masks = [function.loaded("%awake", word) for word in range(masks_of(ground))]

    def row(number: int) -> None:
        word, bit = divmod(number, BITS)
        function.line(f"store i64 {1 << 32}, ptr %any")
        function.increment(function.op(f"getelementptr i64, ptr %fired, i64 {number}"))
        awake = function.op(f"icmp ne i64 {function.op(f'and i64 {masks[word]}, {signed(1 << bit)}')}, 0")
        breaks = function.op(f"xor i1 {function.truth(ground.actions[number].lawful)}, true")
        with function.where(function.op(f"or i1 {awake}, {breaks}")):
            _row(function, ground, number)

    needs = {
        number: frozenset(condition.parts if condition.kind == "and" else [condition])
        for number, condition in conditions.items()
    }
    _branches(function, needs, row)
    count, any = (function.op(f"load i64, ptr {told}") for told in ("%count", "%any"))
    function.line(f"ret i64 {function.op(f'or i64 {count}, {any}')}")
    return str(function)


def _successors(ground: Ground, name: str, followed: str) -> str:
    """Rows of all actions that are possible; their number."""
    actions, words = len(ground.actions), masks_of(ground)
    lines = [
        f"define i64 @{name}(ptr %state, ptr noalias %rows) {{",
        f"  %awake = alloca [{words} x i64]",
        f"  %fired = alloca [{actions} x i64]",
        f"  store [{words} x i64] [{', '.join(['i64 -1'] * words)}], ptr %awake",
        f"  %told = call i64 @{followed}(ptr %state, ptr %rows, ptr %awake, ptr %fired)",
        "  %count = and i64 %told, 4294967295",
        "  ret i64 %count",
        "}",
    ]
    return "\n".join(lines)


def masks_of(ground: Ground) -> int:
    """How many words have a bit for each action."""
    return -(-len(ground.actions) // BITS)


def _branches(function: Function, needs: dict[int, frozenset[Node]], row: Callable[[int], None]) -> None:
    """A row for each of these actions, given what it still needs."""
    while needs:
        shared = Counter(node for conditions in needs.values() for node in conditions)
        common = max(shared, key=lambda node: (shared[node], -node.serial), default=None)
        if common is None or shared[common] == 1:
            break
        inside = {number: conditions for number, conditions in needs.items() if common in conditions}
        needs = {number: conditions for number, conditions in needs.items() if common not in conditions}
        together = frozenset.intersection(*inside.values())
        with function.where(function.all(sorted(together, key=lambda node: node.serial))):
            _branches(function, {number: conditions - together for number, conditions in inside.items()}, row)
    for number, conditions in needs.items():
        with function.where(function.all(sorted(conditions, key=lambda node: node.serial)) if conditions else "true"):
            row(number)


def _row(function: Function, ground: Ground, number: int) -> None:
    action = ground.actions[number]
    lawful = function.op(f"zext i1 {function.truth(action.lawful)} to i64")
    words = [*function.updated(action.updates), str(number), lawful]
    count = function.op("load i64, ptr %count")
    start = function.op(f"mul i64 {count}, {len(words)}")
    row = function.op(f"getelementptr i64, ptr %rows, i64 {start}")
    for i, word in enumerate(words):
        function.line(f"store i64 {word}, ptr {function.op(f'getelementptr i64, ptr {row}, i64 {i}')}")
    function.increment("%count")
