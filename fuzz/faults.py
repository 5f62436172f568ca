"""Seeded decoder faults, each one swapped function: what a campaign must find before its silence means anything."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from google.protobuf.message import Message

from fuzz.errors import FuzzError
from fuzz.protobuf import BYTES, read_varint, varint_at
from impl.wire import proto
from impl.wire.errors import DecodeError


@dataclass(frozen=True)
class Fault:
    """`replacement` instead of the function `place`; a campaign on `target` finds that `property` is broken."""

    what: str
    place: str
    replacement: Callable[..., Any]
    target: str
    property: str

    def switched_on(self) -> AbstractContextManager[object]:
        return patch(self.place, self.replacement)


def _trusting_length(kind: type[Message], data: bytes, limit: int) -> Message:
    if data and data[0] & 7 == BYTES:
        try:
            announced = read_varint(varint_at(data, 1))
        except ValueError as error:
            raise DecodeError("no length", kind.DESCRIPTOR.name) from error
        bytearray(announced)  # room for the field, before anybody looked whether it is there
    return proto.parse_canonical(kind, data, limit)


def _unchecked(padded: bytes) -> bytes:
    n = padded[-1] if padded else 0
    return padded[: len(padded) - n]


def _unbounded(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise DecodeError("not a zlib stream", "history blob") from error


FAULTS = {
    "trusted-length": Fault(
        "memory is reserved by a length that the bytes announce",
        "impl.wire.adv.parse_canonical",
        _trusting_length,
        "signed-key-index-list",
        "W1",
    ),
    "unchecked-padding": Fault(
        "padding is cut off by its last byte alone", "impl.wire.padding.unpad", _unchecked, "padding", "W2"
    ),
    "second-spelling": Fault(
        "a signed list may be spelled in several ways",
        "impl.wire.adv.parse_canonical",
        proto.parse,
        "key-index-list",
        "W2",
    ),
    "unbounded-inflation": Fault(
        "a stream is inflated to whatever size", "impl.wire.history.inflate", _unbounded, "history-stream", "W4"
    ),
}


def fault_of(name: str) -> Fault:
    """The fault of that name. FuzzError names what there is."""
    if name not in FAULTS:
        raise FuzzError(f"no fault is called {name!r}; there are {', '.join(FAULTS)}")
    return FAULTS[name]
