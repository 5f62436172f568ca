"""prove: every property is inductive, for any number of users, devices, lists and messages.

One obligation a claim and action: if the claim, its lemmas and the axioms hold before the step, the claim holds
after it; and one for the start. Lemmas are claims like any other and get obligations of their own, so that the
induction is mutual and complete. An action that changes nothing the claim reads cannot break it; those
obligations are counted apart ("untouched") and need no solver.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import z3

from model.language import Action, Claim, Formula, State, System, Taken
from properties.counterexample import Counterexample, mentioned, smallest
from properties.property import Property

SEED = 0
TIMEOUT_MS = 20_000
Without = frozenset[tuple[str, str]]  # dropped conditions: (action name, condition name)


@dataclass(frozen=True)
class Obligation:
    """A claim to be shown at the start (`action` is None) or over one action."""

    claim: str
    action: str | None

    def __str__(self) -> str:
        return f"{self.claim} over {self.action}" if self.action else f"{self.claim} at the start"


@dataclass
class Discharge:
    """What became of an obligation: verdict proven, untouched, refuted or unknown."""

    obligation: Obligation
    verdict: str
    seconds: float
    reason: str = ""
    counterexample: Counterexample | None = None


@dataclass
class Proof:
    """A property with every obligation of it and of the lemmas that it leans on."""

    property: Property
    discharges: list[Discharge] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        verdicts = {d.verdict for d in self.discharges}
        return "violated" if "refuted" in verdicts else "unknown" if "unknown" in verdicts else "holds"

    @property
    def failures(self) -> list[Discharge]:
        return [d for d in self.discharges if d.verdict in ("refuted", "unknown")]

    def counts(self) -> dict[str, int]:
        solved = sum(d.verdict == "proven" for d in self.discharges)
        return {
            "obligations": len(self.discharges),
            "by solver": solved,
            "untouched": sum(d.verdict == "untouched" for d in self.discharges),
            "lemmas": len(self.property.closure()) - 1,
        }


class Prover:
    """Discharges obligations of one system, some named conditions dropped if asked."""

    def __init__(self, system: System, without: Without = frozenset()) -> None:
        self.system, self.without = system, without
        self.before = system.state()
        self.axioms = [a.formula(self.before) for a in system.axioms]
        self._taken: dict[Action, Taken] = {}
        self._formulas: dict[Claim, Formula] = {}

    def taken(self, action: Action) -> Taken:
        if action not in self._taken:
            self._taken[action] = self.system.take(action, self.system.arguments(action), self.before)
        return self._taken[action]

    def conditions(self, taken: Taken) -> dict[str, Formula]:
        every = taken.when | taken.guards
        return {name: f for name, f in every.items() if (taken.action.name, name) not in self.without}

    def formula(self, claim: Claim) -> Formula:
        if claim not in self._formulas:
            self._formulas[claim] = claim.formula(self.before)
        return self._formulas[claim]

    def discharge(self, claim: Claim, action: Action | None) -> Discharge:
        """One obligation, shown or refuted by a smallest counterexample to induction."""
        began = time.perf_counter()
        obligation = Obligation(repr(claim), action.name if action else None)
        try:
            verdict, reason, found = self._discharge(claim, action)
        except z3.Z3Exception as error:
            verdict, reason, found = "unknown", str(error), None
        return Discharge(obligation, verdict, time.perf_counter() - began, reason, found)

    def _discharge(self, claim: Claim, action: Action | None) -> tuple[str, str, Counterexample | None]:
        kind = claim.kind if isinstance(claim, Property) else "always"
        if action is None:
            return self._start(claim) if kind == "always" else ("untouched", "", None)
        taken = self.taken(action)
        if kind == "independent":
            assert isinstance(claim, Property)
            return self._independent(claim, taken)
        if kind == "refusal":
            return self._refusal(taken)
        variables = claim.variables(self.before.universe)
        unchanged = claim.instance(variables, self.before, self.before if kind == "step" else None)
        if not {effect.relation for effect in taken.effects} & mentioned(unchanged, self.system):
            return "untouched", "", None
        states = (self.before, taken.after) if kind == "step" else (taken.after,)
        broken = z3.Not(claim.instance(variables, *states))
        assumed = [self.formula(c) for c in claim.closure() if c.about == "state"]
        solver = _solver(self.axioms, assumed, self.conditions(taken).values(), [broken])
        return self._verdict(solver, claim, taken, variables)

    def _start(self, claim: Claim) -> tuple[str, str, Counterexample | None]:
        start = self.system.start(self.before)
        broken = z3.Not(claim.instance(claim.variables(self.before.universe), start))
        return self._verdict(_solver(self.axioms, [broken]), claim, None, [])

    def _independent(self, claim: Property, taken: Taken) -> tuple[str, str, Counterexample | None]:
        """Two states that differ only in `claim.of` enable the same action, with the same outcome elsewhere."""
        if taken.actor is None:
            return "untouched", "", None
        other = State(self.before.universe, self.before.meaning)
        for relation in claim.of:
            other.meaning[relation] = self.system.state(prime="'").meaning[relation]
        arguments = self.system.arguments(taken.action)
        one, two = (self.system.take(taken.action, arguments, state) for state in (self.before, other))
        differs = [z3.And(*self.conditions(one).values()) != z3.And(*self.conditions(two).values())]
        for relation in {e.relation for e in one.effects} - set(claim.of):
            at = [z3.FreshConst(self.before.universe.sort(s)) for s in relation.of]
            differs.append(one.after.value(relation, at) != two.after.value(relation, at))
        applies = claim.instance([one.actor], self.before)
        return self._verdict(_solver(self.axioms, [applies, z3.Or(*differs)]), claim, one, [])

    def _refusal(self, taken: Taken) -> tuple[str, str, Counterexample | None]:
        """A refused attempt leaves every relation as it was: what an attempt means in this language."""
        attempted = taken.attempted(self.before)
        differs = []
        for relation in {e.relation for e in taken.effects}:
            at = [z3.FreshConst(self.before.universe.sort(s)) for s in relation.of]
            differs.append(attempted.value(relation, at) != self.before.value(relation, at))
        refused = z3.Not(z3.And(*taken.guards.values()))
        return self._verdict(_solver([refused, z3.Or(*differs)]), None, taken, [])

    def _verdict(
        self, solver: Any, claim: Claim | None, taken: Taken | None, variables: list[Any]
    ) -> tuple[str, str, Counterexample | None]:
        answer = solver.check()
        if answer == z3.unsat:
            return "proven", "", None
        if answer == z3.unknown:
            return "unknown", f"z3 gave up: {solver.reason_unknown()}", None
        found = smallest(self.system, solver, self.before, claim, taken, variables, self.without)
        return "refuted", "", found


def _solver(*assertions: Iterable[Formula]) -> Any:
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT_MS)
    solver.set("random_seed", SEED)
    for some in assertions:
        solver.add(*some)
    return solver


def obligations(system: System, properties: Iterable[Property]) -> Iterator[tuple[Claim, Action | None]]:
    """Every claim in the closure of the properties, at the start and over every action. Longest first is not known."""
    claims = {claim: None for p in properties for claim in p.closure()}
    for action in [None, *system.actions.values()]:
        for claim in claims:
            yield claim, action


_job: tuple[Prover, list[tuple[Claim, Action | None]]] | None = None


def _discharge_nth(n: int) -> Discharge:
    assert _job is not None
    prover, todo = _job
    return prover.discharge(*todo[n])


def prove(
    system: System,
    properties: Iterable[Property],
    *,
    without: Without = frozenset(),
    processes: int = 2,
    progress: Callable[[int, int, Discharge], None] | None = None,
) -> list[Proof]:
    """Discharge every obligation of the properties and of their lemmas, in parallel."""
    global _job
    properties = list(properties)
    todo = list(obligations(system, properties))
    _job = Prover(system, without), todo
    done: list[Discharge] = []
    pool = multiprocessing.get_context("fork").Pool(processes)
    with pool:
        for n, discharge in enumerate(pool.imap_unordered(_discharge_nth, range(len(todo)), chunksize=8)):
            done.append(discharge)
            if progress:
                progress(n + 1, len(todo), discharge)
    by_claim: dict[str, list[Discharge]] = {}
    for discharge in sorted(done, key=lambda d: (d.obligation.claim, d.obligation.action or "")):
        by_claim.setdefault(discharge.obligation.claim, []).append(discharge)
    return [Proof(p, [d for c in p.closure() for d in by_claim[repr(c)]]) for p in properties]
