"""prove: every property is inductive, for any number of users, devices, lists and messages.

One obligation a claim and action: if the claim, its lemmas and the axioms hold before the step, the claim holds
after it; and one for the start. Lemmas are claims like any other and get obligations of their own, so that the
induction is mutual and complete. An action that changes nothing the claim reads cannot break it; those
obligations are counted apart ("untouched") and need no solver.

A proof that a solver finds by luck is lost with the next change of the model. So an obligation can be asked again
under other seeds, with its formulas in another order each time: what is not proven under all of them is unknown.
Source: Zhou, Bosamiya, Howell, Parno, "Mariposa: Measuring SMT Instability in Automated Program Verification" (2023).
"""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import z3

from model.fragment import cycle
from model.language import Formula, System
from properties.conditions import Without, check
from properties.interrupts import arriving
from properties.proofs import second_opinion as another
from properties.proofs.counterexample import Counterexample, smallest
from properties.proofs.obligations import Obligation, Obligations, Question
from properties.property import Property

SEED = 0
TIMEOUT_MS = 20_000
Shown = Literal["violated", "unknown", "holds"]
VERDICTS = {"unsat": "proven", "sat": "refuted", "unknown": "unknown"}


@dataclass(frozen=True)
class Answer:
    """What the solver said under one seed: proven, refuted or unknown, with its reason if that."""

    verdict: str
    reason: str
    seconds: float


@dataclass
class Discharge:
    """What became of an obligation, by its text: verdict proven, untouched, refuted or unknown.

    `cycle` are the sorts because of which it leaves the decidable fragment; none if it stays inside. `answers` are
    those under seeds 0, 1, .., as far as they were asked for; `second` is that of another solver.
    """

    claim: str
    obligation: str
    verdict: str
    reason: str = ""
    counterexample: Counterexample | None = None
    cycle: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    second: Answer | None = None
    seconds: float = 0.0

    @property
    def wavers(self) -> bool:
        """Another seed gives another answer."""
        return len({answer.verdict for answer in self.answers}) > 1

    @property
    def disputed(self) -> bool:
        """One solver proves what the other refutes."""
        said = {answer.verdict for answer in [*self.answers, *([self.second] if self.second else [])]}
        return {"proven", "refuted"} <= said


@dataclass
class Proof:
    """A property with every obligation of it and of the lemmas that it leans on."""

    claim: Property
    discharges: list[Discharge] = field(default_factory=list)

    @property
    def verdict(self) -> Shown:
        verdicts = {discharge.verdict for discharge in self.discharges}
        return "violated" if "refuted" in verdicts else "unknown" if "unknown" in verdicts else "holds"

    @property
    def failures(self) -> list[Discharge]:
        """What is not shown: the refuted before the unknown, of the property before that of its lemmas."""
        failures = [d for d in self.discharges if d.verdict in ("refuted", "unknown")]
        return sorted(failures, key=lambda d: (d.verdict, d.claim != self.claim.id))

    @property
    def outside(self) -> list[Discharge]:
        """The obligations that leave the decidable fragment."""
        return [discharge for discharge in self.discharges if discharge.cycle]

    def counts(self) -> dict[str, int]:
        return {
            "obligations": len(self.discharges),
            "by solver": sum(d.verdict == "proven" for d in self.discharges),
            "untouched": sum(d.verdict == "untouched" for d in self.discharges),
            "lemmas": len(self.claim.closure()) - 1,
        }


class Prover:
    """Discharges obligations of one system under so many seeds, some named conditions dropped if asked.

    With `second_opinion` another solver answers each question too. Raises ModelError for a condition that no action
    has.
    """

    def __init__(
        self, system: System, without: Without = frozenset(), seeds: int = 1, second_opinion: bool = False
    ) -> None:
        check(system, without)
        self.system, self.without, self.seeds, self.second_opinion = system, without, seeds, second_opinion
        self.obligations = Obligations(system)

    def discharge(self, obligation: Obligation) -> Discharge:
        """One obligation, shown or refuted by a smallest counterexample to induction."""
        began = time.perf_counter()
        question = self.obligations.question(obligation)
        discharge = Discharge(repr(obligation.claim), str(obligation), "untouched")
        if question:
            discharge.cycle = cycle(self.obligations.edges(question))
            try:
                self._ask(question, discharge)
            except z3.Z3Exception as error:
                discharge.verdict, discharge.reason = "unknown", str(error)
        discharge.seconds = time.perf_counter() - began
        if question and self.second_opinion:
            self._ask_another(obligation, question, discharge)
        return discharge

    def _ask(self, question: Question, discharge: Discharge) -> None:
        formulas = question.less(self.without).formulas()
        for seed in range(self.seeds):
            solver, began = new_solver(formulas, seed), time.perf_counter()
            verdict = VERDICTS[str(solver.check())]
            reason = f"z3 gave up: {solver.reason_unknown()}" if verdict == "unknown" else ""
            discharge.answers.append(Answer(verdict, reason, time.perf_counter() - began))
            if verdict == "refuted":
                break  # a counterexample is one under any seed
        discharge.verdict, discharge.reason = summed(discharge.answers)
        if discharge.verdict == "refuted":
            found = smallest(self.system, solver, self.obligations.before, question, self.without)
            found.fault += [
                suspect
                for suspect, formula in question.suspects.items()
                if new_solver([*question.assumed.values(), formula]).check() == z3.sat
            ]
            discharge.counterexample = found

    def _ask_another(self, obligation: Obligation, question: Question, discharge: Discharge) -> None:
        discharge.second = Answer(*another.ask(another.text(obligation, question, self.without)))
        if discharge.disputed:
            discharge.reason = f"z3 says {discharge.verdict}, cvc5 {discharge.second.verdict}: one of them is wrong"
            discharge.verdict = "unknown"

    def needed(self, obligation: Obligation) -> list[str]:
        """The conditions of the action without which the obligation is no longer shown."""
        question = self.obligations.question(obligation)
        if question is None:
            return []
        solver = new_solver([*question.assumed.values(), question.broken])
        named = {z3.Bool(name): formula for name, formula in question.conditions.items()}
        solver.add(*[z3.Implies(name, formula) for name, formula in named.items()])
        if solver.check(*named) != z3.unsat:
            return list(question.conditions)
        core = list(solver.unsat_core())
        return [str(name) for name in core if solver.check(*[n for n in named if not n.eq(name)]) != z3.unsat]


def new_solver(assertions: Iterable[Formula], seed: int = SEED) -> Any:
    """A solver that answers the same question in the same way each time, or gives up.

    Seed 0 leaves the assertions in the order in which they are written; any other shuffles them too.
    """
    assertions = list(assertions)
    if seed:
        random.Random(seed).shuffle(assertions)
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT_MS)
    solver.set("random_seed", seed)
    solver.add(*assertions)
    return solver


def summed(answers: list[Answer]) -> tuple[str, str]:
    """The verdict of all seeds together, and why it is unknown if it is."""
    verdicts = [answer.verdict for answer in answers]
    if len(set(verdicts)) == 1:
        return verdicts[0], answers[0].reason
    told = ", ".join(f"{verdict} under seed {seed}" for seed, verdict in enumerate(verdicts))
    if {"proven", "refuted"} <= set(verdicts):
        return "unknown", f"z3 contradicts itself: {told}"
    return ("refuted", "") if "refuted" in verdicts else ("unknown", f"depends on the seed: {told}")


_job: tuple[Prover, list[Obligation]] | None = None


def _discharge_nth(n: int) -> Discharge:
    assert _job is not None
    prover, todo = _job
    return prover.discharge(todo[n])


@arriving()
def prove(
    system: System,
    properties: Iterable[Property],
    *,
    without: Without = frozenset(),
    seeds: int = 1,
    second_opinion: bool = False,
    processes: int = 2,
    progress: Callable[[int, int, Discharge], None] | None = None,
) -> list[Proof]:
    """Discharge every obligation of the properties and of their lemmas, in parallel, under so many seeds.

    With `second_opinion` cvc5 answers too; what one solver proves and the other refutes is unknown. `progress` is
    called with the number done, the number of all, and what was done last. Raises ModelError if `without` names a
    condition that no action has.
    """
    global _job
    properties = list(properties)
    prover = Prover(system, without, seeds, second_opinion)
    todo = list(prover.obligations.of(properties))
    _job = prover, todo
    done: dict[str, list[Discharge]] = {}
    ignore_interrupts = (signal.signal, (signal.SIGINT, signal.SIG_IGN))  # the parent decides when to stop
    with multiprocessing.get_context("fork").Pool(processes, *ignore_interrupts) as pool:
        for number, discharge in enumerate(pool.imap(_discharge_nth, range(len(todo)), chunksize=8), 1):
            done.setdefault(discharge.claim, []).append(discharge)
            if progress:
                progress(number, len(todo), discharge)
    return [Proof(p, [d for claim in p.closure() for d in done[repr(claim)]]) for p in properties]
