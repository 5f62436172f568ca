"""vacuity: does a proof speak of anything? What no state ever shows is proven of all of them.

A way there is a counterexample to the claim that it never happens: so the explorer finds the shortest, at the first
scope that has one. Asked for are the premise of each claim, each action accepted, and each guard refusing for its own
reason alone. That the axioms and all lemmas hold together with each action is asked of z3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import z3

from model.language import UNBOUNDED, Action, Claim, Formula, State, System, premise
from model.mentioned import mentioned
from model.scope import Scope
from model.simulate import Move, Simulation
from model.trace import Trace
from properties.examples import AMONG, FAR, NEAR, SPECIAL
from properties.exploration.explore import Counterexample, explore
from properties.exploration.search import GIBIBYTE, ScopeTooLarge
from properties.interrupts import arriving
from properties.proofs.obligations import Obligations
from properties.proofs.prove import new_solver
from properties.property import Property

SMALL = GIBIBYTE // 8  # of memory for one search: what lies deeper is looked for among fewer actions
FEW = 8
Happens = Callable[[Sequence[Any], State, State | None], Formula]


class Never(Claim):
    """The claim that something never happens, whatever `variables` are."""

    def __init__(self, kind: str, what: str, about: str, parameters: dict[str, Any], happens: Happens) -> None:
        self.kind, self.name, self.about, self.parameters = kind, what, about, parameters
        self.sentence, self.lemmas, self._happens = f"Never: {what}.", (), happens

    def instance(self, variables: Sequence[Any], before: State, after: State | None = None) -> Formula:
        return z3.Not(self._happens(variables, before, after))


@dataclass(frozen=True)
class Reached:
    """Something that ought to be possible: kind is premise, action or refusal, and a trace that shows it.

    Without one it was not found; `excluded` says that the lemmas leave no room for it.
    """

    kind: str
    what: str
    trace: Trace | None
    excluded: bool = False


@dataclass(frozen=True)
class Consistent:
    """Whether axioms, lemmas and the conditions of an action hold together: sat, unsat or unknown.

    `witness` is how many elements of each sort there are in the state that shows it.
    """

    action: str
    answer: str
    witness: dict[str, int]


def goals(system: System, claims: Iterable[Claim]) -> list[Never]:
    """What must be reachable, each as the claim that it is not."""
    return [
        *(_premise(claim) for claim in claims if claim.about in ("state", "step") and _has_premise(claim, system)),
        *(_accepted(system, action) for action in system.actions.values()),
        *(_refusal(system, action, guard) for action in system.actions.values() for guard in _guards(system, action)),
    ]


@arriving()
def reach(
    system: System, claims: Iterable[Claim], progress: Callable[[str, int, int], None] | None = None
) -> list[Reached]:
    """A shortest trace to every premise, action and refusal, as far as any scope has one.

    `progress` is called with the scope, the number found and the number of all.
    """
    claims = list(claims)
    wanted = goals(system, claims)
    found: dict[Never, Trace] = {}
    for scope in (*NEAR, *SPECIAL):
        left = [goal for goal in wanted if goal not in found]
        if not left:
            break
        if progress:
            progress(scope.name, len(found), len(wanted))
        found |= _traces(system, scope, _search(among(system, scope), scope, left))
    for goal in wanted:
        if goal not in found:
            found |= _far(system, goal)
    excluded = _excluded(system, claims, [goal for goal in wanted if goal not in found])
    return [Reached(goal.kind, goal.name, found.get(goal), goal in excluded) for goal in wanted]


def consistent(system: System, claims: Iterable[Claim], reached: Iterable[Reached] = ()) -> Iterator[Consistent]:
    """For every action: do the axioms, the claims about states and its conditions hold together somewhere?

    A state that was reached shows it, seen by the plain model; where there is none, z3 is asked for one.
    """
    always = [claim for claim in claims if getattr(claim, "kind", "always") == "always"]
    shown = {found.what: found.trace for found in reached if found.kind == "action" and found.trace}
    at = {trace.scope.name: Simulation(system, trace.scope) for trace in shown.values()}
    for action in system.actions.values():
        trace = shown.get(repr(action))
        if trace and _all_hold(always, trace, at[trace.scope.name]):
            yield Consistent(repr(action), "sat", {s.__name__: n for s, n in trace.scope.sizes.items() if n})
        else:
            yield _satisfiable(system, always, action)


def _all_hold(always: list[Claim], trace: Trace, simulation: Simulation) -> bool:
    """Whether the claims hold where the last step is made."""
    before = trace.replay(simulation)[-1].before
    return all(simulation.holds(claim, before) is None for claim in always)


def _satisfiable(system: System, always: list[Claim], action: Action) -> Consistent:
    obligations = Obligations(system)
    taken = obligations.taken(action)
    solver = new_solver([*_assumed(obligations, always), *taken.when.values(), *taken.guards.values()])
    answer = str(solver.check())
    found = solver.model() if answer == "sat" else None
    sorts = [sort for sort in dict.fromkeys(s for r in system.relations for s in r.of) if sort.fixed_size is None]
    elements = {s.__name__: len(found.get_universe(UNBOUNDED.sort(s)) or ()) for s in sorts} if found else {}
    return Consistent(repr(action), answer, elements)


def among(system: System, scope: Scope) -> System:
    """What is looked at where the scope is too large for the whole."""
    return system.only({name for name in system.actions if name.startswith(AMONG.get(scope.name, ("",)))})


def nearest(system: System, formula: Formula) -> Iterator[set[str]]:
    """Growing sets of actions: those that change what the formula reads, then those that enable them, and so on."""
    read, found = mentioned(formula, system), set[str]()
    while True:
        near = set(found)
        for name, action in system.actions.items():
            taken = system.take(action, system.arguments(action), system.state())
            if {effect.relation for effect in taken.effects} & read:
                near.add(name)
        if near == found:
            return
        yield near
        found = near
        for name in near:
            taken = system.take(system.actions[name], system.arguments(system.actions[name]), system.state())
            read = read.union(*(mentioned(f, system) for f in [*taken.when.values(), *taken.guards.values()]))


def _assumed(obligations: Obligations, claims: Iterable[Claim]) -> list[Formula]:
    """The axioms, and every claim about states."""
    always = [claim for claim in claims if getattr(claim, "kind", "always") == "always"]
    return [*obligations.axioms.values(), *map(obligations.formula, always)]


def redundant(system: System, claims: Iterable[Claim], action: str, guard: str) -> bool:
    """Whether the guard never refuses alone, in any state in which axioms and claims hold: the others say as much."""
    return bool(_excluded(system, claims, [_refusal(system, system.action(action), guard)]))


def _excluded(system: System, claims: Iterable[Claim], goals: list[Never]) -> set[Never]:
    """The goals about a state that no state has in which axioms and claims hold."""
    if not goals:
        return set()
    obligations = Obligations(system)
    solver, excluded = new_solver(_assumed(obligations, claims)), set()
    for goal in goals:
        if goal.about == "state":
            solver.push()
            solver.add(z3.Not(goal.instance(goal.variables(UNBOUNDED), obligations.before)))
            if solver.check() == z3.unsat:
                excluded.add(goal)
            solver.pop()
    return excluded


def _far(system: System, goal: Never) -> dict[Never, Trace]:
    """In a scope too large to visit: among the actions that matter most."""
    state = system.state()
    formula = goal.instance(goal.variables(state.universe), state, state if goal.about == "step" else None)
    for actions in nearest(system, formula):
        if found := _search(system.only(actions), FAR, [goal]):
            return _traces(system, FAR, found)
    return {}


def _search(system: System, scope: Scope, claims: list[Never]) -> list[Counterexample]:
    """What is found at the scope. Where it is too large for all together, a few are looked for one by one."""
    try:
        found = explore(system, scope, claims, stop_at_first=False, until_all=True, memory_bytes=SMALL)
        return list(found.uninterrupted().counterexamples)
    except ScopeTooLarge:
        one_by_one = [[claim] for claim in claims] if 1 < len(claims) <= FEW else []
        return [example for claim in one_by_one for example in _search(system, scope, claim)]


def _traces(system: System, scope: Scope, found: Iterable[Counterexample]) -> dict[Never, Trace]:
    """What was found, as traces of the whole system: an action or a refusal is the last step."""
    violations, traces = [example.violation for example in found], {}
    simulation = Simulation(system, scope) if violations else None
    for claim, instance, path in violations:
        assert simulation
        assert isinstance(claim, Never)
        last = [Move(system.actions[claim.name.split(", ")[0]], instance)] if claim.kind != "premise" else []
        trace = Trace.of(simulation, [*path, *last], found_by="explore")
        traces[claim] = replace(trace, property=None)
    return traces


def _has_premise(claim: Claim, system: System) -> bool:
    state = system.state()
    body = claim.instance(claim.variables(state.universe), state, state if claim.about == "step" else None)
    return getattr(claim, "explored", True) and not z3.is_true(premise(body))


def _premise(claim: Claim) -> Never:
    def met(variables: Sequence[Any], before: State, after: State | None) -> Formula:
        return premise(claim.instance(variables, before, after))

    return Never("premise", repr(claim), claim.about, claim.parameters, met)


def _accepted(system: System, action: Action) -> Never:
    def enabled(variables: Sequence[Any], before: State, _: State | None) -> Formula:
        taken = system.take(action, variables, before)
        return z3.And(*taken.when.values(), *taken.guards.values())

    return Never("action", action.name, "state", action.parameters, enabled)


def _refusal(system: System, action: Action, guard: str) -> Never:
    def refused(variables: Sequence[Any], before: State, _: State | None) -> Formula:
        taken = system.take(action, variables, before)
        others = [formula for name, formula in taken.guards.items() if name != guard]
        return z3.And(*taken.when.values(), *others, z3.Not(taken.guards[guard]))

    return Never("refusal", f"{action.name}, {guard}", "state", action.parameters, refused)


def _guards(system: System, action: Action) -> list[str]:
    return list(system.take(action, system.arguments(action), system.state()).guards)


def claims_of(properties: Iterable[Property]) -> list[Claim]:
    """The properties and every lemma that they lean on, once."""
    return list({claim: None for property in properties for claim in property.closure()})
