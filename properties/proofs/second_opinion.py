"""A second opinion: every obligation as SMT-LIB, answered by cvc5, which shares no code with z3.

A disagreement means that one of the two solvers is wrong, or our translation is. What cvc5 does not know stays open.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from model.export.smtlib import script
from model.language import System
from properties.conditions import Without
from properties.proofs.obligations import Obligation, Obligations, Question
from properties.property import Property

TIMEOUT_MS = 10_000
# What is tried in turn: as it comes; by enumeration of terms and by models, which decides much that is quantified;
# small finite models, which finds counterexamples.
TACTICS: tuple[Mapping[str, str], ...] = (
    {},
    {"enum-inst": "true", "mbqi": "true"},
    {"finite-model-find": "true"},
)
TRY = "write it with `pentad export --to smtlib` and try other options, or prove the claim in smaller steps"


def text(obligation: Obligation, question: Question, without: Without = frozenset()) -> str:
    """The question as a script: unsatisfiable if the obligation is met."""
    action = question.taken.action if question.taken else None
    statement = getattr(question.claim, "statement", "") or repr(question.claim).replace("_", " ")
    told = [f"action: {action.sentence}"] if action else []
    conditions = {
        f"{action}.{name}": formula
        for name, formula in question.conditions.items()
        if (repr(action), name) not in without
    }
    title = [str(obligation), f"claim: {statement}", *told, "unsat: the claim holds after the step too"]
    return script({**question.assumed, **conditions, "broken": question.broken}, title)


def ask(text: str) -> tuple[str, str, float]:
    """proven, refuted or unknown, with the reason if that, and seconds."""
    began = time.perf_counter()
    reason = ""
    for tactic in TACTICS:
        answer = _answer(text, tactic)
        if answer.isUnsat() or answer.isSat():
            return "proven" if answer.isUnsat() else "refuted", "", time.perf_counter() - began
        reason = answer.getUnknownExplanation().name.lower().replace("_", " ")
    return "unknown", f"cvc5 gave up: {reason}; {TRY}", time.perf_counter() - began


def write(system: System, properties: Iterable[Property], directory: Path) -> list[Path]:
    """A file an obligation, in a folder an action; those that need no solver are left out."""
    obligations = Obligations(system)
    written = []
    for obligation in obligations.of(properties):
        if question := obligations.question(obligation):
            path = directory / str(obligation.action or "start") / f"{obligation.claim}.smt2"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(obligation, question), encoding="utf-8")
            written.append(path)
    return written


def _answer(text: str, tactic: Mapping[str, str]) -> Any:
    import cvc5  # here, because z3 alone does without it

    solver = cvc5.Solver(cvc5.TermManager())
    for option, value in {"tlimit-per": str(TIMEOUT_MS), **tactic}.items():
        solver.setOption(option, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "obligation")
    while not (command := parser.nextCommand()).isNull():
        if command.getCommandName() == "check-sat":
            return solver.checkSat()
        if command.getCommandName() != "set-info":  # it says what we believe, and cvc5 is not to know that
            command.invoke(solver, parser.getSymbolManager())
    raise ValueError("the script asks nothing")
