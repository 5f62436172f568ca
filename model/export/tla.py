"""A system at a scope in TLA+, for TLC: relations are functions, actions are actions, and nothing is written out.

Elements are strings, by the names that traces use. Properties about states are invariants, those about steps are
temporal formulas of the form [][...]_vars. Sorts that have no elements at the scope go, with whatever is about them.

TLC counts the first state among those generated: transitions = generated - 1, states = distinct.

Source: Lamport, "Specifying Systems" (2002), chapters 15 and 16.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import z3

from model.export.layout import Joined, Text, filled, flat, laid_out, sentence
from model.export.names import Names, identifier, words
from model.language import Action, Claim, Effect, ModelError, Relation, Sort, System, Taken
from model.scope import Scope

RESERVED = words("""
ACTION ASSUME ASSUMPTION AXIOM BOOLEAN BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS DOMAIN ELSE ENABLED
EXCEPT EXTENDS FALSE HAVE HIDE IF IN INSTANCE Init LAMBDA LEMMA LET LOCAL MODULE NEW Next OBVIOUS OMITTED ONLY OTHER
PICK PROOF PROPOSITION PROVE QED SF_ STATE STEP STRING SUBSET SUFFICES Spec TAKE TEMPORAL THEN THEOREM TRUE UNCHANGED
UNION USE VARIABLE VARIABLES WF_ WITH WITNESS vars
""")
CONNECTIVES = {z3.Z3_OP_AND: (" /\\ ", "TRUE"), z3.Z3_OP_OR: (" \\/ ", "FALSE")}
INFIX = {
    z3.Z3_OP_IMPLIES: " => ",
    z3.Z3_OP_EQ: " = ",
    z3.Z3_OP_IFF: " <=> ",
    z3.Z3_OP_XOR: " # ",
    z3.Z3_OP_DISTINCT: " # ",
}
Known = Mapping[str, str]


def tla(system: System, scope: Scope, claims: Iterable[Claim] = ()) -> tuple[str, str, str]:
    """The name of the module, its text, and the configuration for TLC.

    Raises ModelError for a claim about anything but states and steps.
    """
    text = _Text(system, scope, list(claims))
    return text.name, "\n".join(text.lines()) + "\n", "\n".join(text.configuration()) + "\n"


class _Text:
    def __init__(self, system: System, scope: Scope, claims: list[Claim]) -> None:
        self.system, self.scope, self.claims = system, scope, claims
        for claim in claims:
            if claim.about not in ("state", "step"):
                raise ModelError(f"{claim} is about a {claim.about}; only claims about states and steps are written")
        self.name = identifier(f"{system.name}_{scope.name}")
        self.names = Names(system, scope, RESERVED | {self.name})
        self.labels = {claim: self.names.new(str(claim)) for claim in claims}
        self.actions = {
            a: self.names.new(a.name) for a in system.actions.values() if self._exists(a.parameters.values())
        }
        self.relations = {r.name: r for r in system.relations if self._exists(r.of)}
        self.variables = [r for r in self.relations.values() if not r.frozen]
        self.sorts = {sort.__name__: sort for sort in scope.names}
        self.state = system.state()

    def _exists(self, sorts: Iterable[type[Sort]]) -> bool:
        return all(self.scope.names[sort] for sort in sorts)

    def lines(self) -> Iterator[str]:
        yield f"{f' MODULE {self.name} ':-^78}"
        yield f"\\* {self.system.name} at {self.scope}"
        yield "\\* java -cp tla2tools.jar tlc2.TLC MODULE; the states generated but the first are the transitions\n"
        for sort, elements in self.scope.names.items():
            if elements:
                yield from laid_out(
                    Joined(", ", [_quoted(e) for e in elements], "{", "}"), 0, f"{self.names.sort(sort)} == "
                )
        yield "\n\\* The configuration"
        for relation in self.relations.values():
            if relation.frozen:
                yield from self._frozen(relation)
        variables = [self.names.relation(r) for r in self.variables]
        yield ""
        yield from filled(variables, "VARIABLES ")
        yield ""
        yield from filled(variables, "vars == <<", ">>")
        yield "\nInit =="
        yield from self._start()
        for action in self.actions:
            yield from self._action(action)
        yield "\nNext =="
        for action, name in self.actions.items():
            yield f"  \\/ {self._over('E', action.parameters.items())}{_applied(name, action.parameters)}"
        yield "\nSpec == Init /\\ [][Next]_vars"
        for claim in self.claims:
            yield from self._claim(claim)
        yield f"\n{'':=^78}"

    def configuration(self) -> Iterator[str]:
        yield "SPECIFICATION Spec"
        yield "CHECK_DEADLOCK FALSE"
        for word, about in (("INVARIANT", "state"), ("PROPERTY", "step")):
            yield from (f"{word} {label}" for claim, label in self.labels.items() if claim.about == about)

    def _over(self, quantifier: str, variables: Iterable[tuple[str, type[Sort]]]) -> str:
        bounds = ", ".join(f"{name} \\in {self.names.sort(sort)}" for name, sort in variables)
        return f"\\{quantifier} {bounds}: " if bounds else ""

    def _function(self, places: Sequence[str], of: Sequence[type[Sort]], value: Text) -> Text:
        """What a relation is, as a function of these variables."""
        if not of:
            return value
        bounds = self._over("", zip(places, of, strict=True)).removeprefix("\\ ").removesuffix(": ")
        return Joined("", [value], f"[{bounds} |-> ", "]")

    def _frozen(self, relation: Relation) -> Iterator[str]:
        places = [f"x{i}" for i in range(len(relation.of))] if len(relation.of) > 1 else ["x"]
        table = self.scope.frozen[relation]
        value: Text
        if issubclass(relation.gives, Sort):
            names = self.scope.names[relation.gives]
            arms = [f"{self._tuple(relation, at, places)} -> {_quoted(names[k])}" for at, k in table.items()]
            value = Joined(" [] ", arms, "CASE ", "")
        else:
            true = [self._elements(relation, at) for at, k in table.items() if k]
            value = Joined(", ", true, f"{_several(places)} \\in {{", "}")
        yield from laid_out(self._function(places, relation.of, value), 0, f"{self.names.relation(relation)} == ")

    def _elements(self, relation: Relation, at: Sequence[int]) -> str:
        return _several([_quoted(self.scope.names[sort][k]) for sort, k in zip(relation.of, at, strict=True)])

    def _tuple(self, relation: Relation, at: Sequence[int], places: Sequence[str]) -> str:
        return f"{_several(places)} = {self._elements(relation, at)}"

    def _start(self) -> Iterator[str]:
        start = self.system.start(self.state)
        for relation in self.variables:
            variables = [z3.FreshConst(start.universe.sort(s), s.__name__.lower()) for s in relation.of]
            places = self._fresh([_first(v) for v in variables], ())
            known = {v.decl().name(): place for v, place in zip(variables, places, strict=True)}
            value = self._text(start.value(relation, variables), known)
            function = self._function(places, relation.of, value)
            yield from laid_out(function, 2, f"/\\ {self.names.relation(relation)} = ")

    def _action(self, action: Action) -> Iterator[str]:
        variables = self.system.arguments(action)
        known = {v.decl().name(): name for v, name in zip(variables, action.parameters, strict=True)}
        taken = self.system.take(action, variables, self.state)
        yield f"\n\\* {action.sentence}"
        yield f"{_applied(self.actions[action], action.parameters)} =="
        for name, condition in (taken.when | taken.guards).items():
            yield from laid_out(self._text(condition, known), 2, "/\\ ", f"  \\* {name}")
        changed = [r for r in self.variables if any(e.relation is r for e in taken.effects)]
        for relation in changed:
            value = self._changed(relation, taken, known)
            yield from laid_out(value, 2, f"/\\ {self.names.relation(relation)}' = ")
        if same := [self.names.relation(r) for r in self.variables if r not in changed]:
            yield from filled(same, "  /\\ UNCHANGED <<", ">>")

    def _changed(self, relation: Relation, taken: Taken, known: Known) -> Text:
        """The relation after the effects, of which the last on a cell counts."""
        effects = [e for e in taken.effects if e.relation is relation]
        name = self.names.relation(relation)
        if not relation.of:
            return self._text(effects[-1].value, known)
        if not any(effect.free for effect in effects):
            at = [", ".join(flat(self._text(i, known)) for i in effect.at) for effect in effects]
            updates = [f"![{i}] = {flat(self._text(e.value, known))}" for i, e in zip(at, effects, strict=True)]
            return Joined(", ", updates, f"[{name} EXCEPT ", "]")
        places = self._fresh([_first(i) if z3.is_const(i) else "i" for i in effects[-1].at], known.values())
        value: Text = f"{name}[{', '.join(places)}]"
        for effect in effects:
            value = self._where(effect, places, known, value)
        return self._function(places, relation.of, value)

    def _where(self, effect: Effect, places: Sequence[str], known: Known, otherwise: Text) -> Text:
        """The value that the effect gives to the cell at these places, or the other one."""
        free = {f.decl().name() for f in effect.free}
        pairs = list(zip(effect.at, places, strict=True))
        here = {i.decl().name(): place for i, place in pairs if i.decl().name() in free}
        value = self._text(effect.value, {**known, **here})
        fixed = [f"{place} = {flat(self._text(i, known))}" for i, place in pairs if i.decl().name() not in free]
        return _if(Joined(" /\\ ", fixed), value, otherwise) if fixed else value

    def _claim(self, claim: Claim) -> Iterator[str]:
        if not self._exists(claim.parameters.values()):
            value: Text = "TRUE"
        else:
            after = self.system.state(prime="'") if claim.about == "step" else None
            variables = claim.variables(self.state.universe)
            known = {v.decl().name(): name for v, name in zip(variables, claim.parameters, strict=True)}
            body = self._text(claim.instance(variables, self.state, after), known)
            value = Joined("", [body], f"({self._over('A', claim.parameters.items())}", ")")
        yield f"\n\\* {sentence(claim)}"
        step = claim.about == "step"
        yield from laid_out(value, 0, f"{self.labels[claim]} == {'[][' if step else ''}", "]_vars" if step else "")

    def _text(self, formula: Any, known: Known, bound: tuple[str, ...] = ()) -> Text:
        """`known` are the variables by their z3 names, `bound` those of the quantifiers around, the innermost last."""
        if z3.is_var(formula):
            return bound[-1 - int(z3.get_var_index(formula))]
        if z3.is_quantifier(formula):
            return self._quantified(formula, known, bound)
        kind, name = formula.decl().kind(), formula.decl().name()
        if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
            return "TRUE" if kind == z3.Z3_OP_TRUE else "FALSE"
        if kind == z3.Z3_OP_DT_CONSTRUCTOR:
            constructors = [formula.sort().constructor(i) for i in range(formula.sort().num_constructors())]
            return _quoted(self.scope.names[self.sorts[formula.sort().name()]][constructors.index(formula.decl())])
        if kind == z3.Z3_OP_UNINTERPRETED and name in known:
            return known[name]
        parts = [self._text(child, known, bound) for child in formula.children()]
        if kind == z3.Z3_OP_UNINTERPRETED:
            relation, prime = self.relations[name.removesuffix("'")], "'" if name.endswith("'") else ""
            at = f"[{', '.join(map(flat, parts))}]" if parts else ""
            return f"{self.names.relation(relation)}{prime}{at}"
        if kind == z3.Z3_OP_NOT:
            (part,) = parts
            return (
                Joined(part.word, part.parts, f"~{part.opening}", part.closing)
                if isinstance(part, Joined)
                else f"~{part}"
            )
        if kind == z3.Z3_OP_ITE:
            return _if(*parts)
        if kind in CONNECTIVES:
            word, neutral = CONNECTIVES[kind]
            flattened = [
                p
                for part in parts
                for p in (
                    part.parts if isinstance(part, Joined) and (part.word, part.opening) == (word, "(") else [part]
                )
            ]
            return Joined(word, flattened) if len(flattened) > 1 else flattened[0] if flattened else neutral
        if kind == z3.Z3_OP_DISTINCT and len(parts) > 2:
            return Joined(" /\\ ", [f"{flat(x)} # {flat(y)}" for x, y in itertools.combinations(parts, 2)])
        if kind not in INFIX:
            raise ModelError(f"{name} is no word of the modelling language: {formula}")
        return Joined(INFIX[kind], parts)

    def _quantified(self, formula: Any, known: Known, bound: tuple[str, ...]) -> Text:
        sorts = [self.sorts[formula.var_sort(i).name()] for i in range(formula.num_vars())]
        if not self._exists(sorts):
            return "TRUE" if formula.is_forall() else "FALSE"
        names = [formula.var_name(i).partition("!")[0] for i in range(formula.num_vars())]
        names = self._fresh(names, (*known.values(), *bound))
        body = self._text(formula.body(), known, (*bound, *names))
        quantifier = "A" if formula.is_forall() else "E"
        return Joined("", [body], f"({self._over(quantifier, zip(names, sorts, strict=True))}", ")")

    def _fresh(self, names: Iterable[str], taken: Iterable[str]) -> list[str]:
        """TLA+ has no two variables of one name where both are in force."""
        found: list[str] = []
        for name in names:
            found.append(self.names.local(name, (*taken, *found)))
        return found


def _first(variable: Any) -> str:
    return str(variable.decl().name()).partition("!")[0]


def _quoted(element: str) -> str:
    return f'"{element}"'


def _several(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"<<{', '.join(parts)}>>"


def _applied(name: str, parameters: Iterable[str]) -> str:
    inside = ", ".join(parameters)
    return f"{name}({inside})" if inside else name


def _if(condition: Text, then: Text, otherwise: Text) -> Text:
    return Joined(" ", [f"IF {flat(condition)}", f"THEN {flat(then)}", f"ELSE {flat(otherwise)}"])
