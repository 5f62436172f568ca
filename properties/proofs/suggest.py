"""suggest: which lemma is missing, where a proof does not go through.

A counterexample to induction is a state that satisfies all we know and yet leads astray; so it is not reachable, and a
lemma that is false of it is missing. Candidates are clauses that are false of it (`templates`) and true of states that
were reached on walks at random. What remains is tried for real: it must be inductive together with what is known, and
the failing obligations must be met with it. Fewer literals come first.

Source: Flanagan, Leino, "Houdini, an Annotation Assistant for ESC/Java" (2001); Padon, McMillan, Panda, Sagiv, Shoham,
"Ivy: Safety Verification by Interactive Generalization" (2016).
"""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import z3

from model.language import UNBOUNDED, Claim, Formula, Relation, System
from model.mentioned import mentioned
from model.scope import SCOPES, sized
from model.simulate import Simulation, State
from properties.conditions import Without, check
from properties.interrupts import arriving
from properties.proofs.counterexample import make_small
from properties.proofs.obligations import Obligation, Obligations, Question
from properties.proofs.prove import new_solver
from properties.proofs.templates import Candidate, Literal, Sorts, literals
from properties.property import Property

SIZES = 1, 2, 3  # literals of a clause
GATHERED = 5_000  # clauses of a size at each place in the counterexample
MOST = 400  # candidates of a size that are tried for real, those that are least strange first
WALKS, LENGTH = 24, 60
PLACES = 6  # of each state at which literals are looked at
PATIENCE_MS = 2_000  # for a candidate: what takes longer is not worth suggesting
SEED = 0


@dataclass
class Suggestion:
    """Candidates each of which makes the proof go through; none if there was nothing to find, or nothing was found.

    `failing` are the obligations that are not met without one, by their text.
    """

    failing: list[str]
    candidates: list[Candidate] = field(default_factory=list)
    tried: int = 0


@arriving()
def suggest(
    system: System,
    claim: Property,
    enough: int = 3,
    progress: Callable[[int], None] | None = None,
    without: Without = frozenset(),
) -> Suggestion:
    """What is missing in the proof of `claim` as it stands, or as it would without some conditions.

    `progress` is called with the number of clauses tried. Raises ModelError if `without` names a condition that no
    action has.
    """
    check(system, without)
    known = _Known(system, claim.closure(), without)
    failing = list(known.failing())
    found = Suggestion([str(obligation) for obligation, _ in failing])
    if not failing:
        return found
    samples = Samples(system, without)
    for candidate in _candidates(known, failing[0][1], samples):
        found.tried += 1
        if progress:
            progress(found.tried)
        if known.helps(candidate, failing):
            found.candidates.append(candidate)
            if len(found.candidates) == enough:
                break
    return found


class _Known:
    """Claims that may be assumed together, since all of them are to be shown together."""

    def __init__(self, system: System, claims: Iterable[Claim], without: Without = frozenset()) -> None:
        self.system, self.obligations, self.without = system, Obligations(system), without
        self.claims = [_alone(claim) for claim in claims]
        self.assumed = [c for c in self.claims if getattr(c, "kind", "always") == "always"]
        self.astray: list[Any] = []  # models of counterexamples to induction that a candidate left

    def failing(self) -> Iterator[tuple[Obligation, Question]]:
        """The obligations that are not met."""
        for claim in self.claims:
            for obligation, question in self._questions(_with(claim, self.assumed)):
                if new_solver(question.formulas()).check() != z3.unsat:
                    yield obligation, question

    def helps(self, candidate: Candidate, failing: list[tuple[Obligation, Question]]) -> bool:
        """Whether it closes every gap, and is inductive together with what is known."""
        if not all(self._excludes(candidate, model) for model in self.astray):
            return False
        formula = self.obligations.formula(candidate)
        for _, question in failing:
            solver = _patient([*question.formulas(), formula])
            answer = solver.check()
            if answer == z3.sat:
                self.astray.append(solver.model())
            if answer != z3.unsat:
                return False
        questions = self._questions(_with(candidate, self.assumed))
        return all(_patient(question.formulas()).check() == z3.unsat for _, question in questions)

    def _excludes(self, candidate: Candidate, model: Any) -> bool:
        """Whether the candidate is false of some elements of the counterexample: cheaper than to ask again."""
        universes = [model.get_universe(UNBOUNDED.sort(sort)) or [] for sort in candidate.parameters.values()]
        return any(
            z3.is_false(model.eval(candidate.instance(elements, self.obligations.before), model_completion=True))
            for elements in itertools.product(*universes)
        )

    def _questions(self, claim: Claim) -> Iterator[tuple[Obligation, Question]]:
        for action in [None, *self.system.actions.values()]:
            obligation = Obligation(claim, action)
            if question := self.obligations.question(obligation):
                yield obligation, question.less(self.without)


def _patient(formulas: Iterable[Formula]) -> Any:
    solver = new_solver(formulas)
    solver.set("timeout", PATIENCE_MS)
    return solver


def _alone(claim: Claim) -> Claim:
    alone = copy.copy(claim)
    alone.lemmas = ()
    return alone


def _with(claim: Claim, lemmas: list[Claim]) -> Claim:
    leaning = copy.copy(claim)
    leaning.lemmas = tuple(lemmas)
    return leaning


def _candidates(known: _Known, question: Question, samples: Samples) -> Iterator[Candidate]:
    """Clauses that are false of the counterexample and true of every sample, the short ones first."""
    solver = new_solver(question.formulas())
    if solver.check() != z3.sat:
        return
    make_small(solver, known.system, known.obligations.before, question)
    solver.check()
    model = solver.model()
    read = {relation for formula in question.formulas() for relation in mentioned(formula, known.system)}

    def order(atom: Literal) -> int:
        return _strangeness((atom,), read)

    places = [(sorts, *_false(known, model, sorts, order)) for sorts in _signatures(known.system, question)]
    masks = [samples.masks(sorts, atoms) for sorts, atoms, _ in places]
    for size in SIZES:
        found: dict[tuple[Sorts, tuple[Literal, ...]], None] = {}
        for (sorts, _, instances), mask in zip(places, masks, strict=True):
            for false in instances:
                clauses = itertools.islice(_true(false, mask, size), GATHERED)
                found |= {(sorts, tuple(false[i] for i in clause)): None for clause in clauses}
        for sorts, clause in sorted(found, key=lambda pair: _strangeness(pair[1], read))[:MOST]:
            yield Candidate(sorts, clause)


def _strangeness(clause: tuple[Literal, ...], read: set[Relation]) -> int:
    """Lemmas speak of what the question speaks of, and of elements themselves rather than of what functions give."""
    far = sum(literal.relation is not None and literal.relation not in read for literal in clause)
    return 2 * far + sum(term.function is not None for literal in clause for term in literal.terms)


def _signatures(system: System, question: Question) -> list[Sorts]:
    """Which elements a lemma may speak of: those that one relation of the question speaks of."""
    read = {relation for formula in question.formulas()[-1:] for relation in mentioned(formula, system)}
    read |= {relation for formula in question.conditions.values() for relation in mentioned(formula, system)}
    of = [sorted(relation.of, key=lambda sort: sort.__name__) for relation in read]
    found = {tuple(sorts) for sorts in of if not any(sort.fixed_size for sort in sorts)}
    return sorted(found, key=lambda sorts: (len(sorts), [sort.__name__ for sort in sorts]))


def _false(
    known: _Known, model: Any, sorts: Sorts, order: Callable[[Literal], int]
) -> tuple[list[Literal], list[list[Literal]]]:
    """All atoms over these sorts, and at all elements of the counterexample each so that it is false there."""
    atoms, instances = sorted(literals(known.system, sorts), key=order), []
    universes = [model.get_universe(UNBOUNDED.sort(sort)) or [] for sort in sorts]
    for elements in itertools.product(*universes):
        holds = [model.eval(a.atom(elements, known.obligations.before.value), model_completion=True) for a in atoms]
        instances.append([Literal(a.relation, a.terms, bool(z3.is_true(h))) for a, h in zip(atoms, holds, strict=True)])
    return atoms, instances


def _true(false: list[Literal], masks: Any, size: int) -> Iterator[tuple[int, ...]]:
    """The clauses of that many of these literals that every sample satisfies, and no shorter one of them."""
    denied = np.array([literal.denied for literal in false])
    fails = np.packbits(masks == denied[:, np.newaxis], axis=1)  # eight samples a byte
    yield from _extended(fails, (), np.full(fails.shape[1], 0xFF, np.uint8), size)


def _extended(fails: Any, clause: tuple[int, ...], left: Any, size: int) -> Iterator[tuple[int, ...]]:
    """Clauses that begin with this one, of which these samples are `left`: none of its literals is true of them."""
    first = clause[-1] + 1 if clause else 0
    together = fails[first:] & left
    whole = ~together.any(axis=1)
    if len(clause) + 1 == size:
        yield from ((*clause, first + int(i)) for i in np.flatnonzero(whole))
        return
    for i in np.flatnonzero(~whole):  # a clause that is true already needs no other literal
        yield from _extended(fails, (*clause, first + int(i)), together[i], size)


class Samples:
    """Reachable states, and what atoms are true of them."""

    def __init__(self, system: System, without: Without = frozenset()) -> None:
        self.drawn = random.Random(SEED)
        scopes = SCOPES["contact"], sized("", users=2, devices=3, lists=2, messages=3, rogues=2, lies=3)
        self.states = [
            (simulation, state)
            for simulation in (Simulation(system, scope, without) for scope in scopes)
            for state in self._walked(simulation)
        ]

    def _walked(self, simulation: Simulation) -> list[State]:
        """The ends and middles of walks: an action is drawn first, so that none is drowned by the many of another."""
        found = {simulation.start}
        for _ in range(WALKS):
            state = simulation.start
            for step in range(LENGTH):
                moves = [move for move in simulation.moves(state) if not simulation.failing(state, move)]
                action = self.drawn.choice(sorted({move.action.name for move in moves}))
                state = simulation.step(state, self.drawn.choice([m for m in moves if m.action.name == action]))
                if step % 4 == 3:
                    found.add(state)
        return sorted(found)

    def masks(self, sorts: Sorts, atoms: list[Literal]) -> Any:
        """A row of truths for each atom, a column for each place of each state that is looked at."""
        columns = []
        for simulation, state in self.states:
            instances = list(itertools.product(*(range(simulation.scope.sizes[sort]) for sort in sorts)))
            for elements in self.drawn.sample(instances, min(PLACES, len(instances))):
                value = _value_in(simulation, state)
                columns.append([bool(atom.atom(elements, value)) for atom in atoms])
        return np.array(columns, bool).T


def _value_in(simulation: Simulation, state: State) -> Callable[[Relation, tuple[Any, ...]], Any]:
    return lambda relation, at: simulation.value(state, relation, *at)


def forget(claim: Property, lemma: Claim) -> Property:
    """The property as it would stand had nobody found the lemma: it and all its lemmas do without."""
    done: dict[Claim, Claim] = {}

    def without(one: Claim) -> Any:
        if one not in done:
            done[one] = copy.copy(one)
            done[one].lemmas = tuple(without(other) for other in one.lemmas if other is not lemma)
        return done[one]

    forgotten: Property = without(claim)
    return forgotten
