"""The states of a small scope as a graph for Graphviz: what has changed since the first state, and which moves lead on.

Source: the DOT language, graphviz.org/doc/info/lang.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from model.language import ModelError, System
from model.scope import Scope
from model.simulate import Move, Simulation, State

MOST = 2_000  # states: more than that nobody looks at


def dot(system: System, scope: Scope, most: int = MOST) -> str:
    """States in the order of discovery. Moves that change nothing are left out.

    ModelError if there are more than `most` states.
    """
    simulation = Simulation(system, scope)
    numbers = {simulation.start: 0}
    edges: list[tuple[int, Move, int]] = []
    todo = [simulation.start]
    for state in todo:  # it grows meanwhile
        for move, after in simulation.successors(state):
            if after == state:
                continue
            if after not in numbers:
                numbers[after] = len(numbers)
                todo.append(after)
            edges.append((numbers[state], move, numbers[after]))
        if len(numbers) > most:
            raise ModelError(f"scope {scope} has more than {most:,} states, too many to draw; take a smaller one")
    return "\n".join(_lines(simulation, numbers, edges)) + "\n"


def _lines(simulation: Simulation, numbers: dict[State, int], edges: list[tuple[int, Move, int]]) -> Iterator[str]:
    yield f'digraph "{simulation.system.name} at {simulation.scope.name}" {{'
    yield "  node [shape=box, fontname=monospace]; edge [fontname=monospace];"
    for state, number in numbers.items():
        changes = simulation.changes(simulation.start, state) or ["start"]
        yield f'  s{number} [label="{"".join(f"{_escaped(line)}{_LEFT}" for line in changes)}"];'
    for before, move, after in edges:
        arguments = ", ".join(move.named(simulation.scope).values())
        yield f'  s{before} -> s{after} [label="{_escaped(f"{move.action}({arguments})")}"];'
    yield "}"


_LEFT = "\\l"  # a line ends here, and is flush left


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
