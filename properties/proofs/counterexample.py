"""A counterexample to induction, made small and readable: two states, the action between, and what is at fault."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import z3

from model.language import UNBOUNDED, Formula, Relation, Sort, State, System, Taken
from model.mentioned import mentioned
from properties.proofs.obligations import Question

Facts = Mapping[tuple[Relation, tuple[str, ...]], str]
LARGEST = 4  # elements a sort, before we stop asking for a smaller counterexample


@dataclass
class Counterexample:
    """A state that satisfies the claim and its lemmas, a step, and a state that does not."""

    step: str
    says: str
    before: list[str]
    changes: list[str]
    broken: str
    fault: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Readable without knowing z3."""
        return [
            *_listed("before", self.before or ["nothing holds"]),
            *_listed("step", [self.step, self.says] if self.says else [self.step]),
            *_listed("after", self.changes or ["nothing has changed"]),
            *_listed("broken", [self.broken]),
            *_listed("fault", self.fault),
        ]


def _listed(heading: str, entries: Iterable[str]) -> list[str]:
    headings = itertools.chain([heading], itertools.repeat(""))
    return [f"{first:<8}{entry}" for first, entry in zip(headings, entries, strict=False)]


def smallest(
    system: System, solver: Any, before: State, question: Question, without: Iterable[tuple[str, str]]
) -> Counterexample:
    """The counterexample in the solver with the fewest elements, then the fewest facts; the solver is satisfiable."""
    make_small(solver, system, before, question)
    solver.check()
    return _Reader(system, solver.model(), before, question).read(frozenset(without))


def make_small(solver: Any, system: System, before: State, question: Question) -> None:
    """Adds to a satisfiable solver what leaves few elements and few facts, of what the question and its step speak."""
    relations = _concerned(system, question.taken, question.formulas())
    _fewest_elements(solver, _sorts(relations))
    _fewest_facts(solver, relations, before)


def _concerned(system: System, taken: Taken | None, formulas: Iterable[Formula]) -> list[Relation]:
    """What the formulas speak of, and what the action asks for or changes."""
    said, found = list(formulas), set[Relation]()
    if taken:
        said += [*taken.when.values(), *taken.guards.values(), *(effect.value for effect in taken.effects)]
        found.update(_changed(taken))
    found = found.union(*(mentioned(formula, system) for formula in said))
    return [relation for relation in system.relations if relation in found]


def _sorts(relations: Iterable[Relation]) -> list[type[Sort]]:
    sorts = {s: None for r in relations for s in (*r.of, r.gives) if issubclass(s, Sort)}
    return [s for s in sorts if s.fixed_size is None]


def _fewest_elements(solver: Any, sorts: Iterable[type[Sort]]) -> None:
    for sort in sorts:
        for size in range(1, LARGEST + 1):
            elements = [z3.FreshConst(UNBOUNDED.sort(sort)) for _ in range(size)]
            x = z3.FreshConst(UNBOUNDED.sort(sort))
            if _kept(solver, z3.ForAll([x], z3.Or(*[x == e for e in elements]))):
                break


def _fewest_facts(solver: Any, relations: Iterable[Relation], before: State) -> None:
    for relation in relations:
        if relation.gives is bool:
            xs = [z3.FreshConst(UNBOUNDED.sort(s)) for s in relation.of]
            _kept(solver, z3.ForAll(xs, z3.Not(before.value(relation, xs))))


def _kept(solver: Any, constraint: Any) -> bool:
    solver.push()
    solver.add(constraint)
    if solver.check() == z3.sat:
        return True  # the push stays: everything after is smaller still
    solver.pop()
    return False


class _Reader:
    """Reads a z3 model back in the words of the system."""

    def __init__(self, system: System, model: Any, before: State, question: Question) -> None:
        self.system, self.model, self.before = system, model, before
        self.claim, self.taken, self.variables = question.claim, question.taken, question.variables
        self.names: dict[str, str] = {}
        self.arguments = self._arguments()
        self.universe = {sort: self._elements(sort) for sort in _sorts(system.relations)}

    def read(self, without: frozenset[tuple[str, str]]) -> Counterexample:
        before = self._facts(self.before, self._relevant())
        after = self._facts(self.taken.after, _changed(self.taken)) if self.taken else {}
        return Counterexample(
            step=self._step(),
            says=self.taken.action.sentence.format(**self.arguments) if self.taken else "",
            before=[_fact(at, value) for at, value in before.items() if value not in ("False", _default(at[0]))],
            changes=[_change(at, before[at], value) for at, value in after.items() if before[at] != value],
            broken=self._broken(),
            fault=list(self._faults(without)),
        )

    def _value(self, expression: Any) -> Any:
        return self.model.eval(expression, model_completion=True)

    def _truth(self, formula: Any) -> bool:
        """Of a formula, whose quantifiers a model leaves as they are: they are written out over its elements."""
        return bool(z3.is_true(self._value(self._unfolded(formula))))

    def _unfolded(self, formula: Any) -> Any:
        if not z3.is_quantifier(formula):
            inside = [self._unfolded(child) for child in formula.children()]
            return formula.decl()(*inside) if inside else formula
        every = [self._all(formula.var_sort(i)) for i in reversed(range(formula.num_vars()))]
        bodies = [z3.substitute_vars(formula.body(), *chosen) for chosen in itertools.product(*every)]
        return (z3.And if formula.is_forall() else z3.Or)(*map(self._unfolded, bodies))

    def _all(self, sort: Any) -> list[Any]:
        """The elements of a sort of z3; of a sort that the model says nothing of, one is as good as any."""
        found = self.model.get_universe(sort) or [sort.constructor(i)() for i in range(_constructors(sort))]
        return list(found) or [z3.FreshConst(sort)]

    def _arguments(self) -> dict[str, str]:
        """Every parameter with the name of its element, which is that of the first parameter that stands for it."""
        if self.taken is None:
            return {}
        named = zip(self.taken.action.parameters, self.taken.arguments, strict=True)
        return {name: self.names.setdefault(str(self._value(argument)), name) for name, argument in named}

    def _elements(self, sort: type[Sort]) -> list[Any]:
        found = list(self.model.get_universe(UNBOUNDED.sort(sort)) or [])
        others = [element for element in found if str(element) not in self.names]
        word = _words(sort.__name__)
        for number, element in enumerate(others, 1):
            alone = word if len(found) == 1 else f"another {word}"
            self.names[str(element)] = alone if len(others) == 1 else f"{word} {number}"
        return sorted(found, key=self._name)

    def _name(self, value: Any) -> str:
        """Elements of a sort of fixed size are numbered, the others have been given names."""
        if str(value) in self.names:
            return self.names[str(value)]
        sort, _, number = str(value).partition("!")
        return f"{_words(sort)} {int(number) + 1}"

    def _facts(self, state: State, relations: Iterable[Relation]) -> Facts:
        found = {}
        for relation in relations:
            for at in itertools.product(*(self.universe.get(s) or state.universe.elements(s) for s in relation.of)):
                value = self._value(state.value(relation, at))
                told = str(value) if z3.is_bool(value) else self._name(value)
                found[relation, tuple(map(self._name, at))] = told
        return found

    def _relevant(self) -> list[Relation]:
        after = self.before if self.claim.about == "step" else None
        claimed = [self.claim.instance(self.variables, self.before, after)] if self.variables else []
        return _concerned(self.system, self.taken, claimed)

    def _step(self) -> str:
        return f"{self.taken.action}({_arguments(self.arguments)})" if self.taken else "the start"

    def _broken(self) -> str:
        statement = getattr(self.claim, "statement", "") or f"Lemma: {str(self.claim).replace('_', ' ')}."
        values = zip(self.claim.parameters, self.variables, strict=False)
        instance = _arguments({name: self._name(self._value(variable)) for name, variable in values})
        return f"{statement} Not so for {instance}." if instance else statement

    def _faults(self, without: frozenset[tuple[str, str]]) -> Iterable[str]:
        """The dropped conditions that do not hold here; else the effects without which the claim would stand."""
        if self.taken is None:
            return
        conditions = self.taken.when | self.taken.guards
        dropped = [name for name in conditions if (self.taken.action.name, name) in without]
        false = [name for name in dropped if not self._truth(conditions[name])]
        yield from (f"the guard {name} was dropped, and does not hold here" for name in false)
        if false or not self.variables:
            return
        for relation in _changed(self.taken):
            rest = self.before.with_effects(e for e in self.taken.effects if e.relation is not relation)
            states = (self.before, rest) if self.claim.about == "step" else (rest,)
            if self._truth(self.claim.instance(self.variables, *states)):
                yield f"without the effect on {relation} the claim would stand"


def _constructors(sort: Any) -> int:
    """How many elements a sort of fixed size has, and 0 of others."""
    return int(sort.num_constructors()) if isinstance(sort, z3.DatatypeSortRef) else 0


def _changed(taken: Taken) -> list[Relation]:
    return list(dict.fromkeys(effect.relation for effect in taken.effects))


def _words(name: str) -> str:
    """`DeviceList` is a device list."""
    return re.sub("(?<!^)([A-Z])", r" \1", name).lower()


def _default(relation: Relation) -> str:
    """The first element of a sort of fixed size, which a state has where it has nothing to say."""
    fixed = issubclass(relation.gives, Sort) and relation.gives.fixed_size
    return f"{_words(relation.gives.__name__)} 1" if fixed else "False"


def _arguments(named: Mapping[str, str]) -> str:
    return ", ".join(value if value == name else f"{name}={value}" for name, value in named.items())


def _fact(key: tuple[Relation, tuple[str, ...]], value: str) -> str:
    relation, at = key
    call = f"{relation}({', '.join(at)})"
    return call if value == "True" else f"not {call}" if value == "False" else f"{call} = {value}"


def _change(key: tuple[Relation, tuple[str, ...]], old: str, new: str) -> str:
    return _fact(key, new) if new in ("True", "False") else f"{_fact(key, old)} -> {new}"
