"""Traces: a run of a system, attempt by attempt, as JSON. Every engine writes them and every engine reads them.

A trace names actions, elements and guards, never bytes, so that it replays on the model and on any
implementation. The format is described in `docs/trace.md`; what is read is checked to the last name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from model import adversary
from model.accounts import Device
from model.language import Action, ModelError, System
from model.scope import Scope
from model.simulate import Move, Simulation, State
from model.systems import SYSTEMS

VERSION = 1
VERDICTS = ("accepted", "refused")
_CAUSES = "Was the trace recorded with another version of the model, or with conditions dropped?"


class TraceError(ModelError):
    """A file is no trace, or a trace does not fit the model: says where, and what to do."""


@dataclass(frozen=True)
class Step:
    """One attempt. What follows from the model (`by`, `says`, `actor`, `other`, `changes`) is there for readers.

    `breaks` names the guard that this attempt violates in its bytes although the model's state would let it
    pass; `got` is what an implementation answered where that is not what was expected.
    """

    do: str
    with_: Mapping[str, str]
    expect: str
    by: tuple[str, ...] = ()
    breaks: str | None = None
    got: str | None = None
    says: str = ""
    actor: str | None = None
    other: str | None = None
    changes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.do}({', '.join(self.with_.values())})"

    def to_json(self) -> dict[str, object]:
        """The step with its keys in the order of the format; `breaks` and `got` only where they say something."""
        given = {field.name.rstrip("_"): getattr(self, field.name) for field in fields(self)}
        return {key: value for key, value in given.items() if value is not None or key not in ("breaks", "got")}


@dataclass(frozen=True)
class Outcome:
    """What the model says of one step: the guards that refuse it (none if it is accepted), the states around it."""

    move: Move
    by: tuple[str, ...]
    before: State
    after: State

    @property
    def verdict(self) -> str:
        return "refused" if self.by else "accepted"


@dataclass(frozen=True)
class Trace:
    """Steps from the start of a system at a scope; what they show, who found them, and with which flaw seeded.

    With `loop` the last step leads back to before the step of that number, and it goes on so for ever.
    """

    system: System
    scope: Scope
    steps: tuple[Step, ...]
    property: str | None = None
    found_by: str | None = None
    seed: int | None = None
    flaw: str | None = None
    loop: int | None = None

    @classmethod
    def of(cls, simulation: Simulation, moves: Iterable[Move], **about: Any) -> Trace:
        """The trace of these moves, as the model predicts and describes them. `about` is property, seed and so on."""
        state, steps = simulation.start, []
        for move in moves:
            refused = simulation.failing(state, move)
            steps.append(Step(move.action.name, move.named(simulation.scope), VERDICTS[bool(refused)]))
            state = state if refused else simulation.step(state, move)
        return cls(simulation.system, simulation.scope, tuple(steps), **about).annotated(simulation)

    @classmethod
    def load(cls, path: Path | str) -> Trace:
        """Read a trace. TraceError names the file and what is wrong with it."""
        try:
            return cls.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise TraceError(f"{path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise TraceError(f"{path} is no trace: it is not UTF-8 text") from None
        except TraceError as error:
            raise TraceError(f"{path}: {error}") from None

    @classmethod
    def loads(cls, text: str) -> Trace:
        """Read a trace from its JSON. TraceError says in one line what is wrong and what to write."""
        return _trace(_parsed(text))

    def dumps(self) -> str:
        """The JSON text of the trace, one line a step."""
        about, steps = self.to_json(), [_line(step.to_json()) for step in self.steps]
        lines = [f'"{key}": {_line(value)}' for key, value in about.items() if key != "steps"]
        lines.append('"steps": [\n    ' + ",\n    ".join(steps) + "\n  ]")
        return "{\n  " + ",\n  ".join(lines) + "\n}\n"

    def save(self, path: Path | str) -> None:
        """Write the trace; whoever looks sees the old file or the new one, never half of it."""
        path = Path(path)
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_text(self.dumps(), encoding="utf-8")
        unfinished.replace(path)

    def to_json(self) -> dict[str, object]:
        """The trace as plain data."""
        return {
            "pentad": VERSION,
            **adversary.to_json(self.system),
            "property": self.property,
            "scope": self.scope.to_json(),
            "seed": self.seed,
            "found_by": self.found_by,
            "flaw": self.flaw,
            **({"loop": self.loop} if self.loop else {}),
            "participants": self.participants,
            "steps": [step.to_json() for step in self.steps],
        }

    @cached_property
    def participants(self) -> list[str]:
        """The devices that any step names, in the order of the scope."""
        named = {name for step in self.steps for name in (*step.with_.values(), step.actor, step.other)}
        return [name for name in self.scope.names[Device] if name in named]

    def replay(self, simulation: Simulation) -> list[Outcome]:
        """What the model says of each step. TraceError if the model has no such move at that point."""
        outcomes = []
        state = simulation.start
        for number, step in enumerate(self.steps, 1):
            try:
                move = simulation.move(step.do, **step.with_)
            except ModelError as error:
                raise TraceError(f"step {number}: {error}") from None
            if impossible := simulation.possible(state, move):
                raise TraceError(
                    f"step {number}, {step}, is no move at this point: {', '.join(impossible)} does not hold. {_CAUSES}"
                )
            by = simulation.failing(state, move)
            if step.breaks and step.breaks not in by:
                by = (*by, step.breaks)
            after = state if by else simulation.step(state, move)
            outcomes.append(Outcome(move, by, state, after))
            state = after
        if self.loop and outcomes[self.loop - 1].before != state:
            raise TraceError(f"the last step does not lead back to before step {self.loop}. {_CAUSES}")
        return outcomes

    def annotated(self, simulation: Simulation) -> Trace:
        """The same trace with all that follows from the model filled in. TraceError if the model disagrees."""
        steps = []
        for number, (step, outcome) in enumerate(zip(self.steps, self.replay(simulation), strict=True), 1):
            if step.expect != outcome.verdict:
                raise TraceError(
                    f"step {number}, {step}, is expected to be {step.expect}, but the model has it {outcome.verdict}"
                    f"{' by ' + ', '.join(outcome.by) if outcome.by else ''}. {_CAUSES}"
                )
            actor = simulation.actor(outcome.move)
            steps.append(
                replace(
                    step,
                    by=outcome.by,
                    says=outcome.move.action.sentence.format(**step.with_),
                    actor=actor,
                    other=_other(simulation, outcome.move, actor),
                    changes=tuple(simulation.changes(outcome.before, outcome.after)),
                )
            )
        return replace(self, steps=tuple(steps))


def _other(simulation: Simulation, move: Move, actor: str | None) -> str | None:
    """The first device besides the actor: among the arguments, else what the configuration says of one of them."""
    arguments = list(zip(move.action.parameters.values(), move.args, strict=True))
    devices = [element for sort, element in arguments if sort is Device] + [
        simulation.value(simulation.start, relation, element)
        for sort, element in arguments
        for relation in simulation.system.relations
        if relation.frozen and relation.of == (sort,) and relation.gives is Device
    ]
    names = [simulation.scope.names[Device][device] for device in devices]
    return next((name for name in names if name != actor), None)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise TraceError(f"the trace is cut off at {where}; fetch the whole file") from None
        raise TraceError(f"not JSON at {where}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise TraceError(f"not a pentad trace: {error}") from None
    if not isinstance(data, dict) or "pentad" not in data:
        raise TraceError('not a pentad trace: a trace is a JSON object that begins with "pentad": 1')
    return data


_OPTIONAL: dict[str, type] = {"property": str, "found_by": str, "seed": int, "flaw": str, "loop": int}
_FIELDS = ["pentad", "system", "adversary", "scope", "steps", "participants", *_OPTIONAL]
_STEP_FIELDS = [field.name.rstrip("_") for field in fields(Step)]
_TYPES: dict[type, str] = {str: "text", int: "a number", list: "a list of texts"}


def _trace(data: dict[str, Any]) -> Trace:
    if data["pentad"] != VERSION or isinstance(data["pentad"], bool):
        raise TraceError(f"the trace has version {data['pentad']!r}; this program reads version {VERSION}")
    _only(_FIELDS, data, "the trace")
    for key in ("system", "scope", "steps"):
        if key not in data:
            raise TraceError(f"the trace has no {key!r}; add it, or record the trace again")
    if data["system"] not in list(SYSTEMS):
        raise TraceError(f"unknown system {data['system']!r}{_hint(data['system'], SYSTEMS)}")
    try:
        scope = Scope.from_json(data["scope"])
    except ModelError as error:
        raise TraceError(str(error)) from None
    for key, kind in ({"adversary": str} | _OPTIONAL).items():
        _typed(data, key, kind, "the trace")
    if not isinstance(data["steps"], list) or not data["steps"]:
        raise TraceError("the trace has no steps; it needs at least one")
    if data.get("loop") is not None and not 1 <= data["loop"] <= len(data["steps"]):
        raise TraceError(f"'loop' must be the number of a step, not {data['loop']}")
    try:
        system = adversary.from_json(data)
    except ModelError as error:
        raise TraceError(str(error)) from None
    steps = tuple(_step(step, f"step {number}", system, scope) for number, step in enumerate(data["steps"], 1))
    return Trace(system, scope, steps, **{key: data.get(key) for key in _OPTIONAL})


def _step(data: object, where: str, system: System, scope: Scope) -> Step:
    if not isinstance(data, dict):
        raise TraceError(f"{where} is not a JSON object but {data!r}")
    _only(_STEP_FIELDS, data, where)
    name = data.get("do")
    if not isinstance(name, str) or name not in system.actions:
        raise TraceError(f"{where}: no action is named {name!r}{_hint(name, system.actions)}")
    action = system.actions[name]
    if data.get("expect") not in VERDICTS:
        raise TraceError(f'{where}: "expect" must be "accepted" or "refused", not {data.get("expect")!r}')
    if data.get("got") not in (None, *VERDICTS):
        raise TraceError(f'{where}: "got" must be "accepted", "refused" or absent, not {data["got"]!r}')
    for key, kind in {"breaks": str, "says": str, "actor": str, "other": str, "by": list, "changes": list}.items():
        _typed(data, key, kind, where)
    for key in "actor", "other":
        if data.get(key) is not None:
            _element(data[key], scope.names[Device], where, "Device")
    if data.get("breaks") and data["expect"] != "refused":
        raise TraceError(f'{where} breaks {data["breaks"]} and must expect "refused"')
    by, breaks = tuple(data.get("by") or ()), data.get("breaks")
    if by or breaks:
        guards = system.take(action, system.arguments(action), system.state()).guards
        for guard in (*by, *([breaks] if breaks else [])):
            if guard not in guards:
                raise TraceError(f"{where}: {action} has no guard named {guard!r}{_hint(guard, guards)}")
    return Step(
        do=name,
        with_=_arguments(data.get("with"), where, action, scope),
        expect=data["expect"],
        by=by,
        breaks=breaks,
        got=data.get("got"),
        says=data.get("says") or "",
        actor=data.get("actor"),
        other=data.get("other"),
        changes=tuple(data.get("changes") or ()),
    )


def _arguments(given: object, where: str, action: Action, scope: Scope) -> dict[str, str]:
    takes = f"{action} takes {', '.join(action.parameters)}" if action.parameters else f"{action} takes nothing"
    if not isinstance(given, dict):
        raise TraceError(f'{where}: "with" must be an object with the arguments; {takes}')
    if unknown := [key for key in given if key not in action.parameters]:
        raise TraceError(f"{where}: no argument is named {unknown[0]!r}{_hint(unknown[0], action.parameters)}")
    if missing := [key for key in action.parameters if key not in given]:
        raise TraceError(f"{where}: argument {missing[0]!r} is missing; {takes}")
    for parameter, sort in action.parameters.items():
        _element(given[parameter], scope.names[sort], where, sort.__name__)
    return {parameter: given[parameter] for parameter in action.parameters}


def _element(name: object, known: list[str], where: str, kind: str) -> None:
    if name not in known:
        raise TraceError(f"{where}: the scope has no {kind} named {name!r}{_hint(name, known)}")


def _only(known: list[str], data: Mapping[str, object], where: str) -> None:
    if unknown := [key for key in data if key not in known]:
        raise TraceError(f"{where} has an unknown field {unknown[0]!r}{_hint(unknown[0], known)}")


def _typed(data: Mapping[str, Any], key: str, kind: type, where: str) -> None:
    value = data.get(key)
    fits = value is None or type(value) is kind
    if not fits or (kind is list and not all(isinstance(x, str) for x in value or ())):
        raise TraceError(f"{where}: {key!r} must be {_TYPES[kind]}, not {value!r}")


def _hint(name: object, known: Iterable[str]) -> str:
    """The nearest name, or all there are."""
    near = get_close_matches(str(name), known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(known)}"
