"""Formulas as SMT-LIB 2.6, for any solver to read: names kept, one named assertion each.

This prints by itself, and not with z3's printer: that writes conjunctions of nothing and other things of its own, and
a second opinion should not come through the hands of the first.

Source: Barrett, Fontaine, Tinelli, "The SMT-LIB Standard: Version 2.6" (2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import z3

from model.language import Formula

Text = str | list["Text"]  # an S-expression
WIDTH = 110
SIMPLE = re.compile(r"[A-Za-z~!@$%^&*_+=<>.?/-][0-9A-Za-z~!@$%^&*_+=<>.?/-]*")
CONNECTIVES = {
    z3.Z3_OP_TRUE: "true",
    z3.Z3_OP_FALSE: "false",
    z3.Z3_OP_NOT: "not",
    z3.Z3_OP_IMPLIES: "=>",
    z3.Z3_OP_EQ: "=",
    z3.Z3_OP_IFF: "=",
    z3.Z3_OP_XOR: "xor",
    z3.Z3_OP_DISTINCT: "distinct",
    z3.Z3_OP_ITE: "ite",
}
NEUTRAL = {z3.Z3_OP_AND: ("and", "true"), z3.Z3_OP_OR: ("or", "false")}


def script(formulas: Mapping[str, Formula], title: Iterable[str] = (), status: str = "unsat") -> str:
    """A script that asks whether the formulas, by name, hold together; `status` is what we believe.

    Elements that were made for the occasion (`phone!12`) are called by their first name, numbered if it is taken.
    """
    names = _Names(formulas.values())
    lines = [f"; {line}" for line in title]
    lines += ["(set-logic ALL)", f"(set-info :status {status})", *names.declarations()]
    taken = set(names.called.values())
    for name, formula in formulas.items():
        name = _numbered(name, taken)
        taken.add(name)
        lines += ["", "(assert (!", *_laid_out(names.text(formula), 2), f"  :named {_symbol(name)}))"]
    return "\n".join([*lines, "", "(check-sat)", ""])


class _Names:
    """What the formulas speak of, and how each is called."""

    def __init__(self, formulas: Iterable[Formula]) -> None:
        self.sorts: dict[str, Formula] = {}
        self.functions: dict[str, Formula] = {}  # by the name that z3 has for it
        for expression in _everything(formulas):
            self._see(expression)
        self.called: dict[str, str] = {}
        for name in self.functions:
            self.called[name] = _numbered(name, self.called.values())

    def _see(self, expression: Formula) -> None:
        if z3.is_quantifier(expression):
            sorts = [expression.var_sort(i) for i in range(expression.num_vars())]
        else:
            sorts = [expression.sort()]
            if z3.is_app(expression) and expression.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                self.functions.setdefault(expression.decl().name(), expression.decl())
        for sort in sorts:
            if sort.kind() != z3.Z3_BOOL_SORT:
                self.sorts.setdefault(sort.name(), sort)

    def declarations(self) -> Iterator[str]:
        for name, sort in self.sorts.items():
            if sort.kind() == z3.Z3_DATATYPE_SORT:
                elements = " ".join(f"({_symbol(sort.constructor(i).name())})" for i in range(sort.num_constructors()))
                yield f"(declare-datatype {_symbol(name)} ({elements}))"
            else:
                yield f"(declare-sort {_symbol(name)} 0)"
        for name, function in self.functions.items():
            of = " ".join(_symbol(function.domain(i).name()) for i in range(function.arity()))
            yield f"(declare-fun {_symbol(self.called[name])} ({of}) {_symbol(function.range().name())})"

    def text(self, formula: Formula, bound: tuple[str, ...] = ()) -> Text:
        """`bound` are the names of the variables in force, the innermost last."""
        if z3.is_var(formula):
            return _symbol(bound[-1 - z3.get_var_index(formula)])
        if z3.is_quantifier(formula):
            return self._quantified(formula, bound)
        kind = formula.decl().kind()
        parts = [self.text(part, bound) for part in formula.children()]
        if kind in NEUTRAL:
            connective, neutral = NEUTRAL[kind]
            flat = [inner for part in parts for inner in (part[1:] if part[0] == connective else [part])]
            return [connective, *flat] if len(flat) > 1 else flat[0] if flat else neutral
        name = formula.decl().name()
        if kind == z3.Z3_OP_UNINTERPRETED:
            head = _symbol(self.called[name])
        elif kind == z3.Z3_OP_DT_CONSTRUCTOR:
            head = _symbol(name)
        else:
            head = CONNECTIVES[kind]
        return [head, *parts] if parts else head

    def _quantified(self, formula: Formula, bound: tuple[str, ...]) -> Text:
        new: list[str] = []
        for i in range(formula.num_vars()):
            new.append(_numbered(formula.var_name(i), [*self.called.values(), *bound, *new]))
        variables: list[Text] = [[_symbol(name), _symbol(formula.var_sort(i).name())] for i, name in enumerate(new)]
        return ["forall" if formula.is_forall() else "exists", variables, self.text(formula.body(), (*bound, *new))]


def _everything(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Every part of the formulas, once, in the order in which they are read."""
    todo, seen = list(formulas)[::-1], set()
    while todo:
        expression = todo.pop()
        if expression.get_id() not in seen:
            seen.add(expression.get_id())
            yield expression
            todo += [expression.body()] if z3.is_quantifier(expression) else expression.children()[::-1]


def _numbered(name: str, taken: Iterable[str]) -> str:
    """`phone!12` is called `phone`, the next of that name `phone.2`."""
    first, taken = name.partition("!")[0], set(taken)
    candidates = (first if n == 1 else f"{first}.{n}" for n in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def _symbol(name: str) -> str:
    return name if SIMPLE.fullmatch(name) else f"|{name}|"


def _flat(text: Text) -> str:
    return text if isinstance(text, str) else f"({' '.join(map(_flat, text))})"


def _laid_out(text: Text, indent: int = 0) -> list[str]:
    """On one line if it fits, else a line or more for each part but the head."""
    line = " " * indent + _flat(text)
    if len(line) <= WIDTH or isinstance(text, str):
        return [line]
    head, *rest = text
    kept = [head, rest.pop(0)] if head in ("forall", "exists") else [head]
    lines = [" " * indent + "(" + " ".join(map(_flat, kept))]
    for part in rest:
        lines += _laid_out(part, indent + 2)
    lines[-1] += ")"
    return lines
