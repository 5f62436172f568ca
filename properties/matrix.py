"""The matrix of necessity: for each guard, what is no longer shown without it, and what then really breaks.

Proof says what to try; exploration shows the rest: the shortest trace to each property that breaks, at the smallest
scope that has one. A guard that no proof needs is a row without entries: dead, or a hole in the catalogue. A guard that
a proof needs and no trace does without may be made up for by the others; then the lemmas exclude that it alone refuses.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from model.language import System
from model.scope import SCOPES, WALKED, Scope, sized
from model.trace import Trace
from properties.explore import explore
from properties.necessity import Need, needs
from properties.property import Property
from properties.search import GIBIBYTE, ScopeTooLarge
from properties.vacuity import claims_of, focus, nearest, redundant

MEMORY = GIBIBYTE // 16  # of a search: what a scope has to show is shown early, or at another
FIRST = SCOPES["tiny"]  # where every property that breaks gets a trace of its own
THEN = (
    sized("again", users=1, devices=2, lists=3, messages=1),
    sized("strangers", users=2, devices=3, lists=2, messages=3, rogues=2, lies=3),
    *(scope for scope in SCOPES.values() if scope is not FIRST and scope.name not in WALKED),
)
LAST = SCOPES["seats"]  # among few actions


@dataclass(frozen=True)
class Row:
    """A guard, the claims that need it, and by property the shortest trace without it.

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


def matrix(
    system: System,
    properties: Iterable[Property],
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """A row for each guard of each action. `progress` is called with the number of rows done and of all."""
    global _job
    properties = list(properties)
    found = [need for need in needs(system, properties, processes) if need.kind == "require"]
    _job = system, properties, found
    rows = []
    ignore_interrupts = (signal.signal, (signal.SIGINT, signal.SIG_IGN))
    with multiprocessing.get_context("fork").Pool(processes, *ignore_interrupts) as pool:
        for row, texts in pool.imap(_nth, range(len(found)), chunksize=1):
            rows.append(replace(row, traces={id: Trace.loads(text) for id, text in texts.items()}))
            if progress:
                progress(len(rows), len(found))
    return rows


def row(system: System, properties: list[Property], need: Need) -> Row:
    """What breaks without one guard: explored only if a proof needs it, and if the others do not make up for it."""
    claims = tuple(map(repr, need.claims))
    if not need.claims:
        return Row(need.action, need.condition, claims)
    tried = [p for p in properties if p.kind in ("always", "step") and set(p.closure()) & set(need.claims)]
    sorts = system.action(need.action).parameters.values()
    traces: dict[str, Trace] = {}
    for scope in (FIRST, *THEN):
        if not traces and all(scope.sizes[sort] for sort in sorts):
            traces = _broken(system, scope, tried, need, stop_at_first=scope is not FIRST)
    if not traces and redundant(system, claims_of(properties), need.action, need.condition):
        return Row(need.action, need.condition, claims, excluded=True)
    for part in _parts(system, tried):
        traces = traces or _broken(part, LAST, tried, need)
    return Row(need.action, need.condition, claims, traces)


_job: tuple[System, list[Property], list[Need]] | None = None


def _nth(n: int) -> tuple[Row, dict[str, str]]:
    """A row without its traces, and these as texts: systems do not travel between processes."""
    assert _job is not None
    system, properties, found = _job
    whole = row(system, properties, found[n])
    return replace(whole, traces={}), {id: trace.dumps() for id, trace in whole.traces.items()}


def _parts(system: System, properties: list[Property]) -> Iterable[System]:
    """The system with the actions that are nearest to each property, and then with those that enable them."""
    state = system.state()
    for claim in properties:
        after = state if claim.about == "step" else None
        rings = nearest(system, claim.instance(claim.variables(state.universe), state, after))
        for actions, _ in zip(rings, range(2), strict=False):
            yield focus(system, actions)


def _broken(
    system: System, scope: Scope, claims: list[Property], need: Need, stop_at_first: bool = True
) -> dict[str, Trace]:
    without = frozenset({(need.action, need.condition)} if need.action in system.actions else ())
    if not without:
        return {}
    try:
        found = explore(
            system, scope, claims, threads=1, memory_bytes=MEMORY, without=without, stop_at_first=stop_at_first,
            until_all=True,
        )  # fmt: skip
    except ScopeTooLarge:
        return {}
    return {(id := repr(c.violation.claim)): replace(c.trace, property=id) for c in found.counterexamples}
