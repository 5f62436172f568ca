"""From formulas to Python source, so that a state can be computed where a solver would have to reason.

Elements are numbers, truth is 0 or 1, and a relation is a stretch of a flat tuple, row-major. A variable of a
formula becomes a Python variable; nothing is simplified, unrolled or substituted on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import z3

from model.language import Formula, ModelError


@dataclass(frozen=True)
class Table:
    """Where the values of a relation lie: in the tuple called `name`, row-major from `offset`."""

    name: str
    shape: tuple[int, ...]
    offset: int = 0

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def all(self) -> slice:
        """The positions of all values."""
        return slice(self.offset, self.offset + self.size)

    def place(self, index: Sequence[int]) -> int:
        """The position of the value at `index`."""
        return self.offset + sum(i * stride for i, stride in zip(index, self._strides(), strict=True))

    def source(self, index: Sequence[str]) -> str:
        """The expression that reads, or the target that assigns, the value at `index`."""
        terms = [i if stride == 1 else f"{i} * {stride}" for i, stride in zip(index, self._strides(), strict=True)]
        offset = [str(self.offset)] if self.offset or not terms else []
        return f"{self.name}[{' + '.join(offset + terms)}]"

    def _strides(self) -> list[int]:
        return [prod(self.shape[i + 1 :]) for i in range(len(self.shape))]


class Plain:
    """Writes formulas as Python, given the table behind each z3 function and the size of each z3 sort, by name."""

    def __init__(self, tables: Mapping[str, Table], sizes: Mapping[str, int]) -> None:
        self.tables, self.sizes = tables, sizes

    def size(self, variable: Any) -> int:
        """How many values a variable can take."""
        return self.sizes[variable.sort().name()]

    def source(self, formula: Formula, bound: tuple[str, ...] = ()) -> str:
        """A Python expression for the formula; `bound` names the quantified variables around it, outermost first.

        Raises ModelError for a z3 operation that the modelling language has no word for, and for a relation that
        has no value where the formula stands.
        """
        if z3.is_var(formula):
            return bound[-1 - int(z3.get_var_index(formula))]
        if z3.is_quantifier(formula):
            return self._quantified(formula, bound)
        arguments = [self.source(a, bound) for a in formula.children()]
        kind = formula.decl().kind()
        if kind == z3.Z3_OP_UNINTERPRETED:
            return self._applied(formula.decl().name(), arguments)
        if kind == z3.Z3_OP_DT_CONSTRUCTOR:
            return str(_number(formula))
        if kind == z3.Z3_OP_DISTINCT and len(arguments) > 2:
            return f"(len({{{', '.join(arguments)}}}) == {len(arguments)})"
        if kind not in _WORDS:
            raise ModelError(f"{formula.decl().name()} is no word of the modelling language: {formula}")
        return _WORDS[kind](arguments)

    def _applied(self, name: str, arguments: list[str]) -> str:
        if name in self.tables:
            return self.tables[name].source(arguments)
        if arguments:
            raise ModelError(f"{name} changes and has no value here, where no state is given")
        return _identifier(name)

    def _quantified(self, formula: Formula, bound: tuple[str, ...]) -> str:
        # Numbered by depth: two nested variables of one name must stay two.
        names = tuple(f"bound_{len(bound) + i}" for i in range(formula.num_vars()))
        loops = " ".join(f"for {n} in range({self.sizes[formula.var_sort(i).name()]})" for i, n in enumerate(names))
        word = "all" if formula.is_forall() else "any"
        return f"{word}({self.source(formula.body(), bound + names)} {loops})"

    def search(self, variables: Sequence[Any], conditions: Iterable[Formula], found: str) -> list[str]:
        """Lines that do `found` for every choice of `variables` that meets the conditions, in numerical order.

        Every condition is tested as soon as the variables that it mentions have been chosen.
        """
        names = {variable(v) for v in variables}
        waiting = [(c, _mentions(c) & names) for condition in conditions for c in conjuncts(condition)]
        lines: list[str] = []
        for choice in [None, *variables]:
            if choice is not None:
                lines.append(f"for {variable(choice)} in range({self.size(choice)}):")
                names.remove(variable(choice))
            ready = [self.source(c) for c, missing in waiting if not missing & names]
            waiting = [(c, missing) for c, missing in waiting if missing & names]
            if ready:
                lines.append(f"if {' and '.join(ready)}:")
        return ["    " * depth + line for depth, line in enumerate([*lines, found])]


_WORDS: dict[int, Callable[[list[str]], str]] = {
    z3.Z3_OP_TRUE: lambda _: "True",
    z3.Z3_OP_FALSE: lambda _: "False",
    z3.Z3_OP_AND: lambda xs: f"({' and '.join(xs)})" if xs else "True",
    z3.Z3_OP_OR: lambda xs: f"({' or '.join(xs)})" if xs else "False",
    z3.Z3_OP_NOT: lambda xs: f"(not {xs[0]})",
    z3.Z3_OP_IMPLIES: lambda xs: f"(not {xs[0]} or {xs[1]})",
    z3.Z3_OP_XOR: lambda xs: f"({xs[0]} != {xs[1]})",
    z3.Z3_OP_EQ: lambda xs: f"({xs[0]} == {xs[1]})",
    z3.Z3_OP_DISTINCT: lambda xs: f"({xs[0]} != {xs[1]})",
    z3.Z3_OP_ITE: lambda xs: f"({xs[1]} if {xs[0]} else {xs[2]})",
}


def variable(constant: Any) -> str:
    """The Python variable for a fresh constant; z3 numbers those, so that no two share a name."""
    return _identifier(constant.decl().name())


def _identifier(name: str) -> str:
    return name.replace("!", "_").replace(".", "_")


def _mentions(formula: Formula) -> set[str]:
    """The names of all constants in the formula."""
    if z3.is_var(formula):
        return set()
    if z3.is_quantifier(formula):
        return _mentions(formula.body())
    inside = {name for child in formula.children() for name in _mentions(child)}
    return inside | ({variable(formula)} if z3.is_const(formula) else set())


def _number(constant: Any) -> int:
    """Which element of its enumeration this is."""
    sort = constant.sort()
    return next(i for i in range(sort.num_constructors()) if sort.constructor(i).eq(constant.decl()))


def conjuncts(formula: Formula) -> list[Formula]:
    """Formulas that hold together exactly when this one does."""
    if z3.is_and(formula):
        return [c for child in formula.children() for c in conjuncts(child)]
    if z3.is_not(formula):
        denied = formula.arg(0)
        if z3.is_implies(denied):
            return conjuncts(denied.arg(0)) + conjuncts(z3.Not(denied.arg(1)))
        if z3.is_or(denied):
            return [c for child in denied.children() for c in conjuncts(z3.Not(child))]
    return [formula]


def define(signature: str, lines: Iterable[str], known: Mapping[str, object]) -> Callable[..., Any]:
    """The function of that signature (`step(s, phone)`) and body, which may use the names in `known`."""
    source = "\n".join([f"def {signature}:", *(f"    {line}" for line in lines)])
    namespace = dict(known)
    exec(compile(source, f"<{signature}>", "exec"), namespace)
    defined: Callable[..., Any] = namespace[signature.partition("(")[0]]  # type: ignore[assignment]
    return defined
