"""Which lemmas a proof leans on: a smallest part of those that it may use with which every obligation is still shown.

Unsat cores say which; what is left of them is dropped one by one, first what the claim does not list itself. A lemma
that a claim lists and does not need should be deleted there: it makes the proof slower, and the reader look for a
reason that is not there.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from dataclasses import dataclass

import z3

from model.language import Claim, System
from properties.interrupts import arriving
from properties.proofs.obligations import Obligation, Obligations, Question
from properties.proofs.prove import new_solver
from properties.property import Property


@dataclass(frozen=True)
class Leaning:
    """A claim, by name, the lemmas that it lists, and those that its proof needs: listed, or through others."""

    claim: str
    listed: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def unused(self) -> list[str]:
        """Listed, and not needed."""
        return [lemma for lemma in self.listed if lemma not in self.needed]


def leaning(obligations: Obligations, claim: Claim) -> Leaning:
    """What the claim leans on, over all actions or on its way. Nothing is dropped from what is not shown."""
    listed = tuple(map(repr, claim.lemmas))
    needed: list[str] = []
    for action in [None] if claim.through else obligations.system.actions.values():
        if question := obligations.question(Obligation(claim, action)):
            lemmas = [repr(lemma) for lemma in claim.closure()[1:]]
            needed += [name for name in _fewest(question, lemmas, needed, listed) if name not in needed]
    return Leaning(repr(claim), listed, tuple(needed))


@arriving()
def leanings(system: System, properties: Iterable[Property], processes: int = 2) -> list[Leaning]:
    """The properties and all their lemmas, each once."""
    global _job
    claims = list({claim: None for property in properties for claim in property.closure()})
    _job = Obligations(system), claims
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return pool.map(_nth, range(len(claims)), chunksize=1)


def dot(found: Iterable[Leaning], properties: Iterable[Property]) -> str:
    """The graph in the language of Graphviz: properties are boxes, an arrow leads to what a proof leans on."""
    lines = ["digraph lemmas {", "  rankdir=LR;", "  node [fontname=sans, shape=plain];"]
    lines += [f'  "{p.id}" [shape=box, tooltip="{p.statement}"];' for p in properties]
    for each in found:
        lines += [f'  "{each.claim}" -> "{lemma}";' for lemma in each.needed]
        lines += [f'  "{each.claim}" -> "{lemma}" [style=dotted, label="unused"];' for lemma in each.unused]
    return "\n".join([*lines, "}", ""])


_job: tuple[Obligations, list[Claim]] | None = None


def _nth(n: int) -> Leaning:
    assert _job is not None
    obligations, claims = _job
    return leaning(obligations, claims[n])


def _fewest(question: Question, lemmas: list[str], needed: list[str], listed: tuple[str, ...]) -> list[str]:
    """Lemmas that suffice and none of which can be dropped; what is needed anyway is kept rather than another."""
    named = {name: z3.Bool(f"lemma {name}") for name in lemmas if name in question.assumed}
    others = [formula for name, formula in question.assumed.items() if name not in named]
    solver = new_solver([*others, *question.conditions.values(), question.broken])
    solver.add(*[z3.Implies(used, question.assumed[name]) for name, used in named.items()])
    if solver.check(*named.values()) != z3.unsat:
        return list(named)
    core = {str(used).removeprefix("lemma ") for used in solver.unsat_core()}
    for name in sorted(core, key=lambda name: (name in needed, name in listed, name)):
        if solver.check(*[named[other] for other in core if other != name]) == z3.unsat:
            core.remove(name)
    return sorted(core, key=lemmas.index)
