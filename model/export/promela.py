"""A system at a scope in Promela, for Spin: a step is a `d_step`, a cell of a relation a variable of a few bits.

Promela has no quantifiers, so every step is written out for its elements, its conditions by name. What never changes
at the scope is left out. A property about states is a step that is possible where it fails, and fails the run; a
property about steps is asserted in them. So they add no state and no transition as long as they hold.

Source: Holzmann, "The SPIN Model Checker" (2004), chapter 3 and the language reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized

from model.export.cells import Cells, Words
from model.export.grounded import Step, written
from model.export.layout import laid_out, sentence
from model.export.names import Names, words
from model.export.sequence import sequence
from model.language import Claim, System
from model.scope import Scope

RESERVED = words("""
accept active assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan d_proctype d_step do else
empty enabled end eval false fi for full get_priority goto hidden if in init inline int len local ltl mtype nempty
never nfull notrace np_ od of pc_value pid printf printm priority proctype progress provided run select set_priority
short show skip strong timeout trace true typedef unless unsigned weak xr xs
""")
WORDS = Words("0", "1", "!", " && ", " || ", "{} == {}", " -> ", " : ")


def promela(system: System, scope: Scope, claims: Iterable[Claim] = ()) -> str:
    """The text of a model that Spin reads. Raises ModelError for a claim about anything but states and steps."""
    return "\n".join(_Text(system, scope, claims).lines()) + "\n"


class _Text:
    def __init__(self, system: System, scope: Scope, claims: Iterable[Claim]) -> None:
        self.system, self.scope = system, scope
        self.found = written(system, scope, claims)
        self.names = Names(system, scope, RESERVED)
        self.cells = Cells(WORDS, self.names, self.found.shape.layout)
        self.name = self.names.new(system.name)
        asserted = [*self.found.states, *(claim for step in self.found.steps for claim in step.laws)]
        self.labels = {claim: self.names.new(str(claim)) for claim in dict.fromkeys(asserted)}
        self.kept = max((len(sequence(step.reads)[0]) for step in self.found.steps), default=0)

    def lines(self) -> Iterator[str]:
        layout = self.found.shape.layout
        yield f"/* {self.system.name} at {self.scope}: {len(layout)} variables, {len(self.found.steps)} steps."
        yield "   spin -a -o2 FILE && gcc -O2 -DSAFETY -DMEMLIM=8000 -o pan pan.c && ./pan -E -m1000000"
        yield "   Spin counts the first state as a transition too: the system has stored + matched - 1. */"
        yield from self._elements()
        yield from self._state()
        if self.labels:
            yield "\n/* What is asserted. These never change; Spin shows the name of one where something fails. */"
            yield from (f"hidden byte {label}; /* {sentence(claim)} */" for claim, label in self.labels.items())
        yield f"\nactive proctype {self.name}() {{\nend: do"
        for step in self.found.steps:
            yield from self._step(step)
        for claim, node in self.found.states.items():
            yield f"\n  /* {sentence(claim)} */\n  :: d_step {{"
            yield from laid_out(self.cells.truth(node), 6, "!(", ") ->")
            yield f"      assert({self.labels[claim]})\n    }}"
        yield "  od\n}"

    def _elements(self) -> Iterator[str]:
        used = {atom.relation.gives for atom in self.found.shape.layout}
        for sort, elements in self.scope.names.items():
            if sort in used:
                yield f"\n/* {sort.__name__} */"
                yield from (f"#define {self.names.element(sort, k)} {k}" for k in range(len(elements)))

    def _state(self) -> Iterator[str]:
        shape, relation = self.found.shape, None
        for atom, place in shape.layout.items():
            if atom.relation is not relation:
                relation = atom.relation
                yield f"\n/* {relation} */"
            kind, width = ("bit", "") if place.width == 1 else ("unsigned", f" : {place.width}")
            first = f" = {self.cells.constant(atom.relation, shape.first[atom])}" if shape.first[atom] else ""
            yield f"{kind} {self.cells.cell(atom)}{width}{first};"
        if self.kept:
            yield "\n/* What a step overwrites and still needs; no part of the state */"
        yield from (f"hidden byte was_{n};" for n in range(self.kept))

    def _step(self, step: Step) -> Iterator[str]:
        yield f"\n  /* {step}\n     {step.sentence} */\n  :: d_step {{"
        if not step.conditions:
            yield f"      {WORDS.true} ->"
        for last, (name, node) in zip(_last(step.conditions), step.conditions.items(), strict=True):
            yield from laid_out(self.cells.truth(node), 6, f"/* {name} */ ", " ->" if last else " &&")
        for claim, node in step.laws.items():
            yield "      if"
            yield from laid_out(self.cells.truth(node), 6, f":: /* {claim} */ ")
            yield f"      :: else -> assert({self.labels[claim]})\n      fi;"
        kept, order = sequence(step.reads)
        was = {atom: f"was_{n}" for n, atom in enumerate(kept)}
        for atom, old in was.items():
            yield f"      {old} = {self.cells.cell(atom)};"
        for atom in order:
            value = self.cells.value(step.updates[atom], atom.relation, was)
            yield from laid_out(value, 6, f"{self.cells.cell(atom)} = ", ";")
        yield "    }"


def _last(things: Sized) -> list[bool]:
    """For each of them, whether it is the last."""
    return [i == len(things) - 1 for i in range(len(things))]
