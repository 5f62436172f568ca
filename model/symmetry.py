"""Which elements of a scope are interchangeable: exchanges of elements that change nothing.

The frozen relations say which elements might be exchanged, and what has to go along: a companion's key index with
the companion. Whether they may is tried on the ground system itself: an exchange counts only if it takes every action
to an action, and every claim and the first state to themselves. So nothing rests on how a model is written: a
constant in it, or an order in which places are taken, shows there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import factorial, prod
from typing import Any, NamedTuple

import z3

from model.expression import Algebra, Atom, Node
from model.ground import Ground, GroundAction
from model.language import Relation, Sort
from model.scope import Scope

TRIES = 1_000  # to complete an exchange of two elements
SOLVER_MILLISECONDS = 5_000


class Element(NamedTuple):
    """One element of a scope. (A truth too, where it is the value of a cell: that never moves.)"""

    sort: type[Any]
    number: int


Exchange = Mapping[Element, Element]
"""Where elements go, in pairs; those that stay are left out."""
Cell = tuple[Relation, tuple[Element, ...]]


@dataclass(frozen=True)
class Class:
    """Elements that may be exchanged at will, each with what goes along.

    `blocks` are these bundles, in the same order of sorts; `swaps[i]` exchanges `blocks[i]` and `blocks[i + 1]`.
    """

    blocks: tuple[tuple[Element, ...], ...]
    swaps: tuple[Exchange, ...]

    @property
    def order(self) -> int:
        return factorial(len(self.blocks))


@dataclass(frozen=True)
class Symmetry:
    """Classes that are independent of each other; none if nothing can be exchanged."""

    classes: tuple[Class, ...]

    @property
    def order(self) -> int:
        """How many ways there are to exchange elements, staying where one is included."""
        return prod(c.order for c in self.classes)

    def described(self, scope: Scope) -> str:
        """`alice.web = alice.desktop = alice.tablet, message 1 = message 2`"""
        firsts = [[block[0] for block in c.blocks] for c in self.classes]
        return ", ".join(" = ".join(scope.names[e.sort][e.number] for e in elements) for elements in firsts)


NONE = Symmetry(())


def symmetry(ground: Ground) -> Symmetry:
    """What may be exchanged in this system, with these claims."""
    candidates, keeps = _Candidates(ground.scope), _Certificate(ground)
    classes: list[Class] = []
    used: set[Element] = set()
    for start in candidates.elements:
        chain, swaps = [start], list[Exchange]()
        for other in candidates.elements[candidates.elements.index(start) + 1 :]:
            swap = candidates.exchange(chain[-1], other)
            if swap and not swap.keys() & used and _of_a_row([*swaps, swap]) and keeps(swap):
                chain.append(other)
                swaps.append(swap)
        if swaps:
            used.update(*swaps)
            classes.append(Class(_blocks(chain[0], swaps), tuple(swaps)))
    return Symmetry(tuple(classes))


def moved(exchange: Exchange, element: Element) -> Element:
    return exchange.get(element, element)


def image(exchange: Exchange, atom: Atom) -> Atom:
    """The cell that takes the place of this one."""
    at = (moved(exchange, Element(*pair)).number for pair in zip(atom.relation.of, atom.at, strict=True))
    return atom._replace(at=tuple(at))


def value(exchange: Exchange, atom: Atom, k: int) -> int:
    """What a value of this cell becomes."""
    gives = atom.relation.gives
    return moved(exchange, Element(gives, k)).number if issubclass(gives, Sort) else k


def _then(first: Exchange, second: Exchange) -> Exchange:
    both = {element: moved(second, moved(first, element)) for element in first.keys() | second.keys()}
    return {element: other for element, other in both.items() if element != other}


def _of_a_row(swaps: Sequence[Exchange]) -> bool:
    """Exchanges of neighbours in a row, which make just the orders of that row (Coxeter's relations)."""
    once = {(i, j): _then(swaps[i], swaps[j]) for i, j in combinations(range(len(swaps)), 2)}
    return all(not reduce(_then, [both] * (3 if j == i + 1 else 2)) for (i, j), both in once.items())


def _blocks(first: Element, swaps: Sequence[Exchange]) -> tuple[tuple[Element, ...], ...]:
    """What is exchanged as one: the first element and what goes along with it, then its images."""
    if len(swaps) > 1:
        along = swaps[0].keys() - swaps[1].keys()
    else:
        along = {min(pair, key=lambda element: element.number) for pair in swaps[0].items()}
    rest = sorted(along - {first}, key=lambda element: (element.sort.__name__, element.number))
    blocks = [(first, *rest)]
    for swap in swaps:
        blocks.append(tuple(moved(swap, element) for element in blocks[-1]))
    return tuple(blocks)


class _Candidates:
    """Exchanges that keep all frozen relations, as few elements moved as can be."""

    def __init__(self, scope: Scope) -> None:
        sorts = [sort for sort in scope.names if not sort.fixed_size]
        self.elements = [Element(sort, i) for sort in sorts for i in range(scope.sizes[sort])]
        self._cells = {
            (relation, tuple(map(Element, relation.of, at))): Element(relation.gives, k)
            for relation, cells in scope.frozen.items()
            for at, k in cells.items()
        }
        self._near: dict[Element, list[Cell]] = {element: [] for element in self.elements}
        for cell, given in self._cells.items():
            for element in {*cell[1], given} & self._near.keys():
                self._near[element].append(cell)
        self._colours = self._coloured()

    def exchange(self, one: Element, other: Element) -> Exchange | None:
        """An exchange of these two, with whatever has to go along; None if none was found."""
        return self._completed({one: other, other: one}, iter(range(TRIES))) if self._alike(one, other) else None

    def _alike(self, one: Element, other: Element) -> bool:
        return one != other and one.sort is other.sort and self._colours[one] == self._colours[other]

    def _completed(self, exchange: dict[Element, Element], tries: Iterator[int]) -> Exchange | None:
        torn = next(filter(None, (self._torn(exchange, cell) for e in exchange for cell in self._near[e])), None)
        if torn is None:
            return exchange
        for element in torn - exchange.keys():
            for other in self.elements:
                if other not in exchange and self._alike(element, other) and next(tries, None) is not None:
                    found = self._completed({**exchange, element: other, other: element}, tries)
                    if found:
                        return found
        return None

    def _torn(self, exchange: Exchange, cell: Cell) -> dict[Element, None] | None:
        """What this cell is about, if the exchange does not keep it."""
        relation, at = cell
        given = self._cells[cell]
        there = self._cells[relation, tuple(moved(exchange, element) for element in at)]
        about = dict.fromkeys(element for element in (*at, given) if element in self._near)
        return about if there != moved(exchange, given) else None

    def _coloured(self) -> dict[Element, int]:
        """Elements of different colours cannot be exchanged: their neighbours differ, or the neighbours of those."""
        colours = dict.fromkeys(self.elements, 0)
        while True:
            seen = {e: (e.sort.__name__, colours[e], self._surroundings(e, colours)) for e in self.elements}
            numbers = {look: i for i, look in enumerate(sorted(set(seen.values())))}
            finer = {element: numbers[look] for element, look in seen.items()}
            if len(numbers) == len(set(colours.values())):
                return finer
            colours = finer

    def _surroundings(self, element: Element, colours: Mapping[Element, int]) -> tuple[tuple[object, ...], ...]:
        def look(cell: Cell) -> tuple[object, ...]:
            relation, at = cell
            row = (*at, self._cells[cell])
            return (relation.name, *(-1 if e == element else colours.get(e, -2 - e.number) for e in row))

        return tuple(sorted(map(look, self._near[element])))


class _Certificate:
    """Whether an exchange takes a ground system to itself."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._algebra = Algebra(ground.domains)
        self._actions = {(action.action, action.arguments): action for action in ground.actions}

    def __call__(self, exchange: Exchange) -> bool:
        def same(one: Node, other: Node) -> bool:
            return self._same(self._truth(exchange, one), self._truth({}, other))

        return (
            all(self._keeps_cell(exchange, atom) for atom in self._ground.domains)
            and all(self._keeps_action(exchange, action) for action in self._ground.actions)
            and all(same(c.holds, c.holds) and same(c.premise, c.premise) for c in self._ground.claims)
        )

    def _keeps_cell(self, exchange: Exchange, atom: Atom) -> bool:
        other, domain, first = image(exchange, atom), self._ground.domains[atom], self._ground.first
        alike = self._ground.domains[other] == {value(exchange, atom, k) for k in domain}
        return alike and first[other] == value(exchange, atom, first[atom])

    def _keeps_action(self, exchange: Exchange, action: GroundAction) -> bool:
        sorts = action.action.parameters.values()
        arguments = tuple(moved(exchange, Element(*pair)).number for pair in zip(sorts, action.arguments, strict=True))
        other = self._actions.get((action.action, arguments))
        if other is None or {image(exchange, atom) for atom in action.updates} != other.updates.keys():
            return False
        return (
            self._same(self._truth(exchange, action.condition), self._truth({}, other.condition))
            and self._same(self._truth(exchange, action.lawful), self._truth({}, other.lawful))
            and all(self._keeps_value(exchange, atom, node, other) for atom, node in action.updates.items())
        )

    def _keeps_value(self, exchange: Exchange, atom: Atom, node: Node, other: GroundAction) -> bool:
        there = other.updates[image(exchange, atom)]
        if not issubclass(atom.relation.gives, Sort):
            return self._same(self._truth(exchange, node), self._truth({}, there))
        here = self._element(exchange, atom.relation.gives, node)
        there = self._element({}, atom.relation.gives, there)
        equals = self._algebra.equals
        values = self._algebra.values(here) | self._algebra.values(there)
        return here is there or all(self._same(equals(here, k), equals(there, k)) for k in values)

    def _truth(self, exchange: Exchange, node: Node) -> Node:
        """The expression after the exchange, simplified again."""
        algebra = self._algebra
        match node.kind, node.parts:
            case "number", (k,):
                return algebra.number(k)
            case "atom", (atom,):
                return algebra.atom(image(exchange, atom))
            case "equals", (atom, k):
                return algebra.equals(algebra.atom(image(exchange, atom)), value(exchange, atom, k))
            case "not", (x,):
                return algebra.negate(self._truth(exchange, x))
            case "and", parts:
                return algebra.all(self._truth(exchange, x) for x in parts)
            case "or", parts:
                return algebra.any(self._truth(exchange, x) for x in parts)
            case _, (condition, then, otherwise):
                return algebra.either(*(self._truth(exchange, x) for x in (condition, then, otherwise)))
        raise AssertionError(node)

    def _element(self, exchange: Exchange, sort: type[Sort], node: Node) -> Node:
        match node.kind, node.parts:
            case "number", (k,):
                return self._algebra.number(moved(exchange, Element(sort, k)).number)
            case "atom", (atom,):
                return self._algebra.atom(image(exchange, atom))
            case _, (condition, then, otherwise):
                here, there = (self._element(exchange, sort, x) for x in (then, otherwise))
                return self._algebra.choice(self._truth(exchange, condition), here, there)
        raise AssertionError(node)

    def _same(self, one: Node, other: Node) -> bool:
        """The two say the same, in the same words or (a solver knows) in others."""
        if one is other:
            return True
        ones, others = (dict.fromkeys(x.parts if x.kind == "and" else (x,)) for x in (one, other))
        solver = z3.Solver()
        solver.set(timeout=SOLVER_MILLISECONDS)
        words = _Words(self._algebra)
        both = [words.of(x) for x in ones if x in others]
        left, right = (z3.And(*[words.of(x) for x in xs if x not in ys]) for xs, ys in ((ones, others), (others, ones)))
        solver.add(*words.bounds.values(), *both, left != right)
        return bool(solver.check() == z3.unsat)


class _Words:
    """Ground expressions for a solver."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self.bounds: dict[Atom, z3.BoolRef] = {}

    def of(self, node: Node) -> z3.BoolRef:
        match node.kind, node.parts:
            case "number", (k,):
                return z3.BoolVal(bool(k))
            case "atom", (atom,):
                return z3.Bool(str(atom))
            case "equals", (atom, k):
                cell = z3.Int(str(atom))
                self.bounds[atom] = z3.Or(*[cell == v for v in self._algebra.domain(atom)])
                return cell == k
            case "not", (x,):
                return z3.Not(self.of(x))
            case "and", parts:
                return z3.And(*map(self.of, parts))
            case "or", parts:
                return z3.Or(*map(self.of, parts))
            case _, (condition, then, otherwise):
                return z3.If(self.of(condition), self.of(then), self.of(otherwise))
        raise AssertionError(node)
