"""The states of a small scope as a graph, and as text for Graphviz: what changed since the start, which moves lead on.

Source: the DOT language, graphviz.org/doc/info/lang.html.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from model.language import ModelError, System
from model.scope import Scope
from model.simulate import Simulation, State

MOST = 2_000  # states: more than that nobody looks at


@dataclass(frozen=True)
class Drawn:
    """States in the order of discovery: what has changed in each, how deep it is, and the moves by name."""

    title: str
    changes: list[list[str]]
    depths: list[int]
    moves: list[tuple[int, str, int]]


def drawn(system: System, scope: Scope, most: int = MOST, without: Collection[tuple[str, str]] = frozenset()) -> Drawn:
    """All states that are reached. Moves that change nothing are left out.

    ModelError if there are more than `most` states.
    """
    simulation = Simulation(system, scope, without)
    found = Drawn(f"{system.name} at {scope.name}", [["start"]], [0], [])
    numbers: dict[State, int] = {simulation.start: 0}
    for state in (todo := [simulation.start]):  # it grows meanwhile
        for move, after in simulation.successors(state):
            if after == state:
                continue
            if after not in numbers:
                numbers[after] = len(numbers)
                todo.append(after)
                found.changes.append(simulation.changes(simulation.start, after))
                found.depths.append(found.depths[numbers[state]] + 1)
            name = f"{move.action}({', '.join(move.named(scope).values())})"
            found.moves.append((numbers[state], name, numbers[after]))
        if len(numbers) > most:
            raise ModelError(f"scope {scope} has more than {most:,} states, too many to draw; take a smaller one")
    return found


def dot(system: System, scope: Scope, most: int = MOST) -> str:
    """The graph for Graphviz. ModelError if there are more than `most` states."""
    return written(drawn(system, scope, most))


def written(graph: Drawn) -> str:
    """The graph for Graphviz."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Drawn) -> Iterator[str]:
    yield f'digraph "{graph.title}" {{'
    yield "  node [shape=box, fontname=monospace]; edge [fontname=monospace];"
    for number, changes in enumerate(graph.changes):
        yield f'  s{number} [label="{"".join(f"{_escaped(line)}{_LEFT}" for line in changes)}"];'
    for before, move, after in graph.moves:
        yield f'  s{before} -> s{after} [label="{_escaped(move)}"];'
    yield "}"


_LEFT = "\\l"  # a line ends here, and is flush left


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
