"""How a class says what it keeps: each attribute is a table or a single value of its store."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from impl.store.store import Rows, Store

K = TypeVar("K")
V = TypeVar("V")
S = TypeVar("S", bound="Keeper")
P = ParamSpec("P")
R = TypeVar("R")

_STATE = "state"


class Keeper(Protocol):
    """Whatever has a store."""

    store: Store


class Table(Generic[K, V]):
    """A table of the store, named as the attribute; keys and values are of types that msgspec knows."""

    def __init__(self, key: type[K], value: type[V]) -> None:
        self.key = key
        self.value = value

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, keeper: None, owner: type[Any]) -> Table[K, V]: ...
    @overload
    def __get__(self, keeper: Keeper, owner: type[Any]) -> Rows[K, V]: ...
    def __get__(self, keeper: Keeper | None, owner: type[Any]) -> Table[K, V] | Rows[K, V]:
        if keeper is None:
            return self
        tables = vars(keeper)
        if self.name not in tables:
            tables[self.name] = keeper.store.table(self.name, self.key, self.value)
        table: Rows[K, V] = tables[self.name]
        return table

    def __set__(self, keeper: Keeper, rows: object) -> None:
        raise TypeError(f"{self.name} is a table: change its rows")


class Value(Generic[V]):
    """One value of the store, named as the attribute; AttributeError while it was never set."""

    def __init__(self, kind: type[V]) -> None:
        self.kind = kind

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    def rows(self, keeper: Keeper) -> MutableMapping[str, V]:
        place = f"{_STATE} {self.name}"
        rows: MutableMapping[str, V] | None = vars(keeper).get(place)
        if rows is None:
            rows = vars(keeper)[place] = keeper.store.table(_STATE, str, self.kind)
        return rows

    @overload
    def __get__(self, keeper: None, owner: type[Any]) -> Value[V]: ...
    @overload
    def __get__(self, keeper: Keeper, owner: type[Any]) -> V: ...
    def __get__(self, keeper: Keeper | None, owner: type[Any]) -> Value[V] | V:
        if keeper is None:
            return self
        try:
            return self.rows(keeper)[self.name]
        except KeyError:
            raise AttributeError(f"{self.name} was never set") from None

    def __set__(self, keeper: Keeper, value: V) -> None:
        self.rows(keeper)[self.name] = value


class Maybe(Generic[V]):
    """As `Value`, None while there is none."""

    def __init__(self, kind: type[V]) -> None:
        self._value = Value(kind)

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._value.name = name

    @overload
    def __get__(self, keeper: None, owner: type[Any]) -> Maybe[V]: ...
    @overload
    def __get__(self, keeper: Keeper, owner: type[Any]) -> V | None: ...
    def __get__(self, keeper: Keeper | None, owner: type[Any]) -> Maybe[V] | V | None:
        if keeper is None:
            return self
        return self._value.rows(keeper).get(self._value.name)

    def __set__(self, keeper: Keeper, value: V | None) -> None:
        rows = self._value.rows(keeper)
        if value is None:
            rows.pop(self._value.name, None)
        else:
            rows[self._value.name] = value


def atomic(step: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """One transaction: a step that raises has changed nothing, and neither has one that a crash cuts short."""

    @wraps(step)
    def whole(keeper: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with keeper.store.transaction():
            return step(keeper, *args, **kwargs)

    return whole
