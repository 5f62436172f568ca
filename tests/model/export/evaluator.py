"""Enough of TLA+ to run what we export: a syntax tree by the package `tla`, evaluated as the book says.

Functions are dictionaries, their arguments tuples if there are several. An action is read from left to right, as TLC
does: `x' = e` gives x its next value, and is false if it has another.

Source: Lamport, "Specifying Systems" (2002), sections 14.2.6 and 16.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

State = dict[str, Any]


class Evaluator:
    """A module. `after` is the next state as far as it is known, None where only one state is spoken of."""

    def __init__(self, text: str) -> None:
        import tla

        units = tla.parse(text).units
        self.definitions = {unit.name: unit for unit in units if hasattr(unit, "definiens")}
        (declared,) = [unit.names for unit in units if hasattr(unit, "names")]
        self.variables = [name.operator for name in declared]
        self._constants: dict[str, Any] = {}

    def start(self) -> State:
        equations = [item.expression.arguments for item in self.definitions["Init"].definiens.arguments]
        return {variable.operator: self._value(value, {}, {}, None) for variable, value in equations}

    def steps(self, state: State) -> Iterator[State]:
        """The next state by each instance of each action that is possible."""
        for item in self.definitions["Next"].definiens.arguments:
            action = item.expression
            ways = self._ways(action.declarations, {}, state) if hasattr(action, "declarations") else [{}]
            body = action.predicate if hasattr(action, "declarations") else action
            for known in ways:
                after: State = {}
                if self._value(body, known, state, after):
                    assert after.keys() == {*self.variables}
                    yield after

    def holds(self, name: str, state: State, after: State | None = None) -> bool:
        """An invariant, or a property [][A]_vars of a step."""
        node = self.definitions[name].definiens
        if after is not None:
            (subscripted,) = node.arguments
            return state == after or bool(self._value(subscripted.action, {}, state, dict(after)))
        return bool(self._value(node, {}, state, None))

    def _ways(self, declarations: Any, known: State, state: State) -> Iterator[State]:
        names = [declaration.arguments[0].operator for declaration in declarations]
        sets = [self._value(declaration.arguments[1], known, state, None) for declaration in declarations]
        for chosen in itertools.product(*sets):
            yield {**known, **dict(zip(names, chosen, strict=True))}

    def _value(self, node: Any, known: State, state: State, after: State | None) -> Any:
        method = getattr(self, f"_{type(node).__name__.lower()}")
        return method(node, known, state, after)

    def _stringliteral(self, node: Any, *_: Any) -> str:
        return str(node.value)

    def _booleanliteral(self, node: Any, *_: Any) -> bool:
        return bool(node.value == "TRUE")

    def _parentheses(self, node: Any, *around: Any) -> Any:
        return self._value(node.expression, *around)

    def _setenumeration(self, node: Any, *around: Any) -> list[Any]:
        return [self._value(item, *around) for item in node.items or ()]

    def _tuple(self, node: Any, *around: Any) -> tuple[Any, ...]:
        return tuple(self._value(item, *around) for item in node.items or ())

    def _verticallist(self, node: Any, *around: Any) -> bool:
        parts = (self._value(item.expression, *around) for item in node.arguments)
        return all(parts) if node.operator == "/\\" else any(parts)

    def _if(self, node: Any, *around: Any) -> Any:
        return self._value(node.then if self._value(node.predicate, *around) else node.else_, *around)

    def _cases(self, node: Any, *around: Any) -> Any:
        return next(self._value(c.expression, *around) for c in node.cases if self._value(c.predicate, *around))

    def _quantification(self, node: Any, known: State, state: State, after: State | None) -> bool:
        parts = (self._value(node.predicate, way, state, after) for way in self._ways(node.declarations, known, state))
        return all(parts) if node.quantifier == "\\A" else any(parts)

    def _function(self, node: Any, known: State, state: State, after: State | None) -> State:
        names = [declaration.arguments[0].operator for declaration in node.declaration]
        return {
            _index([way[name] for name in names]): self._value(node.value, way, state, after)
            for way in self._ways(node.declaration, known, state)
        }

    def _functionapplication(self, node: Any, *around: Any) -> Any:
        return self._value(node.function, *around)[_index([self._value(a, *around) for a in node.arguments])]

    def _except(self, node: Any, *around: Any) -> State:
        changed = dict(self._value(node.function, *around))
        for change in node.changes:
            (item,) = change.item
            index = _index([self._value(i, *around) for i in item])
            assert index in changed
            changed[index] = self._value(change.expression, *around)
        return changed

    def _operatorapplication(self, node: Any, known: State, state: State, after: State | None) -> Any:
        name, arguments, around = node.operator, node.arguments, (known, state, after)
        match name, arguments:
            case "=", (left, right):
                if after is not None and getattr(left, "operator", None) == "'":
                    (variable,) = left.arguments
                    if variable.operator not in after:
                        after[variable.operator] = self._value(right, *around)
                        return True
                return self._value(left, *around) == self._value(right, *around)
            case "UNCHANGED", (names,):
                assert after is not None
                after.update({n.operator: state[n.operator] for n in names.items})
                return True
            case "'", (variable,):
                assert after is not None
                return after[variable.operator]
            case "#", (left, right):
                return self._value(left, *around) != self._value(right, *around)
            case "~", (part,):
                return not self._value(part, *around)
            case "/\\", parts:
                return all(self._value(part, *around) for part in parts)
            case "\\/", parts:
                return any(self._value(part, *around) for part in parts)
            case "=>", (left, right):
                return not self._value(left, *around) or self._value(right, *around)
            case "\\in", (left, right):
                return self._value(left, *around) in self._value(right, *around)
        return self._named(name, arguments or (), known, state, after)

    def _named(self, name: str, arguments: Any, known: State, state: State, after: State | None) -> Any:
        if name in known:
            return known[name]
        if name in self.variables:
            return state[name]
        definition = self.definitions[name]
        if arguments:
            names = [parameter.operator for parameter in definition.arity]
            values = [self._value(argument, known, state, after) for argument in arguments]
            return self._value(definition.definiens, dict(zip(names, values, strict=True)), state, after)
        if name not in self._constants:
            value = self._value(definition.definiens, {}, state, after)
            if isinstance(value, bool):  # an action, or a claim: of this state
                return value
            self._constants[name] = value
        return self._constants[name]


def _index(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values)
