"""A counterexample to induction, made small and readable: two states, the action between, and what is at fault."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import z3

from model.language import UNBOUNDED, Claim, Relation, Sort, State, System, Taken

LARGEST = 4  # elements a sort, before we stop asking for a smaller counterexample


@dataclass
class Counterexample:
    """A state that satisfies the claim and its lemmas, a step, and a state that does not."""

    action: str
    arguments: dict[str, str]
    claim: str
    instance: dict[str, str]
    before: list[str]
    changes: list[str]
    fault: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Readable without knowing z3."""
        arguments = ", ".join(f"{k}={v}" for k, v in self.arguments.items())
        instance = ", ".join(f"{k}={v}" for k, v in self.instance.items())
        return [
            "before:  " + (", ".join(self.before) or "nothing holds"),
            f"step:    {self.action}({arguments})",
            "after:   " + (", ".join(self.changes) or "nothing changed"),
            f"broken:  {self.claim}" + (f" for {instance}" if instance else ""),
            *[f"fault:   {fault}" for fault in self.fault],
        ]


def smallest(
    system: System,
    solver: Any,
    before: State,
    claim: Claim | None,
    taken: Taken | None,
    variables: Sequence[Any],
    without: Iterable[tuple[str, str]],
) -> Counterexample:
    """The counterexample in the solver with the fewest elements, then the fewest facts; the solver is satisfiable."""
    _fewest_elements(solver, _sorts(system))
    _fewest_facts(solver, system, before)
    solver.check()
    return _Reader(system, solver.model(), before, claim, taken, variables).read(frozenset(without))


def _sorts(system: System) -> list[type[Sort]]:
    sorts = {s: None for r in system.relations for s in (*r.of, r.gives) if issubclass(s, Sort)}
    return [s for s in sorts if s.fixed_size is None]


def _fewest_elements(solver: Any, sorts: Iterable[type[Sort]]) -> None:
    for sort in sorts:
        for size in range(1, LARGEST + 1):
            elements = [z3.FreshConst(UNBOUNDED.sort(sort)) for _ in range(size)]
            x = z3.FreshConst(UNBOUNDED.sort(sort))
            if _kept(solver, z3.ForAll([x], z3.Or(*[x == e for e in elements]))):
                break


def _fewest_facts(solver: Any, system: System, before: State) -> None:
    for relation in system.relations:
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


def mentioned(formula: Any, system: System) -> set[Relation]:
    """The relations that a formula speaks of, whichever state it reads them in."""
    named = {r.name: r for r in system.relations}
    found, todo, seen = set(), [formula], set()
    while todo:
        expression = todo.pop()
        if expression.get_id() in seen:
            continue
        seen.add(expression.get_id())
        if z3.is_quantifier(expression):
            todo.append(expression.body())
        elif z3.is_app(expression):
            name = expression.decl().name().rstrip("'")
            if name in named:
                found.add(named[name])
            todo.extend(expression.children())
    return found


class _Reader:
    """Reads a z3 model back in the words of the system."""

    def __init__(
        self,
        system: System,
        model: Any,
        before: State,
        claim: Claim | None,
        taken: Taken | None,
        variables: Sequence[Any],
    ) -> None:
        self.system, self.model, self.before = system, model, before
        self.claim, self.taken, self.variables = claim, taken, variables
        self.names: dict[str, str] = {}
        self.arguments = self._arguments()
        self.universe = {sort: self._elements(sort) for sort in _sorts(system)}

    def value(self, expression: Any) -> Any:
        return self.model.eval(expression, model_completion=True)

    def _arguments(self) -> dict[str, Any]:
        if self.taken is None:
            return {}
        values = {n: self.value(a) for n, a in zip(self.taken.action.parameters, self.taken.arguments, strict=True)}
        for name, value in values.items():
            self.names.setdefault(str(value), name)
        return values

    def _elements(self, sort: type[Sort]) -> list[Any]:
        found = list(self.model.get_universe(UNBOUNDED.sort(sort)) or [])
        word = sort.__name__.lower()
        others = [e for e in found if str(e) not in self.names]
        for n, element in enumerate(others):
            self.names[str(element)] = (
                f"{word}{n + 1}" if len(others) > 1 else f"another {word}" if self.names else word
            )
        return found

    def name(self, value: Any) -> str:
        return self.names.get(str(value), str(value).replace("!", " "))

    def facts(self, state: State, relations: Iterable[Relation]) -> dict[tuple[Relation, tuple[str, ...]], str]:
        found = {}
        for relation in relations:
            domains = [self.universe.get(s) or state.universe.elements(s) for s in relation.of]
            for at in itertools.product(*domains):
                value = self.value(state.value(relation, at))
                found[relation, tuple(map(self.name, at))] = str(value) if z3.is_bool(value) else self.name(value)
        return found

    def relevant(self) -> list[Relation]:
        """What the claim speaks of, and what the action asks for or changes."""
        taken = self.taken
        formulas = [*taken.when.values(), *taken.guards.values(), *(e.value for e in taken.effects)] if taken else []
        if self.claim and self.variables:
            after = self.before if self.claim.about == "step" else None
            formulas.append(
                self.claim.instance(self.variables, self.before, after) if self.variables else z3.BoolVal(True)
            )
        found = set().union(*(mentioned(f, self.system) for f in formulas))
        found |= {e.relation for e in taken.effects} if taken else set()
        return [r for r in self.system.relations if r in found]

    def read(self, without: frozenset[tuple[str, str]]) -> Counterexample:
        before = self.facts(self.before, self.relevant())
        after = self.facts(self.taken.after, {e.relation for e in self.taken.effects}) if self.taken else {}
        changed = {k: v for k, v in after.items() if before[k] != v}
        return Counterexample(
            action=self.taken.action.name if self.taken else "the start",
            arguments={n: self.name(v) for n, v in self.arguments.items()},
            claim=self._claim(),
            instance=self._instance(),
            before=[_fact(k, v) for k, v in before.items() if v != "False" and not _plain(k, v)],
            changes=[_fact(k, v) for k, v in changed.items()],
            fault=list(self._faults(without)),
        )

    def _claim(self) -> str:
        statement = getattr(self.claim, "statement", "") or repr(self.claim).replace("_", " ")
        return statement if self.claim else "what is refused changes nothing"

    def _instance(self) -> dict[str, str]:
        if self.claim is None:
            return {}
        return {n: self.name(self.value(v)) for n, v in zip(self.claim.parameters, self.variables, strict=False)}

    def _faults(self, without: frozenset[tuple[str, str]]) -> Iterable[str]:
        """The dropped conditions that do not hold here; else the effects without which the claim would stand."""
        if self.taken is None or self.claim is None:
            return
        conditions = self.taken.when | self.taken.guards
        dropped = [n for n in conditions if (self.taken.action.name, n) in without]
        false = [n for n in dropped if z3.is_false(self.value(conditions[n]))]
        yield from (f"the guard {n} was dropped, and does not hold here" for n in false)
        if false or not self.variables:
            return
        for relation in dict.fromkeys(e.relation for e in self.taken.effects):
            rest = self.before.with_effects(e for e in self.taken.effects if e.relation is not relation)
            states = (self.before, rest) if self.claim.about == "step" else (rest,)
            if z3.is_true(self.value(self.claim.instance(self.variables, *states))):
                yield f"without the effect on {relation} the claim would stand"


def _fact(key: tuple[Relation, tuple[str, ...]], value: str) -> str:
    relation, at = key
    call = f"{relation}({', '.join(at)})"
    return call if value == "True" else f"not {call}" if value == "False" else f"{call} = {value}"


def _plain(key: tuple[Relation, tuple[str, ...]], value: str) -> bool:
    """Numbers of seats and the like that say nothing on their own."""
    return value.endswith(" 0")
