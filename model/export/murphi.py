"""A system at a scope in Murphi, for Rumur and CMurphi: an action is a rule, its parameters a ruleset.

Elements that are alike are scalarsets, so that a checker may take states for one that differ by their order; the
others are enumerations, and the frozen relations functions of those. Properties about states are invariants; those
about steps are asserted in the rules that change what they speak of.

Rumur counts what we count: a rule fires once for each tuple of its parameters where it may.

Source: Ip, Dill, "Better Verification Through Symmetry" (1996); the manual of CMurphi 5.4; that of Rumur.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3

from model.export.alike import alike
from model.export.functions import Functions
from model.export.layout import Text, laid_out, sentence
from model.export.lifted import Lifted, Variable
from model.export.names import Names, words
from model.export.sequence import sequence
from model.export.terms import Term, Truth, joined, over
from model.ground import ground
from model.language import Action, Claim, Effect, ModelError, Relation, Sort, System, Taken
from model.scope import Scope

RESERVED = words("""
alias array assert assume begin boolean by case clear const cover do else elsif end endalias endexists
endfor endforall endfunction endif endprocedure endrecord endrule endruleset endstartstate endswitch endwhile enum
error exists false for forall function if in interleaved invariant isundefined ismember liveness log2 multiset
multisetadd multisetcount multisetremove multisetremovepred none of or procedure process program put real record
return rule ruleset scalarset self start startstate switch then to traceuntil true type undefine undefined union var
while
""")


def murphi(system: System, scope: Scope, claims: Iterable[Claim] = (), symmetric: bool = True) -> str:
    """The text of a model that Rumur reads. Raises ModelError for a claim about anything but states and steps."""
    return "\n".join(_Text(system, scope, list(claims), symmetric).lines()) + "\n"


@dataclass(frozen=True)
class Assignment:
    """To one cell, or to one for each value of the variables in `loops`."""

    variable: Variable
    loops: tuple[Term, ...]
    place: str
    value: Text
    reads: frozenset[tuple[Variable, str]]

    def lines(self, old: str | None = None) -> Iterator[str]:
        for i, term in enumerate(self.loops):
            yield "  " * (i + 2) + f"for {term.text}: {term.of.type} do"
        yield from laid_out(self.value, 2 * len(self.loops) + 4, f"{self.variable.name}{self.place} := ", ";")
        for i in reversed(range(len(self.loops))):
            yield "  " * (i + 2) + "end;"


class _Text:
    def __init__(self, system: System, scope: Scope, claims: list[Claim], symmetric: bool) -> None:
        self.system, self.scope = system, scope
        for claim in claims:
            if claim.about not in ("state", "step"):
                raise ModelError(f"{claim} is about a {claim.about}; only claims about states and steps are written")
        self.states = [c for c in claims if c.about == "state"]
        self.steps = [(c, _after(system, c)) for c in claims if c.about == "step"]
        self.names = Names(system, scope, RESERVED)
        self.functions = Functions(scope, self.names)
        gives = {r.gives for r in system.mutable if all(scope.names[sort] for sort in r.of)}
        shape = ground(system, scope, claims=claims)
        found = alike(shape) if symmetric else []
        alikes = [a for a in found if not any(column[0].sort in gives for column in a.columns)]
        self.lifted = Lifted(system, scope, self.names, alikes, self.functions.call, shape.domains)
        self.state = system.state()

    def lines(self) -> Iterator[str]:
        rules = [line for action in self.system.actions.values() for line in self._action(action)]
        start = list(self._start())
        invariants = [line for claim in self.states for line in self._invariant(claim)]
        yield f"-- {self.system.name} at {self.scope}"
        yield "-- rumur --deadlock-detection off -o FILE.c FILE && gcc -O2 -march=native -o check FILE.c -lpthread"
        yield from self._types()
        yield from self._variables()
        yield from (line for lines in self.functions.lines.values() for line in ["", *lines])
        yield from start
        yield from rules
        yield from invariants

    def _types(self) -> Iterator[str]:
        yield "\ntype"
        names = self.scope.names
        for a, name in self.lifted.scalarsets.items():
            for row in a.rows:
                yield f"  -- alike: {', '.join(names[e.sort][e.number] for e in row)}"
            yield f"  {name}: scalarset({len(a.rows)});"
        for classes in self.lifted.classes.values():
            for of in classes:
                if not of.alike and len(of) > 1:
                    elements = ", ".join(self.names.element(of.sort, k) for k in of.elements)
                    yield f"  {of.type}: enum {{{elements}}};"

    def _variables(self) -> Iterator[str]:
        yield "\nvar"
        for variable in self.lifted.variables.values():
            if variable not in self.lifted.constants:
                yield f"  {variable.name}: {self._type(variable)};"

    def _type(self, variable: Variable) -> str:
        of = self.lifted.range(variable.relation)
        return "".join(f"array [{c.type}] of " for c in variable.dimensions) + (of.type if of else "boolean")

    def _start(self) -> Iterator[str]:
        yield '\nstartstate "start"\nbegin'
        start = self.system.start(self.state)
        for relation in self.system.mutable:
            variables = [z3.FreshConst(start.universe.sort(s), s.__name__.lower()) for s in relation.of]
            effect = Effect(relation, tuple(variables), tuple(variables), start.value(relation, variables))
            for assignment in self._assignments(effect, {}):
                if assignment.value == "false":
                    yield f"    clear {assignment.variable.name};"
                else:
                    yield from assignment.lines()
        yield "end;"

    def _action(self, action: Action) -> Iterator[str]:
        variables = self.system.arguments(action)
        taken = self.system.take(action, variables, self.state)
        laws = [claim for claim, after in self.steps if after & {e.relation for e in taken.effects}]
        heading = f"\n-- {action}: {action.sentence}"
        for terms in self.lifted.choices(action.parameters.items(), ()):
            known = {v.decl().name(): term for v, term in zip(variables, terms, strict=True)}
            conditions = {n: self.lifted.truth(f, known) for n, f in (taken.when | taken.guards).items()}
            if not any(truth is False for truth in conditions.values()):
                yield heading
                yield from self._rule(action, taken, terms, known, conditions, laws)
                heading = ""

    def _rule(
        self,
        action: Action,
        taken: Taken,
        terms: Sequence[Term],
        known: Mapping[str, Term],
        conditions: Mapping[str, Truth],
        laws: Sequence[Claim],
    ) -> Iterator[str]:
        arguments = [f"{n}={t.text}" for n, t in zip(action.parameters, terms, strict=True) if t.number is not None]
        free = [f"{t.text}: {t.of.type}" for t in terms if t.number is None]
        if free:
            yield f"ruleset {'; '.join(free)} do"
        told = f"({', '.join(arguments)})" if arguments else ""
        yield f'  rule "{action}{told}"'
        parts = [(name, truth) for name, truth in conditions.items() if not isinstance(truth, bool)]
        if not parts:
            yield "    true"
        for i, (name, truth) in enumerate(parts):
            yield from laid_out(truth, 4, "& " if i else "", f"  -- {name}")
        yield "  ==>"
        assignments, kept, was = self._sequenced(taken.effects, known)
        yield from (f"  var {was[variable]}: {self._type(variable)};" for variable in kept)
        yield "  begin"
        yield from (f"    {was[variable]} := {variable.name};" for variable in kept)
        for claim in laws:
            holds = self._claim(claim, taken, known)
            if not isinstance(holds, bool):
                yield from laid_out(holds, 4, f'assert "{sentence(claim)}" ', ";")
        for assignment in assignments:
            yield from assignment.lines()
        yield f"  end;{chr(10) + 'end;' if free else ''}"

    def _sequenced(
        self, effects: Sequence[Effect], known: Mapping[str, Term]
    ) -> tuple[list[Assignment], list[Variable], dict[Variable, str]]:
        """The assignments in an order in which none reads what another has changed, but for what is kept before."""
        found = [a for effect in effects for a in self._assignments(effect, known)]
        targets: dict[Variable, list[Assignment]] = {}
        for a in found:
            targets.setdefault(a.variable, []).append(a)
        reads = {v: {read for a in group for read, _ in a.reads} for v, group in targets.items()}
        kept, order = sequence(reads)
        for variable, group in targets.items():  # a value may read the very cell that it goes to, and no other
            alone = len(group) == 1 and all(at == group[0].place for v, at in group[0].reads if v == variable)
            if not alone and variable in reads[variable] and variable not in kept:
                kept.append(variable)
        was = {variable: self.names.local(f"was_{variable.name}", ()) for variable in kept}
        self.lifted.old = was
        again = [a for effect in effects for a in self._assignments(effect, known)]
        self.lifted.old = {}
        return [a for variable in order for a in again if a.variable == variable], kept, was

    def _assignments(self, effect: Effect, known: Mapping[str, Term]) -> Iterator[Assignment]:
        lifted = self.lifted
        sorts = {name.__name__: name for name in self.scope.names}
        free = [(v.decl().name().partition("!")[0], sorts[v.sort().name()]) for v in effect.free]
        for terms in lifted.choices(free, [term.text for term in known.values()]):
            here = {**known, **{v.decl().name(): term for v, term in zip(effect.free, terms, strict=True)}}
            lifted.reads = set()
            at = [lifted.term(place, here) for place in effect.at]
            variable, place = lifted.variable(effect.relation, at), lifted.place(effect.relation, at)
            if variable in lifted.constants:
                continue
            value = self._value(effect.relation, effect.value, here)
            loops = tuple(term for term in terms if term.number is None)
            yield Assignment(variable, loops, place, value, frozenset(lifted.reads))

    def _value(self, relation: Relation, value: Any, known: Mapping[str, Term]) -> Text:
        if issubclass(relation.gives, Sort):
            return self.lifted.term(value, known).text
        truth = self.lifted.truth(value, known)
        return str(truth).lower() if isinstance(truth, bool) else truth

    def _claim(self, claim: Claim, taken: Taken | None = None, known: Mapping[str, Term] | None = None) -> Truth:
        variables = claim.variables(self.state.universe)
        body = claim.instance(variables, self.state, taken.after if taken else None)
        around = known or {}

        def about(terms: Sequence[Term]) -> Truth:
            here = {**around, **{v.decl().name(): term for v, term in zip(variables, terms, strict=True)}}
            return over(True, terms, self.lifted.truth(body, here))

        ways = self.lifted.choices(claim.parameters.items(), [term.text for term in around.values()])
        return joined(True, map(about, ways))

    def _invariant(self, claim: Claim) -> Iterator[str]:
        truth = self._claim(claim)
        if isinstance(truth, bool):
            yield f"\n-- {sentence(claim)} At this scope that is {str(truth).lower()} by itself."
            return
        yield f'\ninvariant "{sentence(claim)}"'
        yield from laid_out(truth, 2, "", ";")


def _after(system: System, claim: Claim) -> set[Relation]:
    """The relations of which the claim reads the value after the step."""
    before, after = system.state(), system.state(prime="'")
    body = claim.instance(claim.variables(before.universe), before, after)
    primed, found, todo = {f"{r.name}'": r for r in system.mutable}, set(), [body]
    while todo:
        expression = todo.pop()
        if z3.is_quantifier(expression):
            todo.append(expression.body())
        elif z3.is_app(expression):
            todo += expression.children()
            if expression.decl().name() in primed:
                found.add(primed[expression.decl().name()])
    return found
