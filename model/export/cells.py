"""Ground expressions in the words of a language that has a variable for each cell of a relation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model.export.layout import Joined, Text, flat
from model.export.names import Names
from model.expression import Atom, Node
from model.language import Relation, Sort


@dataclass(frozen=True)
class Words:
    """How a language says things; `{}` is where the parts go."""

    false: str
    true: str
    negation: str
    conjunction: str
    disjunction: str
    equality: str
    then: str
    otherwise: str


class Cells:
    """The names of all cells that change, and what is said of them."""

    def __init__(self, words: Words, names: Names, atoms: Iterable[Atom]) -> None:
        self.words, self.names = words, names
        self._cells = {atom: self._name(atom) for atom in atoms}

    def _name(self, atom: Atom) -> str:
        elements = [self.names.element(sort, k) for sort, k in zip(atom.relation.of, atom.at, strict=True)]
        return self.names.of(atom.relation, *elements)

    def cell(self, atom: Atom) -> str:
        return self._cells[atom]

    def constant(self, relation: Relation, k: int) -> str:
        """A value of the relation."""
        if issubclass(relation.gives, Sort):
            return self.names.element(relation.gives, k)
        return self.words.true if k else self.words.false

    def truth(self, node: Node, old: Mapping[Atom, str] | None = None) -> Text:
        """Where `old` has a cell, that is read instead."""
        words, old = self.words, old or {}
        match node.kind, node.parts:
            case "number", (k,):
                return words.true if k else words.false
            case "atom", (atom,):
                return old.get(atom) or self.cell(atom)
            case "equals", (atom, k):
                return words.equality.format(old.get(atom) or self.cell(atom), self.constant(atom.relation, k))
            case "not", (x,):
                inner = self.truth(x, old)
                if isinstance(inner, Joined) and inner.opening == "(":
                    return Joined(inner.word, inner.parts, words.negation + "(")
                return f"{words.negation}{flat(inner)}" if x.kind == "atom" else f"{words.negation}({flat(inner)})"
            case ("and" | "or") as kind, parts:
                word = words.conjunction if kind == "and" else words.disjunction
                return Joined(word, [self.truth(part, old) for part in parts])
            case _, (condition, then, otherwise):
                return self._either(self.truth(condition, old), self.truth(then, old), self.truth(otherwise, old))
        raise AssertionError(node)

    def element(self, node: Node, relation: Relation, old: Mapping[Atom, str] | None = None) -> Text:
        """A value of the relation."""
        old = old or {}
        match node.kind, node.parts:
            case "number", (k,):
                return self.constant(relation, k)
            case "atom", (atom,):
                return old.get(atom) or self.cell(atom)
            case _, (condition, then, otherwise):
                values = self.element(then, relation, old), self.element(otherwise, relation, old)
                return self._either(self.truth(condition, old), *values)
        raise AssertionError(node)

    def value(self, node: Node, relation: Relation, old: Mapping[Atom, str] | None = None) -> Text:
        return self.element(node, relation, old) if issubclass(relation.gives, Sort) else self.truth(node, old)

    def _either(self, condition: Text, then: Text, otherwise: Text) -> Text:
        words = self.words
        return f"({flat(condition)}{words.then}{flat(then)}{words.otherwise}{flat(otherwise)})"
