"""The matrix of necessity: for each guard, what is no longer shown without it, and what then really breaks.

Proof says what to try; exploration shows the rest: a shortest trace to what breaks, at the first scope that has one.
One search does it for all guards together (`properties.proofs.loosened`). A guard that no proof needs is a row without
entries: dead, or a hole in the catalogue. A guard that a proof needs and no trace does without may be made up for by
the others; then the lemmas exclude that it alone refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from model.language import System
from model.mentioned import mentioned
from model.scope import Scope
from model.simulate import Move, Simulation, State
from model.trace import Trace
from properties.examples import FAR, FIRST, NEAR, SPECIAL
from properties.exploration.explore import explore
from properties.exploration.search import GIBIBYTE, ScopeTooLarge
from properties.interrupts import arriving
from properties.proofs.loosened import MISSED, Guard, Kept, Loosened
from properties.proofs.necessity import Need
from properties.proofs.vacuity import among, claims_of, nearest, redundant
from properties.property import Property

Traces = dict[str, Trace]
MEMORY = GIBIBYTE // 2  # of a search: what a scope has to show is shown early, or at another


@dataclass(frozen=True)
class Row:
    """A guard, the claims that need it, and by property a trace without it.

    `excluded` says that no state in which the lemmas hold has this guard alone refuse.
    """

    action: str
    guard: str
    claims: tuple[str, ...]
    traces: dict[str, Trace] = field(default_factory=dict)
    excluded: bool = False

    @property
    def name(self) -> str:
        return f"{self.action}.{self.guard}"


@dataclass(frozen=True)
class Matrix:
    """A row for each guard of each action, in order. `interrupted` is whether somebody stopped it before its time."""

    rows: list[Row]
    interrupted: bool = False


@arriving()
def matrix(
    system: System,
    properties: Iterable[Property],
    needs: Iterable[Need],
    progress: Callable[[int, int], None] | None = None,
) -> Matrix:
    """What breaks without each of the guards among `needs`: explored only if a proof needs it.

    `progress` is called with the number of guards shown and of all. Ctrl-C keeps what was found.
    """
    properties, found = list(properties), [need for need in needs if need.kind == "require"]
    tried = {(need.action, need.condition): _tried(properties, need) for need in found if need.claims}
    shown: dict[Guard, Traces] = {}
    excluded: set[Guard] = set()
    interrupted = False
    try:
        for part, scope, guards in _plan(system, tried):
            more, whole = _shown(part, scope, {guard: tried[guard] for guard in guards if guard not in shown})
            shown |= more
            if not whole:
                raise KeyboardInterrupt
            if progress:
                progress(len(shown), len(found))
        claims = claims_of(properties)
        excluded |= {guard for guard in tried if guard not in shown and redundant(system, claims, *guard)}
    except KeyboardInterrupt:
        interrupted = True
    rows = [
        Row(*guard, tuple(map(repr, need.claims)), shown.get(guard, {}), guard in excluded)
        for need in found
        for guard in [(need.action, need.condition)]
    ]
    return Matrix(rows, interrupted)


def _tried(properties: list[Property], need: Need) -> list[Property]:
    """What may break without the guard: what leans on a claim that needs it."""
    return [p for p in properties if p.stated and set(p.closure()) & set(need.claims)]


def _plan(system: System, tried: dict[Guard, list[Property]]) -> Iterator[tuple[System, Scope, Iterable[Guard]]]:
    """Where to look for what."""
    counting = [guard for guard in tried if _counts(system, *guard)]
    others = [guard for guard in tried if guard not in counting]
    yield from ((system, scope, others) for scope in NEAR)
    for guard in counting:
        yield from ((part, FAR, [guard]) for part in _parts(system, tried[guard]))
    yield from ((among(system, scope), scope, others) for scope in SPECIAL)


def _counts(system: System, name: str, guard: str) -> bool:
    """Whether the guard looks at relations over a sort of fixed size."""
    taken = system.take(system.action(name), system.arguments(system.action(name)), system.state())
    read = mentioned(taken.guards[guard], system)
    return any(sort.fixed_size is not None for relation in read for sort in relation.of)


def _possible(system: System, scope: Scope, guards: Iterable[Guard]) -> list[Guard]:
    """Those of actions that the system has, about sorts that have elements at the scope."""
    return [
        (name, guard)
        for name, guard in guards
        if name in system.actions and all(scope.sizes[sort] for sort in system.action(name).parameters.values())
    ]


def _parts(system: System, properties: list[Property]) -> Iterator[System]:
    """The system with the actions that are nearest to each property, and then with those that enable them."""
    state = system.state()
    for claim in properties:
        after = state if claim.about == "step" else None
        rings = nearest(system, claim.instance(claim.variables(state.universe), state, after))
        for actions, _ in zip(rings, range(2), strict=False):
            yield system.only(actions)


def _shown(system: System, scope: Scope, tried: dict[Guard, list[Property]]) -> tuple[dict[Guard, Traces], bool]:
    """By guard, the properties that break at the scope, and whether nobody has interrupted the search for them."""
    guards = _possible(system, scope, tried)
    if not guards:
        return {}, True
    loosened = Loosened(system, guards)
    each = (
        [(guard, [p]) for guard in guards for p in tried[guard]] if scope is FIRST else [(g, tried[g]) for g in guards]
    )
    claims = [Kept(loosened, guard, properties) for guard, properties in each]
    try:
        found = explore(loosened, scope, claims, stop_at_first=False, until_all=True, memory_bytes=MEMORY)
    except ScopeTooLarge:
        return {}, True
    simulation, shown = Simulation(system, scope), dict[Guard, Traces]()
    for example in found.counterexamples:
        claim = example.violation.claim
        assert isinstance(claim, Kept)
        before, after = _last_step(simulation, example.violation.path)
        for broken in claim.claims:
            states = (before, after) if broken.about == "step" else (after,)
            if simulation.holds(broken, *states) is not None:
                shown.setdefault(claim.guard, {})[repr(broken)] = _trace(system, example.trace, repr(broken))
    return shown, not found.interrupted


def _last_step(simulation: Simulation, path: list[Move]) -> tuple[State, State]:
    before = after = simulation.start
    for move in path:
        before, after = after, simulation.step(after, move)
    return before, after


def _trace(system: System, trace: Trace, id: str) -> Trace:
    """As a trace of the system itself, which does not know what was missed."""
    steps = tuple(replace(s, changes=tuple(c for c in s.changes if not c.startswith(MISSED))) for s in trace.steps)
    return replace(trace, system=system, property=id, steps=steps)
