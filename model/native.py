"""A ground system as machine code, by way of LLVM: successors of a packed state, and whether claims hold.

A literal is a few bits with a given value, so literals of one word are tested together, under one mask. Actions
share tests: what most of them need is tested first, and all of them are passed over where it fails.
"""

from __future__ import annotations

import ctypes
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import llvmlite.binding as llvm

from model.expression import Atom, Node
from model.ground import Ground, GroundAction, Place
from model.language import Sort

OPTIMIZATION = 1
ALL_BITS = (1 << 64) - 1
Literal = tuple[Atom, int]


@dataclass(frozen=True)
class Native:
    """Machine code of a ground system, as addresses of C functions.

    `successors(state, rows) -> number` writes a row for each action that is possible: the words of the state that
    follows, the number of the action in `ground.actions`, and 1 if all claims about steps hold of it, else 0.
    `rows` has room for one row an action. The others are `f(before, after) -> 0 or 1`, and look at `after` only for
    claims about steps. `holds` and `premises` are in the order of `ground.claims`; `all_hold` is about all states.
    """

    ground: Ground
    engine: Any  # owns the code
    successors: int
    all_hold: int
    holds: list[int]
    premises: list[int]

    def follow(self, state: Sequence[int]) -> list[tuple[GroundAction, tuple[int, ...]]]:
        """Every action that is possible in a packed state, and the packed state that follows."""
        words, width = self.ground.words, self.ground.words + 2
        rows = (ctypes.c_uint64 * (width * len(self.ground.actions)))()
        function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(self.successors)
        count = function((ctypes.c_uint64 * words)(*state), rows)
        each = (rows[i * width : (i + 1) * width] for i in range(count))
        return [(self.ground.actions[number], tuple(after)) for *after, number, _ in each]


def native(ground: Ground) -> Native:
    """Compiles a ground system for this machine."""
    states = [f"holds_{i}" for i, c in enumerate(ground.claims) if c.claim.about == "state"]
    source = [_successors(ground), _every("all_hold", states)]
    for i, claim in enumerate(ground.claims):
        source += [_truth(ground, f"holds_{i}", claim.holds), _truth(ground, f"premise_{i}", claim.premise)]
    engine = _compiled("\n".join(source))
    address, claims = engine.get_function_address, range(len(ground.claims))
    return Native(
        ground,
        engine,
        address("successors"),
        address("all_hold"),
        [address(f"holds_{i}") for i in claims],
        [address(f"premise_{i}") for i in claims],
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


class _Function:
    """The body of one LLVM function, instruction by instruction."""

    def __init__(self, ground: Ground, signature: str, *states: str) -> None:
        self._layout, self._signature = ground.layout, signature
        self._lines: list[str] = []
        self._done: dict[tuple[Node, bool], str] = {}
        self._names = iter(range(10**9))
        self._words = {}
        for after, state in enumerate(states):
            for word in range(ground.words):
                place = self.op(f"getelementptr i64, ptr {state}, i64 {word}")
                self._words[bool(after), word] = self.op(f"load i64, ptr {place}")

    def __str__(self) -> str:
        return "\n".join([f"define {self._signature} {{", *self._lines, "}"])

    def line(self, text: str) -> None:
        self._lines.append(f"  {text}")

    def op(self, text: str) -> str:
        name = f"%v{next(self._names)}"
        self.line(f"{name} = {text}")
        return name

    def word(self, word: int, after: bool = False) -> str:
        return self._words[after, word]

    @contextmanager
    def where(self, condition: str) -> Iterator[None]:
        """What is written inside is done only where the condition holds."""
        n, known = next(self._names), dict(self._done)
        self.line(f"br i1 {condition}, label %then{n}, label %end{n}")
        self._lines.append(f"then{n}:")
        yield
        self.line(f"br label %end{n}")
        self._lines.append(f"end{n}:")
        self._done = known  # what was worked out inside may not have been

    def truth(self, node: Node) -> str:
        """An i1."""
        return self._value(node, boolean=True)

    def element(self, node: Node) -> str:
        """An i64."""
        return self._value(node, boolean=False)

    def _value(self, node: Node, boolean: bool) -> str:
        key = node, boolean
        if key not in self._done:
            self._done[key] = self._truth(node) if boolean else self._element(node)
        return self._done[key]

    def _truth(self, node: Node) -> str:
        match node.kind, node.parts:
            case "number", (k,):
                return "true" if k else "false"
            case "not", (Node(kind="atom"),):
                return self.all([node])
            case "not", (x,):
                return self.op(f"xor i1 {self.truth(x)}, true")
            case (("atom" | "equals"), _):
                return self.all([node])
            case "and", parts:
                return self.all(parts)
            case "or", parts:
                others = [self.truth(x) for x in parts if not _bit(x)]
                none = self._literals([(bit[0], 1 - bit[1]) for bit in map(_bit, parts) if bit])
                return self._chain("or", [self.op(f"xor i1 {x}, true") for x in none] + others)
            case _, (condition, then, otherwise):
                test = self.truth(condition)
                return self.op(f"select i1 {test}, i1 {self.truth(then)}, i1 {self.truth(otherwise)}")
        raise AssertionError(node)

    def _element(self, node: Node) -> str:
        match node.kind, node.parts:
            case "number", (k,):
                return str(k)
            case "atom", (atom,):
                word, shift, width = self._place(atom)
                moved = self.op(f"lshr i64 {self.word(word, atom.after)}, {shift}")
                return self.op(f"and i64 {moved}, {(1 << width) - 1}")
            case _, (condition, then, otherwise):
                test = self.truth(condition)
                return self.op(f"select i1 {test}, i64 {self.element(then)}, i64 {self.element(otherwise)}")
        raise AssertionError(node)

    def all(self, nodes: Iterable[Node]) -> str:
        """An i1: all of them hold."""
        literals, others = [], []
        for node in nodes:
            literal = _literal(node)
            if literal:
                literals.append(literal)
            else:
                others.append(node)
        return self._chain("and", self._literals(literals) + [self.truth(x) for x in others])

    def _literals(self, literals: Sequence[Literal]) -> list[str]:
        masks: dict[tuple[bool, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for atom, k in literals:
            word, shift, width = self._place(atom)
            mask, value = masks[atom.after, word]
            masks[atom.after, word] = mask | (1 << width) - 1 << shift, value | k << shift
        return [
            self.op(f"icmp eq i64 {self.op(f'and i64 {self.word(word, after)}, {_signed(mask)}')}, {_signed(value)}")
            for (after, word), (mask, value) in masks.items()
        ]

    def _chain(self, operation: str, values: Sequence[str]) -> str:
        return reduce(lambda x, y: self.op(f"{operation} i1 {x}, {y}"), values)

    def _place(self, atom: Atom) -> Place:
        return self._layout[atom._replace(after=False)]

    def updated(self, updates: dict[Atom, Node]) -> list[str]:
        """The words of the state after these updates."""
        words = [self.word(i) for i in range(len(self._words))]
        masks, fixed, moving = Counter[int](), Counter[int](), defaultdict(list)
        for atom, node in updates.items():
            word, shift, width = self._place(atom)
            masks[word] += (1 << width) - 1 << shift
            if node.kind == "number":
                fixed[word] += node.parts[0] << shift
            else:
                element = node.kind == "atom" or issubclass(atom.relation.gives, Sort)
                value = self.element(node) if element else self.op(f"zext i1 {self.truth(node)} to i64")
                moving[word].append(self.op(f"shl i64 {value}, {shift}"))
        for word, mask in masks.items():
            words[word] = self.op(f"and i64 {words[word]}, {_signed(~mask & ALL_BITS)}")
            for bits in [*moving[word], _signed(fixed[word])]:
                words[word] = self.op(f"or i64 {words[word]}, {bits}")
        return words


def _literal(node: Node) -> Literal | None:
    """The value that one atom must have, if that is all the expression says."""
    if node.kind == "equals":
        return node.parts[0], node.parts[1]
    return _bit(node)


def _bit(node: Node) -> Literal | None:
    if node.kind == "atom":
        return node.parts[0], 1
    if node.kind == "not" and node.parts[0].kind == "atom":
        return node.parts[0].parts[0], 0
    return None


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def _truth(ground: Ground, name: str, node: Node) -> str:
    function = _Function(ground, f"i64 @{name}(ptr %before, ptr %after)", "%before", "%after")
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


def _successors(ground: Ground) -> str:
    function = _Function(ground, "i64 @successors(ptr %state, ptr noalias %rows)", "%state")
    function.line("%count = alloca i64")
    function.line("store i64 0, ptr %count")
    needs = {
        number: frozenset(action.condition.parts if action.condition.kind == "and" else [action.condition])
        for number, action in enumerate(ground.actions)
    }
    _branches(function, ground, needs)
    function.line(f"ret i64 {function.op('load i64, ptr %count')}")
    return str(function)


def _branches(function: _Function, ground: Ground, needs: dict[int, frozenset[Node]]) -> None:
    """Rows for these actions, given what each of them still needs."""
    while needs:
        shared = Counter(node for conditions in needs.values() for node in conditions)
        common = max(shared, key=lambda node: (shared[node], -node.serial), default=None)
        if common is None or shared[common] == 1:
            break
        inside = {number: conditions for number, conditions in needs.items() if common in conditions}
        needs = {number: conditions for number, conditions in needs.items() if common not in conditions}
        together = frozenset.intersection(*inside.values())
        with function.where(function.all(sorted(together, key=lambda node: node.serial))):
            _branches(function, ground, {number: conditions - together for number, conditions in inside.items()})
    for number, conditions in needs.items():
        with function.where(function.all(sorted(conditions, key=lambda node: node.serial)) if conditions else "true"):
            _row(function, ground, number)


def _row(function: _Function, ground: Ground, number: int) -> None:
    action = ground.actions[number]
    lawful = function.op(f"zext i1 {function.truth(action.lawful)} to i64")
    words = [*function.updated(action.updates), str(number), lawful]
    count = function.op("load i64, ptr %count")
    start = function.op(f"mul i64 {count}, {len(words)}")
    row = function.op(f"getelementptr i64, ptr %rows, i64 {start}")
    for i, word in enumerate(words):
        function.line(f"store i64 {word}, ptr {function.op(f'getelementptr i64, ptr {row}, i64 {i}')}")
    function.line(f"store i64 {function.op(f'add i64 {count}, 1')}, ptr %count")
