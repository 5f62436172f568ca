"""Ground expressions: what is left of a formula once every element has a name.

Numbers stand for elements, 0 and 1 for false and true. Nodes are hash-consed, so equal is identical, and simplified
as they are built, knowing which values each atom can take. An element-valued expression is a number, an atom or a
choice; everything else is true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from model.language import Relation


class Atom(NamedTuple):
    """One cell of a relation, before the step or `after` it."""

    relation: Relation
    at: tuple[int, ...]
    after: bool = False

    def __str__(self) -> str:
        return f"{self.relation}{'.after' if self.after else ''}({', '.join(map(str, self.at))})"


class Node:
    """An expression. `kind` and `parts` are one of

    number k · atom a · equals a k (an element) · not x · and x.. · or x.. · either c x y · choice c x y (elements)
    """

    __slots__ = ("kind", "parts", "serial")

    def __init__(self, kind: str, parts: tuple[Any, ...], serial: int) -> None:
        self.kind, self.parts, self.serial = kind, parts, serial

    def is_number(self, k: int) -> bool:
        """Whether it is this one whatever the state; of truths 1 is true and 0 false."""
        return self.kind == "number" and self.parts == (k,)

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(map(str, self.parts))})"


class Algebra:
    """Builds nodes. `domains` gives the values that an atom can take; both booleans if it is not listed."""

    def __init__(self, domains: Mapping[Atom, frozenset[int]]) -> None:
        self.domains = domains
        self._nodes: dict[tuple[str, tuple[Any, ...]], Node] = {}
        self._atoms: dict[Node, frozenset[Atom]] = {}
        self.false, self.true = self.number(0), self.number(1)

    def _node(self, kind: str, *parts: Any) -> Node:
        found = self._nodes.get((kind, parts))
        if found is None:
            found = self._nodes[kind, parts] = Node(kind, parts, len(self._nodes))
        return found

    def number(self, k: int) -> Node:
        return self._node("number", k)

    def domain(self, atom: Atom) -> frozenset[int]:
        return self.domains[atom._replace(after=False) if atom.after else atom]

    def atom(self, atom: Atom) -> Node:
        domain = self.domain(atom)
        return self.number(min(domain)) if len(domain) == 1 else self._node("atom", atom)

    def values(self, node: Node) -> frozenset[int]:
        """Every value that the expression might take."""
        if node.kind == "number":
            return frozenset(node.parts)
        if node.kind == "atom":
            return self.domain(node.parts[0])
        if node.kind == "choice":
            return self.values(node.parts[1]) | self.values(node.parts[2])
        return BOTH

    def negate(self, x: Node) -> Node:
        if x.kind == "number":
            return self.false if x.parts[0] else self.true
        return x.parts[0] if x.kind == "not" else self._node("not", x)

    def all(self, nodes: Iterable[Node]) -> Node:
        return self._gather("and", self.true, self.false, nodes)

    def any(self, nodes: Iterable[Node]) -> Node:
        return self._gather("or", self.false, self.true, nodes)

    def _gather(self, kind: str, neutral: Node, absorbing: Node, nodes: Iterable[Node]) -> Node:
        parts: dict[Node, None] = {}
        for node in nodes:
            if node is absorbing:
                return absorbing
            parts.update(dict.fromkeys(node.parts if node.kind == kind else (node,)))
        parts.pop(neutral, None)
        if any(x.kind == "not" and x.parts[0] in parts for x in parts):
            return absorbing
        if kind == "and" and self._two_values(parts):
            return absorbing
        if len(parts) <= 1:
            return next(iter(parts), neutral)
        return self._node(kind, *sorted(parts, key=_serial))

    def _two_values(self, parts: Iterable[Node]) -> bool:
        """Some atom would have to have two values at once."""
        equal = [x.parts[0] for x in parts if x.kind == "equals"]
        return len(equal) > len(set(equal))

    def choice(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """`then` where the condition holds, else `otherwise`: two elements."""
        return self._pick("choice", condition, then, otherwise)

    def either(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """`then` where the condition holds, else `otherwise`: two truths."""
        if then is self.true:
            return self.any((condition, otherwise))
        if otherwise is self.false:
            return self.all((condition, then))
        if then is self.false or otherwise is self.true:
            return self.negate(self.either(condition, self.negate(then), self.negate(otherwise)))
        return self._pick("either", condition, then, otherwise)

    def _pick(self, kind: str, condition: Node, then: Node, otherwise: Node) -> Node:
        if condition.kind == "number":
            return then if condition.parts[0] else otherwise
        if then is otherwise:
            return then
        if condition.kind == "not":
            condition, then, otherwise = condition.parts[0], otherwise, then
        return self._node(kind, condition, then, otherwise)

    def same(self, x: Node, y: Node) -> Node:
        """Two elements are one."""
        if x.kind == "number":
            x, y = y, x
        if y.kind == "number":
            return self.equals(x, y.parts[0])
        if x is y:
            return self.true
        shared = self.values(x) & self.values(y)
        return self.any(self.all((self.equals(x, k), self.equals(y, k))) for k in sorted(shared))

    def equals(self, x: Node, k: int) -> Node:
        """The element is number `k`."""
        if x.kind == "number":
            return self.true if x.parts[0] == k else self.false
        if x.kind == "choice":
            condition, then, otherwise = x.parts
            return self.either(condition, self.equals(then, k), self.equals(otherwise, k))
        return self._node("equals", x.parts[0], k) if k in self.domain(x.parts[0]) else self.false

    def replaced(self, node: Node, cells: Mapping[Atom, Node]) -> Node:
        """The expression with these atoms replaced by other expressions, and simplified again."""
        build: dict[str, Callable[..., Node]] = {
            "atom": lambda atom: cells.get(atom) or self.atom(atom),
            "equals": lambda atom, k: self.equals(cells.get(atom) or self.atom(atom), k),
            "not": self.negate,
            "and": lambda *parts: self.all(parts),
            "or": lambda *parts: self.any(parts),
            "choice": self.choice,
            "either": self.either,
            "number": self.number,
        }
        done: dict[Node, Node] = {}

        def visit(node: Node) -> Node:
            if node not in done:
                parts = (visit(part) if isinstance(part, Node) else part for part in node.parts)
                done[node] = build[node.kind](*parts)
            return done[node]

        return visit(node)

    def atoms(self, node: Node) -> frozenset[Atom]:
        """Every atom that the expression reads."""
        if node not in self._atoms:
            inside = (self.atoms(part) for part in node.parts if isinstance(part, Node))
            own = (part for part in node.parts if isinstance(part, Atom))
            self._atoms[node] = frozenset(own).union(*inside)
        return self._atoms[node]


def _serial(node: Node) -> int:
    return node.serial


BOTH = frozenset({0, 1})


def value(node: Node, values: Mapping[Atom, int]) -> int:
    """The value of the expression where the atoms have these values."""
    match node.kind, node.parts:
        case "number", (k,):
            return int(k)
        case "atom", (atom,):
            return values[atom]
        case "equals", (atom, k):
            return int(values[atom] == k)
        case "not", (x,):
            return 1 - value(x, values)
        case "and", parts:
            return int(all(value(x, values) for x in parts))
        case "or", parts:
            return int(any(value(x, values) for x in parts))
        case _, (condition, then, otherwise):
            return value(then if value(condition, values) else otherwise, values)
    raise ValueError(node)
