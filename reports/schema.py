"""Plain JSON values into annotated dataclasses: every key known, every type as declared."""

from __future__ import annotations

import math
import reprlib
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class EvidenceError(ValueError):
    """Evidence that cannot be used; the text is one line."""


class Mismatch(EvidenceError):
    """A value that is not what its place asks for; the text names the place."""


def read(kind: Any, value: object, at: str) -> Any:
    """Return `value` as `kind`, where `at` names its place, e.g. ``results[3].verdict``.

    `kind` is built of dataclasses, lists, dicts with text keys, unions, literals and scalars.
    Raises Mismatch at the first value that does not fit.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return _plain(value, at)
    if origin is Literal:
        if value not in arguments:
            raise Mismatch(f"{at} is {reprlib.repr(value)}, not one of {', '.join(map(str, arguments))}")
        return value
    if origin in (Union, UnionType):
        return _read_union(arguments, value, at)
    if origin is list:
        items = _expect(list, value, at)
        return [read(arguments[0], item, f"{at}[{index}]") for index, item in enumerate(items)]
    if origin is dict:
        entries = _expect(dict, value, at)
        return {_text(key, at): read(arguments[1], item, f"{at}[{reprlib.repr(key)}]") for key, item in entries.items()}
    if is_dataclass(kind):
        return _read_dataclass(kind, value, at)
    if kind is str:
        return _text(value, at)
    if kind is float:
        return _finite(value, at)
    return _expect(kind, value, at)


def _read_dataclass(kind: Any, value: object, at: str) -> Any:
    entries = _expect(dict, value, at)
    kinds = _field_kinds(kind)
    if missing := sorted(kinds.keys() - entries.keys()):
        raise Mismatch(f"{at} lacks {', '.join(missing)}")
    if unknown := sorted(entries.keys() - kinds.keys()):
        raise Mismatch(f"{at} has unknown {', '.join(map(reprlib.repr, unknown))}")
    return kind(**{name: read(kinds[name], entries[name], f"{at}.{name}") for name in kinds})


def _read_union(kinds: tuple[Any, ...], value: object, at: str) -> Any:
    if value is None and NoneType in kinds:
        return None
    *others, last = (kind for kind in kinds if kind is not NoneType)
    for kind in others:
        try:
            return read(kind, value, at)
        except Mismatch:
            continue
    return read(last, value, at)


def _plain(value: object, at: str) -> object:
    if isinstance(value, list):
        read(list[Any], value, at)
    elif isinstance(value, dict):
        read(dict[str, Any], value, at)
    elif isinstance(value, float):
        _finite(value, at)
    elif isinstance(value, str):
        _text(value, at)
    elif value is not None and type(value) not in (bool, int):
        raise Mismatch(f"{at} is {reprlib.repr(value)}, which JSON cannot hold")
    return value


def _expect(kind: type, value: object, at: str) -> Any:
    # `type` and not `isinstance`: true and false are not counts.
    if type(value) is not kind:
        raise Mismatch(f"{at} is {reprlib.repr(value)}, not {_name(kind)}")
    return value


def _text(value: object, at: str) -> str:
    text: str = _expect(str, value, at)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Mismatch(f"{at} is not text that UTF-8 can write") from None
    return text


def _finite(value: object, at: str) -> float:
    number = float(value) if type(value) is int else _expect(float, value, at)
    if not math.isfinite(number):
        raise Mismatch(f"{at} is {number}, not a finite number")
    return number


def _name(kind: type) -> str:
    names = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "an object"}
    return names.get(kind, str(kind))


@lru_cache
def _field_kinds(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
