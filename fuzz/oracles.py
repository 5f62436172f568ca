"""What must hold for any bytes given to a target. The one definition: campaigns, tests and minimising use it."""

from __future__ import annotations

import reprlib
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fuzz.targets.target import Target
from impl.wire.errors import DecodeError

SECONDS = 1.0
"""Processor time that one input may take; inputs of a few KiB take less than a hundredth of it."""


class Finding(Exception):
    """An input breaks `property` (W1 to W4); `what` happened, in one line."""

    def __init__(self, property: str, what: str) -> None:
        super().__init__(f"{property}: {what}")
        self.property = property
        self.what = what


def check(target: Target, data: bytes, metered: bool = True) -> None:
    """Raises Finding unless the target keeps its promises on this input; `metered` also measures allocations.

    W1 a value or DecodeError, in bounded time and memory; W2 one encoding; W3 decode after encode is identity;
    W4 the memory of what is inflated is bounded.
    """
    with _bounded(target, len(data), metered):
        try:
            value = target.decode(data)
        except DecodeError:
            return
        except Exception as error:
            raise Finding("W1", f"{_line(error)}, not a DecodeError") from error
    encoded = _encoded(target, value)
    if target.spelling is not None and encoded != target.spelling(data):
        raise Finding("W2", f"accepted bytes that its encoder writes as {reprlib.repr(encoded.hex())}")
    _decodes_again(target, encoded, value)


def _encoded(target: Target, value: Any) -> bytes:
    try:
        return target.encode(value)
    except Exception as error:
        raise Finding("W3", f"a decoded value cannot be encoded: {_line(error)}") from error


def _decodes_again(target: Target, encoded: bytes, value: Any) -> None:
    try:
        again = target.decode(encoded)
    except Exception as error:
        raise Finding("W3", f"a decoded value cannot be decoded once encoded: {_line(error)}") from error
    if again != value:
        raise Finding("W3", f"{reprlib.repr(value)} comes back as {reprlib.repr(again)}")


@contextmanager
def _bounded(target: Target, length: int, metered: bool) -> Iterator[None]:
    # Processor time, so that a busy machine is not taken for a slow decoder.
    start = time.process_time()
    if metered:
        tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1] if metered else 0
    finally:
        if metered:
            tracemalloc.stop()
    seconds = time.process_time() - start
    if peak > (allowed := target.memory(length)):
        raise Finding("W4" if target.inflates else "W1", f"{peak} bytes allocated for {length}, allowed are {allowed}")
    if seconds > SECONDS:
        raise Finding("W1", f"{seconds:.1f} s for {length} bytes, allowed is {SECONDS:.0f} s")


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no text'}"
