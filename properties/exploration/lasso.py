"""Why a claim does not come true, seen by the plain model: a dead end, or a way that goes round for ever (a lasso)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

import networkx as nx

from model.language import Claim
from model.simulate import Move, Simulation, State
from model.trace import Trace

Shown = tuple[Trace, tuple[str, ...]]


class Refuted(Exception):
    """The plain model sees it otherwise: says how."""


def seen(
    simulation: Simulation, claim: Claim, way: Sequence[Move], after: int | None, without: Collection[tuple[str, str]]
) -> Shown:
    """The way as a trace, and why the claim does not come true at its end.

    With `after` it goes round from so many moves on, and is fair; without it leads to where the claim cannot come true
    any more. Refuted if the plain model does not see that.
    """
    system = simulation.system.among(claim.through)
    kept = [(action, condition) for action, condition in without if action in system.actions]
    counting = Simulation(system, simulation.scope, kept)
    return (
        _stranded(simulation, counting, claim, way)
        if after is None
        else _round(simulation, counting, claim, way, after)
    )


def _stranded(simulation: Simulation, counting: Simulation, claim: Claim, way: Sequence[Move]) -> Shown:
    """All that moves which count lead to from the end of the way. If they end nowhere, the trace goes round there."""
    end = _states(simulation, way)[-1]
    graph: Any = nx.DiGraph()
    graph.add_node(end)
    todo = [end]
    for state in todo:  # it grows meanwhile
        if simulation.holds(claim, state) is None:
            raise Refuted("moves that count lead to where it is true")
        for move, after in counting.successors(state):
            if after not in graph:
                todo.append(after)
            if after != state:
                graph.add_edge(state, after, move=move)
    bottoms = [part for part in nx.strongly_connected_components(graph) if not any(nx.edge_boundary(graph, part))]
    if any(len(part) == 1 for part in bottoms):
        looked = f"{len(todo)} state{'s were' if len(todo) > 1 else ' was'} looked at"
        says = f"It can never come true any more: moves that count lead to no state in which it is true ({looked})."
        return _trace(simulation, claim, way), (says,)
    there = min(bottoms, key=lambda part: min(todo.index(state) for state in part))
    entry = min(there, key=todo.index)
    first = next(after for after in graph.successors(entry) if after in there)
    rounds = [*nx.shortest_path(graph, end, entry), *nx.shortest_path(graph.subgraph(there), first, entry)]
    moves = [graph.edges[pair]["move"] for pair in pairwise(rounds)]
    back = len(way) + rounds.index(entry) + 1
    says = f"It can never come true any more: moves that count go round from step {back} on, and end nowhere."
    return _trace(simulation, claim, [*way, *moves], back), (says,)


def _round(simulation: Simulation, counting: Simulation, claim: Claim, way: Sequence[Move], after: int) -> Shown:
    """The way comes back, the claim is true nowhere on the round, and no move that counts is possible all the time."""
    states, moves = _states(simulation, way)[after:], way[after:]
    if states[0] != states[-1] or any(simulation.holds(claim, state) is None for state in states):
        raise Refuted("the way does not go round where it is not true")
    possible = [{move for move, _ in counting.successors(state)} for state in states]
    if always := set.intersection(*possible) - {m for m, p in zip(moves, possible, strict=False) if m in p}:
        raise Refuted(f"{min(always, key=str).action} counts, is possible all the time, and is never made")
    says = (
        f"It could still come true, and need not: from step {after + 1} on it can go round for ever, and yet no move "
        "that counts stays possible all the time without being made."
    )
    return _trace(simulation, claim, way, after + 1), (says,)


def _states(simulation: Simulation, way: Sequence[Move]) -> list[State]:
    states = [simulation.start]
    for move in way:
        states.append(simulation.step(states[-1], move))
    return states


def _trace(simulation: Simulation, claim: Claim, way: Sequence[Move], back: int | None = None) -> Trace:
    return Trace.of(simulation, way, property=claim.name, found_by="explore", loop=back)
