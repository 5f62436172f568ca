"""One function of LLVM over packed states: conditions, values and updates, written from ground expressions.

A literal is a few bits with a given value, so literals of one word are tested together, under one mask.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce

from model.expression import Atom, Node
from model.ground import Ground, Place
from model.language import Sort

ALL_BITS = (1 << 64) - 1
Literal = tuple[Atom, int]


class Function:
    """The body of one LLVM function, instruction by instruction."""

    def __init__(self, ground: Ground, signature: str, *states: str) -> None:
        self._layout, self._signature = ground.layout, signature
        self._lines: list[str] = []
        self._done: dict[tuple[Node, bool], str] = {}
        self._names = iter(range(10**9))
        self._words = {}
        for after, state in enumerate(states):
            for word in range(ground.words):
                self._words[bool(after), word] = self.loaded(state, word)

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

    def loaded(self, pointer: str, word: int) -> str:
        return self.op(f"load i64, ptr {self.op(f'getelementptr i64, ptr {pointer}, i64 {word}')}")

    def increment(self, pointer: str) -> None:
        number = self.op(f"load i64, ptr {pointer}")
        self.line(f"store i64 {self.op(f'add i64 {number}, 1')}, ptr {pointer}")

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
            self.op(f"icmp eq i64 {self.op(f'and i64 {self.word(word, after)}, {signed(mask)}')}, {signed(value)}")
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
            words[word] = self.op(f"and i64 {words[word]}, {signed(~mask & ALL_BITS)}")
            for bits in [*moving[word], signed(fixed[word])]:
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


def signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word
