"""The modelling language: sorts, relations, actions, modules, systems.

A protocol is a transition system. Its state is a set of relations; an action names what must hold before
it (guards) and what it changes (effects). Everything is a z3 expression, so a proof, a finite search and a
plain run all read the same text. Three laws:

* An action never sees its own effects: relations are read as they were before, whatever the order of lines.
* `when` says which moves exist at all (a phone that is switched off does nothing); `require` says what an
  honest party checks, so an attempt that fails it is refused and changes nothing.
* This file names no messaging concept. The modules beside it do.
"""

from __future__ import annotations

import copy
import inspect
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from string import Formatter
from typing import Any, ClassVar, NoReturn, TypeVar, get_type_hints

import z3

Formula = Any  # a z3 expression; z3 ships no types


class ModelError(Exception):
    """The text of a model makes no sense: says which relation or action, and what to write instead."""


class Sort:
    """A kind of thing: `class Device(Sort)`. Unbounded when proving, so many elements when exploring.

    `class Seat(Sort, size=4)` has four elements everywhere.
    """

    fixed_size: ClassVar[int | None] = None

    def __init_subclass__(cls, size: int | None = None) -> None:
        cls.fixed_size = size


_enumerations: dict[tuple[str, int], tuple[Any, list[Any]]] = {}


class Universe:
    """What the sorts stand for: unbounded, or (given `sizes`) an enumeration each."""

    def __init__(self, sizes: Mapping[type[Sort], int] | None = None) -> None:
        self.sizes = dict(sizes) if sizes else None

    def size(self, sort: type[Sort]) -> int | None:
        return sort.fixed_size if sort.fixed_size is not None else self.sizes[sort] if self.sizes else None

    def sort(self, sort: type[Sort] | type[bool]) -> Any:
        """The z3 sort that stands for `sort`."""
        if not issubclass(sort, Sort):
            return z3.BoolSort()
        # z3 has no enumeration of nothing; no variable ranges over a sort of size 0, so any sort stands for it
        return self._enumeration(sort)[0] if self.size(sort) else z3.DeclareSort(sort.__name__)

    def elements(self, sort: type[Sort]) -> list[Any]:
        """The elements of a finite sort, as z3 constants."""
        return [] if self.size(sort) == 0 else self._enumeration(sort)[1]

    def _enumeration(self, sort: type[Sort]) -> tuple[Any, list[Any]]:
        size = self.size(sort)
        if size is None:
            raise ModelError(f"{sort.__name__} is unbounded here and has no elements to list")
        key = sort.__name__, size
        if key not in _enumerations:
            name = sort.__name__ if sort.fixed_size else f"{sort.__name__}.{size}"
            _enumerations[key] = z3.EnumSort(name, [f"{name}!{i}" for i in range(size)])
        return _enumerations[key]


UNBOUNDED = Universe()


class Relation:
    """A state variable: `linked(device)` is true or false, `account(device)` gives a user.

    `frozen` relations are the configuration and never change. An effect is an assignment, a slice stands for
    every index: `names[next, :] = lambda index: ...`.
    """

    def __init__(self, *of: type[Sort], gives: type[Sort] | type[bool] = bool, frozen: bool = False) -> None:
        self.of, self.gives, self.frozen = of, gives, frozen
        self.name = self.owner = "?"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.owner = _qualified(owner, name), owner.__name__

    def __call__(self, *at: Any) -> Any:
        return _reading().before.value(self, at)

    def after(self, *at: Any) -> Any:
        """The value after the step, for claims about two neighbouring states."""
        after = _reading().after
        if after is None:
            raise ModelError(f"{self}.after is read outside a claim about a step")
        return after.value(self, at)

    def __setitem__(self, at: Any, value: Any) -> None:
        taking = _reading().taking
        if taking is None:
            raise ModelError(f"{self} is assigned outside an action")
        if self.frozen and not taking.initial:
            raise ModelError(f"{self} is frozen; an action cannot change it")
        at = at if isinstance(at, tuple) else (at,)
        self.check(at)
        taking.write(self, at)
        universe = _reading().before.universe
        places = tuple(
            _fresh(universe, s, "i") if isinstance(i, slice) else i for i, s in zip(at, self.of, strict=True)
        )
        free = tuple(p for p, i in zip(places, at, strict=True) if isinstance(i, slice))
        taking.effects.append(Effect(self, places, free, _expression(value(*free) if callable(value) else value)))

    def check(self, at: Sequence[Any]) -> None:
        """ModelError unless there is an index for every sort."""
        if len(at) != len(self.of):
            raise ModelError(f"{self} has {len(self.of)} index{'es' * (len(self.of) != 1)}, not {len(at)}")

    def __repr__(self) -> str:
        return self.name


def _qualified(owner: type, name: str) -> str:
    return f"{owner.__module__.rsplit('.', 1)[-1]}.{name}"


def _expression(value: Any) -> Any:
    return z3.BoolVal(value) if isinstance(value, bool) else value


def _same(one: Any, other: Any) -> bool:
    """Both stand for every index, or both for the same one, whatever that is."""
    return type(one) is type(other) and (isinstance(one, slice) or bool(z3.eq(one, other)))


def _fresh(universe: Universe, sort: type[Sort], name: str) -> Any:
    """Fresh, so that a quantified variable can never capture an argument of the same name."""
    return z3.FreshConst(universe.sort(sort), name)


@dataclass(frozen=True)
class Effect:
    """`relation` takes `value` at `at`; the variables in `free` range over every index."""

    relation: Relation
    at: tuple[Any, ...]
    free: tuple[Any, ...]
    value: Any

    def __call__(self, old: Callable[..., Any]) -> Callable[..., Any]:
        def new(*index: Any) -> Any:
            bound = [(f, i) for a, i in zip(self.at, index, strict=True) for f in self.free if a is f]
            value = z3.substitute(self.value, *bound) if bound else self.value
            here = [i == a for a, i in zip(self.at, index, strict=True) if not any(a is f for f in self.free)]
            return z3.If(z3.And(*here), value, old(*index)) if here else value

        return new


class State:
    """What every relation of a system means at one moment."""

    def __init__(self, system: System, universe: Universe, meaning: Mapping[Relation, Callable[..., Any]]) -> None:
        self.system, self.universe, self.meaning = system, universe, dict(meaning)

    def value(self, relation: Relation, at: Sequence[Any]) -> Any:
        relation.check(at)
        try:
            return self.meaning[relation](*at)
        except KeyError:
            raise ModelError(f"{relation} belongs to no module of this system") from None

    def with_effects(self, effects: Iterable[Effect]) -> State:
        after = State(self.system, self.universe, self.meaning)
        for effect in effects:
            after.meaning[effect.relation] = effect(after.meaning[effect.relation])
        return after


@dataclass
class Taken:
    """An action read at given arguments: its conditions, its effects, and the state that follows."""

    action: Action
    arguments: tuple[Any, ...] = ()
    when: dict[str, Formula] = field(default_factory=dict)
    guards: dict[str, Formula] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    actor: Any = None
    initial: bool = False
    written: list[tuple[Relation, tuple[Any, ...]]] = field(default_factory=list)  # by the part that is being read
    after: State = field(init=False)

    def write(self, relation: Relation, at: tuple[Any, ...]) -> None:
        """ModelError if the same was written before; a module that goes along may write what the action has written.

        Where two arguments are one element, two places may be one: the later one is what holds.
        """
        same = any(other is relation and all(map(_same, there, at)) for other, there in self.written)
        if same and len(set(self.arguments)) == len(self.arguments):
            who = "the start" if self.initial else self.action
            raise ModelError(f"{who} writes {relation} twice at one place: say in one assignment what holds after")
        self.written.append((relation, at))

    def read(self, part: Callable[..., None], *arguments: Any, **named: Any) -> None:
        """One function's share in the step."""
        self.written.clear()
        part(*arguments, **named)

    def attempted(self, before: State) -> State:
        """What follows an attempt: the effects if every guard holds, else nothing."""
        accepted = z3.And(*self.guards.values())

        def of(relation: Relation) -> Callable[..., Any]:
            return lambda *at: z3.If(accepted, self.after.value(relation, at), before.value(relation, at))

        changed = {effect.relation for effect in self.effects}
        return State(before.system, before.universe, before.meaning | {r: of(r) for r in changed})


@dataclass
class _Reading:
    before: State
    after: State | None = None
    taking: Taken | None = None
    stack: ClassVar[list[_Reading]] = []

    def __enter__(self) -> _Reading:
        _Reading.stack.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _Reading.stack.pop()


def _reading() -> _Reading:
    if not _Reading.stack:
        raise ModelError("a relation has a value only inside an action or a claim")
    return _Reading.stack[-1]


def _taking(word: str) -> Taken:
    taking = _reading().taking
    if taking is None:
        raise ModelError(f"{word} is said outside an action")
    return taking


def when(**conditions: Formula) -> None:
    """The move exists only if these hold: circumstances, fresh names. Nobody can attempt it otherwise."""
    _add(_taking("when").when, conditions)


def require(**guards: Formula) -> None:
    """What the acting party checks. An attempt that fails one of these is refused and changes nothing."""
    _add(_taking("require").guards, guards)


def _add(into: dict[str, Formula], conditions: dict[str, Formula]) -> None:
    taking = _taking("a guard")
    for name, condition in conditions.items():
        if name in taking.when or name in taking.guards:
            raise ModelError(f"{taking.action} has two conditions named {name}")
        into[name] = _expression(condition)


def actor(who: Any) -> None:
    """Who makes this move: the one whose checks it depends on."""
    _taking("actor").actor = who


def possible(action: Action, *arguments: Any) -> Formula:
    """The move exists, in this system: what `when` says of it, here and in the modules that go along with it."""
    before = _reading().before
    return z3.And(*before.system.take(action, arguments, before).when.values())


def accepted(action: Action, *arguments: Any) -> Formula:
    """Whoever checks this move would let it pass: what `require` says of it."""
    before = _reading().before
    return z3.And(*before.system.take(action, arguments, before).guards.values())


def every(*sorts_and_body: Any) -> Formula:
    """`every(Device, lambda device: ...)`: true of all elements."""
    return _quantified(z3.ForAll, z3.And, sorts_and_body)


def some(*sorts_and_body: Any) -> Formula:
    """`some(Device, lambda device: ...)`: true of at least one element."""
    return _quantified(z3.Exists, z3.Or, sorts_and_body)


def _quantified(unbounded: Any, finite: Any, sorts_and_body: Sequence[Any]) -> Formula:
    *sorts, body = sorts_and_body
    universe = _reading().before.universe
    if all(universe.size(s) is not None for s in sorts):
        return finite(*[body(*xs) for xs in itertools.product(*map(universe.elements, sorts))])
    variables = [_fresh(universe, s, n) for s, n in zip(sorts, inspect.signature(body).parameters, strict=True)]
    return unbounded(variables, body(*variables))


def elements(sort: type[Sort]) -> list[Any]:
    """The elements of a sort of fixed size, in order."""
    return _reading().before.universe.elements(sort)


def implies(premise: Formula, conclusion: Formula) -> Formula:
    return z3.Implies(premise, conclusion)


def different(*things: Any) -> Formula:
    """No two of them are the same."""
    return z3.Distinct(*things)


def either(condition: Formula, then: Any, otherwise: Any) -> Any:
    """`then` if the condition holds, else `otherwise`."""
    return z3.If(condition, _expression(then), _expression(otherwise))


def _parameters(fn: Callable[..., Any]) -> dict[str, type[Sort]]:
    hints = get_type_hints(fn)
    for name in inspect.signature(fn).parameters:
        if name not in hints:
            raise ModelError(f"{fn.__qualname__} does not say of which sort {name!r} is; write {name}: Device, say")
    return {name: hints[name] for name in inspect.signature(fn).parameters}


@contextmanager
def _written_in(what: object) -> Iterator[None]:
    """What z3 makes of a text that makes no sense, said of the action or claim that it is in."""
    try:
        yield
    except z3.Z3Exception as error:
        said = str(error).rstrip(".")
        truth = "; write &, | and ~ for and, or and not" if "Boolean" in said else ""
        raise ModelError(f"{what} makes no sense to z3: {said}{truth}") from error


class Action:
    """One kind of step. Its parameters are the function's, its docstring says in one sentence what happens."""

    def __init__(self, fn: Callable[..., None]) -> None:
        self.fn = fn
        self.name = fn.__name__.rstrip("_")
        self.sentence = inspect.cleandoc(fn.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        self.parameters = _parameters(fn)
        if not self.sentence:
            raise ModelError(f"action {fn.__qualname__} has no docstring: say in one sentence what happens")
        strangers = {name for _, name, _, _ in Formatter().parse(self.sentence) if name} - self.parameters.keys()
        if strangers:
            raise ModelError(f"the docstring of {fn.__qualname__} names {min(strangers)!r}, which is no parameter")

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = _qualified(owner, self.name)

    def __call__(self, *_: object) -> NoReturn:
        raise ModelError(f"{self} is taken by a system, not called")

    def __repr__(self) -> str:
        return self.name


def action(fn: Callable[..., None]) -> Action:
    """A step of the protocol or of the adversary."""
    return Action(fn)


@dataclass(frozen=True)
class Along:
    """More that happens in the same step as an action of another module."""

    action: Action
    fn: Callable[..., None]


def along(action: Action) -> Callable[[Callable[..., None]], Along]:
    """`@along(Fanout.send)`: this module's part in a step of another. Parameters are matched by name."""

    def of(fn: Callable[..., None]) -> Along:
        strangers = set(inspect.signature(fn).parameters) - set(action.parameters)
        if strangers:
            raise ModelError(f"{fn.__qualname__} goes along with {action}, which has no {', '.join(sorted(strangers))}")
        return Along(action, fn)

    return of


def read(fn: Callable[..., Any], elements: Sequence[Any], before: State, after: State | None = None) -> Any:
    """What a function that reads relations says of these elements."""
    with _Reading(before, after):
        return fn(*elements)


Through = Mapping[Action, Callable[..., Formula]]
"""Some moves of these actions: a formula over the arguments, matched by name, says which."""


class Claim:
    """A sentence about states: a function whose annotated parameters are universally quantified.

    `about` is "state" (always), "step" (every step, may read `relation.after`), "configuration" (an axiom on
    frozen relations) or "start" (assignments that make the first state).
    """

    def __init__(self, about: str, fn: Callable[..., Any], lemmas: Iterable[Claim] = ()) -> None:
        self.about, self.fn, self.lemmas = about, fn, tuple(lemmas)
        self.name = fn.__name__
        self.sentence = inspect.cleandoc(fn.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        self.parameters = _parameters(fn)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = _qualified(owner, name)

    @property
    def through(self) -> Through:
        """The moves by which it can always still come true, if it is such a claim; else it is to hold as it stands."""
        return {}

    def instance(self, variables: Sequence[Any], before: State, after: State | None = None) -> Formula:
        """The claim about these elements."""
        with _written_in(self):
            said = _expression(read(self.fn, variables, before, after))
        if said is None:
            raise ModelError(f"{self} says nothing: end it with `return` and a formula")
        return said

    def variables(self, universe: Universe) -> list[Any]:
        """Fresh elements to speak about."""
        return [_fresh(universe, sort, name) for name, sort in self.parameters.items()]

    def formula(self, before: State, after: State | None = None) -> Formula:
        """The claim about all elements."""
        universe = before.universe
        if all(universe.size(s) is not None for s in self.parameters.values()):
            tuples = itertools.product(*map(universe.elements, self.parameters.values()))
            return z3.And(*[self.instance(xs, before, after) for xs in tuples])
        variables = self.variables(universe)
        body = self.instance(variables, before, after)
        return z3.ForAll(variables, body) if variables else body

    def closure(self) -> list[Claim]:
        """The claim and every lemma that it leans on, directly or not."""
        found: dict[Claim, None] = {}
        todo = [self]
        while todo:
            claim = todo.pop(0)
            if claim not in found:
                found[claim] = None
                todo.extend(claim.lemmas)
        return list(found)

    def __repr__(self) -> str:
        return self.name


def axiom(fn: Callable[..., Any]) -> Claim:
    """What every configuration satisfies. Reads frozen relations only."""
    return Claim("configuration", fn)


def initially(fn: Callable[[], None]) -> Claim:
    """The first state, as assignments. What is not assigned starts as False."""
    return Claim("start", fn)


def invariant(*lemmas: Claim) -> Callable[[Callable[..., Any]], Claim]:
    """A lemma: it holds in every state, and properties lean on it."""
    return lambda fn: Claim("state", fn, lemmas)


def premise(body: Formula) -> Formula:
    """What must be reachable for a claim to say anything: the left side of its implication."""
    return body.arg(0) if z3.is_implies(body) else z3.BoolVal(True)


class Module:
    """A capability of the protocol: its relations, and the actions that change them."""


class System:
    """Modules composed: all their relations, actions and axioms."""

    def __init__(self, name: str, *modules: type[Module]) -> None:
        self.name, self.modules = name, modules
        parts = [part for module in modules for part in vars(module).values()]
        self.relations = [p for p in parts if isinstance(p, Relation)]
        self.actions = {p.name: p for p in parts if isinstance(p, Action)}
        claims = [p for p in parts if isinstance(p, Claim)]
        self.axioms = [c for c in claims if c.about == "configuration"]
        self._starts = [c for c in claims if c.about == "start"]
        self._alongs = [p for p in parts if isinstance(p, Along)]
        self._states: dict[tuple[Universe, str], dict[Relation, Callable[..., Any]]] = {}

    @property
    def mutable(self) -> list[Relation]:
        return [r for r in self.relations if not r.frozen]

    def relation(self, name: str) -> Relation:
        return _lookup("relation", name, {r.name: r for r in self.relations})

    def action(self, name: str) -> Action:
        return _lookup("action", name, self.actions)

    def condition(self, action: str, name: str) -> Formula:
        """By name, of an action by name; ModelError if there is none."""
        taken = self.take(self.action(action), self.arguments(self.action(action)), self.state())
        conditions = taken.when | taken.guards
        if name not in conditions:
            raise ModelError(f"{action} has no condition {name!r}; it has: {', '.join(conditions)}")
        return conditions[name]

    def state(self, universe: Universe = UNBOUNDED, prime: str = "") -> State:
        """Any state at all: every relation an uninterpreted function."""
        key = universe, prime
        if key not in self._states:
            sort = universe.sort
            names = {r: r.name if r.frozen else r.name + prime for r in self.relations}
            self._states[key] = {r: z3.Function(n, *map(sort, r.of), sort(r.gives)) for r, n in names.items()}
        return State(self, universe, self._states[key])

    def arguments(self, action: Action, universe: Universe = UNBOUNDED) -> list[Any]:
        """Fresh arguments for an action."""
        return [_fresh(universe, sort, name) for name, sort in action.parameters.items()]

    def take(self, action: Action, arguments: Sequence[Any], before: State) -> Taken:
        """Read an action at these arguments, with what other modules do along with it."""
        named = dict(zip(action.parameters, arguments, strict=True))
        taken = Taken(action, tuple(arguments))
        with _written_in(action), _Reading(before, taking=taken):
            taken.read(action.fn, *arguments)
            for also in self._alongs:
                if also.action is action:
                    taken.read(also.fn, **{name: named[name] for name in inspect.signature(also.fn).parameters})
        taken.after = before.with_effects(taken.effects)
        return taken

    def only(self, actions: Collection[str]) -> System:
        """The same system with these actions alone: what it reaches, the whole reaches too."""
        part = copy.copy(self)
        part.actions = {name: action for name, action in self.actions.items() if name in actions}
        return part

    def among(self, through: Through) -> System:
        """The same system with these actions alone, and of each those moves alone for which its formula holds."""
        part = self.only([action.name for action in through])
        part._alongs = [*self._alongs, *(Along(action, _counted(counts)) for action, counts in through.items())]
        return part

    def start(self, frozen: State) -> State:
        """The first state, as expressions over the configuration of `frozen`."""
        taken = Taken(Action(_start), initial=True)
        with _Reading(frozen, taking=taken):
            for start in self._starts:
                taken.read(start.fn)
        blank = {r: frozen.meaning[r] if r.frozen else _unset(r) for r in self.relations}
        return State(self, frozen.universe, blank).with_effects(taken.effects)


def _counted(counts: Callable[..., Formula]) -> Callable[..., None]:
    @wraps(counts)
    def of(**arguments: Any) -> None:
        when(counts=counts(**arguments))

    return of


def _start() -> None:
    """The system starts."""


def _unset(relation: Relation) -> Callable[..., Any]:
    def value(*_: Any) -> Any:
        if relation.gives is not bool:
            raise ModelError(f"{relation} has no first value: assign it in a function marked @initially")
        return z3.BoolVal(False)

    return value


T = TypeVar("T")


def _lookup(kind: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise ModelError(f"no {kind} is named {name!r}; there are: {', '.join(sorted(known))}")
    return known[name]
