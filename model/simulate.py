"""The executable model: states, moves and what follows from them, in plain Python.

The oracle of every other engine: it reads the same actions but shares no encoding with the solver or the
explorer, and a counterexample of theirs counts only once it has been seen here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import z3

from model.language import Action, Claim, ModelError, Relation, Sort, System, Taken, premise
from model.plain import Plain, Table, define, variable
from model.scope import Scope

Function = Callable[..., Any]
State = tuple[int, ...]
"""One value for every index of every mutable relation, in the order of `System.mutable`, row-major."""


class Move(NamedTuple):
    """An action at given elements, each by its number in the scope."""

    action: Action
    args: tuple[int, ...]

    def named(self, scope: Scope) -> dict[str, str]:
        """The arguments by name: `{"device": "bob.phone"}`."""
        sorts = self.action.parameters.items()
        return {name: scope.names[sort][i] for (name, sort), i in zip(sorts, self.args, strict=True)}


@dataclass(frozen=True)
class _Rules:
    """One action, compiled."""

    moves: Callable[[State], list[Move]]
    impossible: Callable[..., tuple[str, ...]]
    failing: Callable[..., tuple[str, ...]]
    step: Callable[..., State]
    actor: Callable[..., int] | None
    actor_sort: str


class Simulation:
    """A system at a scope. `without` drops conditions: `[("linking.confirm", "linking_secret")]`.

    Raises ModelError for a condition that no action has, and for a scope that breaks an axiom of the system.
    """

    def __init__(self, system: System, scope: Scope, without: Iterable[tuple[str, str]] = ()) -> None:
        self.system, self.scope = system, scope
        self._sorts = {sort.__name__: sort for sort in scope.names}
        self._tables: dict[Relation, Table] = {}
        self._frozen: dict[str, tuple[int, ...]] = {}
        offset = 0
        for relation in system.relations:
            shape = tuple(scope.sizes[sort] for sort in relation.of)
            if relation.frozen:
                table = Table(relation.name.replace(".", "_"), shape)
                self._frozen[table.name] = self._configured(relation, shape)
            else:
                table = Table("s", shape, offset)
                offset += table.size
            self._tables[relation] = table
        self._claims: dict[tuple[Claim, bool, bool], Function] = {}
        self._dropped = set(without)
        self._compiled: dict[Action, _Rules] = {}
        self.start = self._start()
        self._check()

    def value(self, state: State, relation: Relation, *index: int) -> int:
        """What the relation says at these elements: 0 or 1, or the number of an element."""
        table = self._tables[relation]
        return (self._frozen[table.name] if relation.frozen else state)[table.place(index)]

    def position(self, relation: Relation, *index: int) -> int:
        """Where in a state the value of a mutable relation at these elements stands."""
        return self._tables[relation].place(index)

    def replace(self, state: State, relation: Relation, index: Sequence[int], value: int) -> State:
        """The same state but for one value."""
        if relation.frozen:
            raise ModelError(f"{relation} is frozen: it is part of the scope, not of a state")
        place = self._tables[relation].place(index)
        return (*state[:place], value, *state[place + 1 :])

    def table(self, state: State, relation: Relation) -> dict[tuple[int, ...], int]:
        """All values of the relation by index."""
        return {index: self.value(state, relation, *index) for index in self._indexes(relation.of)}

    def move(self, action: str, /, **arguments: str) -> Move:
        """The move by names: `move("devicelist.show", device="bob.phone", user="alice", list="alice.1")`."""
        taken = self.system.action(action)
        if arguments.keys() != taken.parameters.keys():
            raise ModelError(f"{action} takes {', '.join(taken.parameters)}, not {', '.join(arguments) or 'nothing'}")
        return Move(taken, tuple(self.scope.element(sort, arguments[p]) for p, sort in taken.parameters.items()))

    def moves(self, state: State) -> list[Move]:
        """Every move that exists, accepted or not: by action, then by the numbers of its arguments."""
        actions = [a for a in self.system.actions.values() if self.scope.has(a.parameters.values())]
        return [move for action in actions for move in self._rules(action).moves(state)]

    def possible(self, state: State, move: Move) -> tuple[str, ...]:
        """The `when` conditions that fail; none if the move exists."""
        return self._rules(move.action).impossible(state, *move.args)

    def failing(self, state: State, move: Move) -> tuple[str, ...]:
        """The `require` guards that fail; none if the move is accepted."""
        return self._rules(move.action).failing(state, *move.args)

    def step(self, state: State, move: Move) -> State:
        """The state after the move, as if it were accepted."""
        return self._rules(move.action).step(state, *move.args)

    def successors(self, state: State) -> list[tuple[Move, State]]:
        """Every accepted move with the state that it leads to."""
        return [(move, self.step(state, move)) for move in self.moves(state) if not self.failing(state, move)]

    def actor(self, move: Move) -> str | None:
        """The name of who makes the move; None for the adversary and for chance."""
        rules = self._rules(move.action)
        return self.scope.names[self._sorts[rules.actor_sort]][rules.actor(*move.args)] if rules.actor else None

    def holds(self, claim: Claim, before: State, after: State | None = None) -> tuple[int, ...] | None:
        """None if the claim holds, else the first elements of which it is false. `after` is for claims about steps."""
        if not self.scope.has(claim.parameters.values()):
            return None
        violating: tuple[int, ...] | None = self._claim(claim, after is not None)(before, after)
        return violating

    def premise_met(self, claim: Claim, before: State, after: State | None = None) -> bool:
        """Whether the claim says anything here: the left side of its implication holds of some elements."""
        if not self.scope.has(claim.parameters.values()):
            return False
        met: bool = self._claim(claim, after is not None, premise_alone=True)(before, after)
        return met

    def changes(self, before: State, after: State) -> list[str]:
        """What differs, in words: `fanout.sent(message 1)`, `devicelist.view(bob.phone, alice): alice.0 -> alice.1`."""
        return [
            self._change(relation, index, before, after)
            for relation, table in self._mutable()
            if before[table.all] != after[table.all]
            for index in self._indexes(relation.of)
            if self.value(before, relation, *index) != self.value(after, relation, *index)
        ]

    def _change(self, relation: Relation, index: tuple[int, ...], before: State, after: State) -> str:
        names = ", ".join(self.scope.names[sort][i] for i, sort in zip(index, relation.of, strict=True))
        old, new = (self.value(state, relation, *index) for state in (before, after))
        if issubclass(relation.gives, Sort):
            values = self.scope.names[relation.gives]
            return f"{relation}({names}): {values[old]} -> {values[new]}"
        return f"{'' if new else 'not '}{relation}({names})"

    def _indexes(self, sorts: Iterable[type[Sort]]) -> Iterable[tuple[int, ...]]:
        return itertools.product(*(range(self.scope.sizes[sort]) for sort in sorts))

    def _configured(self, relation: Relation, shape: tuple[int, ...]) -> tuple[int, ...]:
        if relation not in self.scope.frozen and 0 not in shape:
            raise ModelError(f"scope {self.scope.name} says nothing of the frozen relation {relation}")
        return tuple(self.scope.frozen[relation][index] for index in itertools.product(*map(range, shape)))

    def _plain(self, before: str | None = None, after: str | None = None) -> Plain:
        """A translator where the state, and the state after, are in the Python variables of these names."""
        tables = {r.name: t for r, t in self._tables.items() if r.frozen}
        for name, prime in (before, ""), (after, "'"):
            if name:
                tables |= {r.name + prime: Table(name, t.shape, t.offset) for r, t in self._mutable()}
        return Plain(tables, {name: self.scope.sizes[sort] for name, sort in self._sorts.items()})

    def _mutable(self) -> Iterable[tuple[Relation, Table]]:
        return ((r, t) for r, t in self._tables.items() if not r.frozen)

    def _define(self, name: str, parameters: Iterable[str], lines: Iterable[str], **known: object) -> Function:
        return define(f"{name}({', '.join(parameters)})", lines, self._frozen | known)

    def _rules(self, action: Action) -> _Rules:
        """Compiled when they are first asked for: most never are."""
        if action not in self._compiled:
            self._compiled[action] = self._compile(action)
        return self._compiled[action]

    def _compile(self, action: Action) -> _Rules:
        system, plain = self.system, self._plain("s")
        arguments = system.arguments(action)
        taken = system.take(action, arguments, system.state())
        when = {name: f for name, f in taken.when.items() if (action.name, name) not in self._dropped}
        guards = {name: f for name, f in taken.guards.items() if (action.name, name) not in self._dropped}
        names = [variable(a) for a in arguments]
        all_moves = Table("all_moves", tuple(map(plain.size, arguments)))
        moves = [Move(action, args) for args in self._indexes(action.parameters.values())]
        search = plain.search(arguments, when.values(), f"found.append({all_moves.source(names)})")
        who = taken.actor
        return _Rules(
            moves=self._define("moves", ["s"], ["found = []", *search, "return found"], all_moves=moves),
            impossible=self._define("impossible", ["s", *names], _failing(plain, when)),
            failing=self._define("failing", ["s", *names], _failing(plain, guards)),
            step=self._define("step", ["s", *names], _step(plain, taken)),
            actor=None if who is None else self._define("actor", names, [f"return {self._plain().source(who)}"]),
            actor_sort="" if who is None else who.sort().name(),
        )

    def _start(self) -> State:
        system, plain = self.system, self._plain()
        first = system.start(system.state())
        values: list[int] = []
        for relation, table in self._mutable():
            if not table.size:
                continue
            index = [z3.FreshConst(first.universe.sort(sort), "i") for sort in relation.of]
            value = _value(plain, relation, first.value(relation, index))
            at = self._define("first", map(variable, index), [f"return {value}"])
            values.extend(at(*i) for i in itertools.product(*map(range, table.shape)))
        return tuple(values)

    def _claim(self, claim: Claim, step: bool, premise_alone: bool = False) -> Function:
        """A function of the states: the first violating instance, or whether the premise is met."""
        key = claim, step, premise_alone
        if key not in self._claims:
            before, after = self.system.state(), self.system.state(prime="'") if step else None
            plain, variables = self._plain("s", "t" if step else None), claim.variables(before.universe)
            body = claim.instance(variables, before, after)
            if premise_alone:
                lines = [*plain.search(variables, [premise(body)], "return True"), "return False"]
            else:
                instance = "".join(f"{variable(v)}, " for v in variables)
                lines = [*plain.search(variables, [z3.Not(body)], f"return ({instance})"), "return None"]
            self._claims[key] = self._define("found", ["s", "t"], lines)
        return self._claims[key]

    def _check(self) -> None:
        for name in sorted(self._dropped):
            self.system.condition(*name)
        for axiom in self.system.axioms:
            violating = self.holds(axiom, self.start)
            if violating is not None:
                sorts = axiom.parameters.values()
                names = ", ".join(self.scope.names[sort][i] for i, sort in zip(violating, sorts, strict=True))
                raise ModelError(f"scope {self.scope.name} breaks the axiom {axiom}: not so for {names}")


def _failing(plain: Plain, conditions: dict[str, Any]) -> list[str]:
    """The body of a function that names the conditions that fail."""
    tests = [f"if not {plain.source(c)}: by.append({name!r})" for name, c in conditions.items()]
    return ["by = []", *tests, "return tuple(by)"] if tests else ["return ()"]


def _step(plain: Plain, taken: Taken) -> list[str]:
    """The body of a function that computes the state after: reads `s` only, so that no effect sees another."""
    lines = ["t = list(s)"]
    for effect in taken.effects:
        table = plain.tables[effect.relation.name]
        target = Table("t", table.shape, table.offset).source([plain.source(i) for i in effect.at])
        lines += plain.search(effect.free, [], f"{target} = {_value(plain, effect.relation, effect.value)}")
    return [*lines, "return tuple(t)"]


def _value(plain: Plain, relation: Relation, value: Any) -> str:
    """The value as a number: Python's `or` and `and` may give a bool."""
    source = plain.source(value)
    return source if issubclass(relation.gives, Sort) else f"1 if {source} else 0"


class Violation(NamedTuple):
    """A claim, the elements of which it is false, and the moves from the start that lead there."""

    claim: Claim
    instance: tuple[int, ...]
    path: list[Move]


class Search(NamedTuple):
    """How far a search came: accepted moves count as transitions, also those that change nothing."""

    states: int
    transitions: int
    depth: int
    violation: Violation | None


def breadth_first(simulation: Simulation, claims: Iterable[Claim] = (), limit: int = 100_000) -> Search:
    """Visits every reachable state, nearest first, and stops at the first violation of a claim.

    Claims about steps are tried on every accepted move, others on every state. Raises ModelError beyond `limit`
    states: a count of part of them would look like a result.
    """
    about_steps = [c for c in claims if c.about == "step"]
    about_states = [c for c in claims if c.about != "step"]
    came: dict[State, tuple[State, Move] | None] = {simulation.start: None}
    level, depth, transitions = [simulation.start], 0, 0

    def path(state: State) -> list[Move]:
        moves: list[Move] = []
        while origin := came[state]:
            state, move = origin
            moves.append(move)
        return moves[::-1]

    def violation(tried: list[Claim], *states: State) -> tuple[Claim, tuple[int, ...]] | None:
        found = ((claim, simulation.holds(claim, *states)) for claim in tried)
        return next(((claim, instance) for claim, instance in found if instance is not None), None)

    if broken := violation(about_states, simulation.start):
        return Search(1, 0, 0, Violation(*broken, []))
    while level:
        following: list[State] = []
        for state in level:
            for move, after in simulation.successors(state):
                transitions += 1
                new = after not in came
                broken = violation(about_steps, state, after) or (violation(about_states, after) if new else None)
                if broken:
                    return Search(len(came) + new, transitions, depth + 1, Violation(*broken, [*path(state), move]))
                if new:
                    came[after] = state, move
                    following.append(after)
                    if len(came) > limit:
                        raise ModelError(f"scope {simulation.scope} has more than {limit} states; choose a smaller one")
        depth += bool(following)
        level = following
    return Search(len(came), transitions, depth, None)
