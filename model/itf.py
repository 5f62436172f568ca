"""Traces in the Informal Trace Format, which Apalache, Quint and their tools read and write: states instead of steps.

A relation is the variable of its name with `_` for the dot: a set of elements or tuples if it is true or false of them,
else a map. What ITF has no place for (the scope, the step that led to a state, guards that refused it) is in `#meta`.
A trace that comes from elsewhere may lack it: then its steps are found by the states around them.

Source: Apalache, ADR-015 "Informal Trace Format in JSON".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from model import adversary
from model.language import ModelError, Relation, Sort
from model.scope import Scope
from model.simulate import Move, Simulation, State
from model.systems import MULTI_DEVICE, SYSTEMS
from model.trace import Trace, TraceError

SUFFIX = ".itf.json"
ABOUT = ("property", "found_by", "seed", "flaw", "loop")
FORMAT = {"format": "ITF", "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html"}


def read(path: Path, scope: Scope | None = None) -> Trace:
    """A trace in either format. `scope` is for one in ITF that does not say its own. TraceError says what is wrong."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Trace.load(path)  # which says what is wrong
    if not isinstance(data, dict) or "states" not in data:
        return Trace.load(path)
    try:
        return _trace(data, scope)
    except ModelError as error:
        raise TraceError(f"{path}: {error}") from None


def dumps(trace: Trace) -> str:
    """The trace in ITF, one line a state."""
    simulation = Simulation(trace.system, trace.scope)
    about = {key: value for key, value in trace.to_json().items() if key not in ("steps", "participants")}
    states = [{"#meta": {"index": 0}} | _variables(simulation, simulation.start)]
    for step, outcome in zip(trace.steps, trace.replay(simulation), strict=True):
        meta = {"index": len(states), "action": step.do, "with": dict(step.with_), "refused": list(outcome.by)}
        states.append({"#meta": meta} | _variables(simulation, outcome.after))
    lines = [
        f'"#meta": {json.dumps(FORMAT | {"source": trace.system.name, "trace": about})}',
        f'"vars": {json.dumps([_variable(relation) for relation in trace.system.mutable])}',
        *([f'"loop": {trace.loop - 1}'] if trace.loop else []),
        '"states": [\n    ' + ",\n    ".join(map(json.dumps, states)) + "\n  ]",
    ]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _variable(relation: Relation) -> str:
    return relation.name.replace(".", "_")


def _variables(simulation: Simulation, state: State) -> dict[str, object]:
    return {_variable(relation): _value(simulation, state, relation) for relation in simulation.system.mutable}


def _value(simulation: Simulation, state: State, relation: Relation) -> object:
    names = simulation.scope.names
    rows: list[tuple[object, int]] = []
    for index, value in simulation.table(state, relation).items():
        element = [names[sort][i] for sort, i in zip(relation.of, index, strict=True)]
        rows.append((element[0] if len(element) == 1 else {"#tup": element}, value))
    if issubclass(relation.gives, Sort):
        return {"#map": [[element, names[relation.gives][value]] for element, value in rows]}
    return {"#set": [element for element, value in rows if value]}


def _trace(data: Mapping[str, Any], scope: Scope | None) -> Trace:
    meta = data.get("#meta")
    about = dict(meta.get("trace") or {}) if isinstance(meta, dict) else {}
    name, against = about.pop("system", MULTI_DEVICE.name), about.pop("adversary", None)
    system = adversary.from_json({"system": name if name in list(SYSTEMS) else MULTI_DEVICE.name, "adversary": against})
    given = about.pop("scope", None)
    scope = scope or (None if given is None else Scope.from_json(given))
    if scope is None:
        raise TraceError("the states say nothing of their scope; name it with --scope")
    simulation = Simulation(system, scope)
    said = {key: about[key] for key in ABOUT if about.get(key) is not None}
    return Trace.of(simulation, _moves(simulation, data["states"]), **said)


def _moves(simulation: Simulation, states: object) -> Iterator[Move]:
    if not isinstance(states, list) or not states or not all(isinstance(state, dict) for state in states):
        raise TraceError('"states" must be a list of objects, at least one')
    if _state(simulation, states[0], 0) != simulation.start:
        raise TraceError("state 0 is not the first state of the system at this scope")
    before = simulation.start
    for number, described in enumerate(states[1:], 1):
        after = _state(simulation, described, number)
        move = _named(simulation, described.get("#meta"))
        if move is None and after != before:
            move = next((move for move, state in simulation.successors(before) if state == after), None)
            if move is None:
                raise TraceError(f"no step of the model leads from state {number - 1} to state {number}")
        if move is not None:
            yield move
        before = after


def _named(simulation: Simulation, meta: object) -> Move | None:
    if not isinstance(meta, dict) or not isinstance(meta.get("with"), dict):
        return None
    return simulation.move(str(meta.get("action")), **meta["with"])


def _state(simulation: Simulation, described: Mapping[str, Any], number: int) -> State:
    state = list(simulation.start)
    for relation in simulation.system.mutable:
        name = _variable(relation)
        if name not in described:
            raise TraceError(f"state {number} has no variable {name}")
        try:
            for index, value in _rows(simulation, relation, described[name]).items():
                state[simulation.position(relation, *index)] = value
        except (KeyError, TypeError, ValueError) as error:
            kind = "map" if issubclass(relation.gives, Sort) else "set"
            raise TraceError(f"state {number}: {name} is no {kind} of elements of the scope: {error}") from None
    return tuple(state)


def _rows(simulation: Simulation, relation: Relation, value: Mapping[str, Any]) -> dict[tuple[int, ...], int]:
    scope = simulation.scope

    def index(element: Any) -> tuple[int, ...]:
        parts = element["#tup"] if isinstance(element, dict) else [element]
        return tuple(scope.element(sort, part) for sort, part in zip(relation.of, parts, strict=True))

    if issubclass(relation.gives, Sort):
        return {index(element): scope.element(relation.gives, given) for element, given in value["#map"]}
    return dict.fromkeys(simulation.table(simulation.start, relation), 0) | {index(e): 1 for e in value["#set"]}
