"""Tours: for every guard of an action the shortest way found to break it, and nothing else; and to every action a way.

Random walks meet a fifth companion rarely; a tour goes there every time. Tours are traces, so they replay on any
implementation. `python -m properties.conform.tours` searches for those that are missing and keeps the rest;
`properties.conform.nearest` does so at scopes that can be explored.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from model.scope import SCOPES, Scope
from model.simulate import Move, Simulation
from model.systems import MULTI_DEVICE
from model.trace import Trace
from properties.conditions import guards
from properties.conform.lockstep import NEVER_BY_NAME, Lockstep, simulation_of
from properties.conform.machine import Attempt, Walk, machine
from properties.conform.registry import VIOLATES
from properties.conform.shrink import attempts_of, fewest

FOLDER = Path(__file__).parent / "tours"
SEARCHED = "seats", "crowd", "circle", "household", "pocket", "parlour", "newsstand", "doorstep"
WALK = 200  # steps of one walk of the search
Goal = tuple[str, str, bool]
"""Action, guard (none if the action is to be accepted), and whether it is broken in bytes or by the state."""


def missing() -> set[Goal]:
    """The goals that no tour reaches.

    Every guard broken by the state, and in bytes where there is a violation for it; every action accepted, be it on the
    way to another goal.
    """
    accepted = {step.do for tour in tours() for step in tour.steps if step.expect == "accepted" or step.breaks}
    goals = {(action, "", False) for action in MULTI_DEVICE.actions if action not in accepted}
    goals |= {(action, guard, False) for action in MULTI_DEVICE.actions for guard in guards(MULTI_DEVICE, action)}
    goals |= {(action.name, guard, True) for action, guard in VIOLATES}
    return {goal for goal in goals if not file_of(goal).exists()}


@cache
def tours() -> tuple[Trace, ...]:
    """The stored tours, by name."""
    return tuple(Trace.load(path) for path in sorted(FOLDER.glob("*.json")))


def ways(scope: Scope) -> Iterator[list[Move]]:
    """The tours of a scope up to where something is refused, without the steps that are attempted in vain."""
    simulation = simulation_of(scope)
    for trace in tours():
        if trace.scope.name == scope.name:
            state, way = simulation.start, []
            for move, breaks in attempts_of(simulation, trace):
                if breaks is None and not simulation.possible(state, move) and not simulation.failing(state, move):
                    way.append(move)
                    state = simulation.step(state, move)
            yield way


def file_of(goal: Goal) -> Path:
    action, guard, in_bytes = goal
    return FOLDER / f"{action}{f'.{guard}' if guard else ''}{'.bytes' if in_bytes else ''}.json"


def search(walks: int, seed: int) -> None:
    """Walks until every goal has a tour, or that many walks are done."""
    drawn = random.Random(seed)
    wanted = missing()
    for n in range(walks):
        scope = SCOPES[SEARCHED[n % len(SEARCHED)]]
        walk: Walk = machine(scope, seed=seed)()
        walk.leave_out(tuple(drawn.randrange(4) for _ in MULTI_DEVICE.actions))
        for _ in range(WALK):
            for goal, last in list(_in_reach(walk, wanted)):
                if goal in wanted and _reaches(walk.simulation, goal, _path(walk), last):
                    wanted.remove(goal)
                    store(walk.simulation, goal, _path(walk), last)
            walk.attempt(drawn.randrange(2**24))
        if not wanted:
            break
    for goal in sorted(wanted):
        sys.stdout.write(f"no tour found: {file_of(goal).stem}\n")


def _in_reach(walk: Walk, wanted: set[Goal]) -> Iterator[tuple[Goal, Attempt]]:
    for action, options in walk.options.items():
        if options.accepted and (action.name, "", False) in wanted:
            yield (action.name, "", False), options.accepted[0]
        for group in options.refused:
            failing = walk.simulation.failing(walk.lockstep.state, group[0][0])
            if len(failing) == 1 and (action.name, failing[0], False) in wanted:
                yield (action.name, failing[0], False), group[0]
        for move, guard in options.violable:
            if guard and (action.name, guard, True) in wanted:
                yield (action.name, guard, True), (move, guard)


def _path(walk: Walk) -> list[Attempt]:
    attempts = zip(attempts_of(walk.simulation, walk.lockstep.trace()), walk.lockstep.steps, strict=True)
    return [attempt for attempt, step in attempts if step.expect == "accepted"]


def _reaches(simulation: Simulation, goal: Goal, path: list[Attempt], last: Attempt) -> bool:
    """Whether the path leads to where the last attempt is refused for that one reason, or accepted if there is none."""
    state = simulation.start
    for move, _ in path:
        if simulation.possible(state, move) or simulation.failing(state, move):
            return False
        state = simulation.step(state, move)
    move, guard = last
    alone = () if guard or not goal[1] else (goal[1],)
    if simulation.possible(state, move) or simulation.failing(state, move) != alone:
        return False
    lockstep = Lockstep(simulation.scope)
    for each, _ in path:
        lockstep.go(each)
    if not goal[1]:
        return lockstep.attempt(move) is True
    return lockstep.attempt(move, guard) is False and lockstep.refused_for in {goal[1], *NEVER_BY_NAME.get(goal[1], ())}


def store(simulation: Simulation, goal: Goal, path: list[Attempt], last: Attempt) -> None:
    """The tour to a goal, made as short as it goes."""
    path = fewest(path, lambda fewer: _reaches(simulation, goal, fewer, last))
    lockstep = Lockstep(simulation.scope)
    for move, guard in [*path, last]:
        lockstep.attempt(move, guard)
    FOLDER.mkdir(exist_ok=True)
    replace(lockstep.trace(), found_by="tour").annotated(simulation).save(file_of(goal))
    sys.stdout.write(f"{file_of(goal).stem}: {len(path) + 1} steps\n")


if __name__ == "__main__":
    search(walks=400, seed=0)
