"""What a fuzz target is: one decoder, its encoder, and what is promised of the two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fuzz.mutation import Envelope, bare

HEADROOM = 256 << 10
"""Bytes that any decoder may allocate, whatever the input: caches of the interpreter among them."""


def _objects(length: int) -> int:
    """Objects and texts of wide characters take several times the bytes that spell them."""
    return HEADROOM + 64 * length


@dataclass(frozen=True)
class Target:
    """A decoder that attacker bytes reach.

    `spelling` is what the encoder must give back for bytes that were accepted: W2, None where a meaning may have
    several encodings. `memory` is how many bytes decoding an input of so many may hold at a time: a breach breaks
    W1, or W4 if the target `inflates`. `dictionary` names a file of `fuzz/dictionaries`; `max_len` is in bytes.
    """

    name: str
    decode: Callable[[bytes], Any]
    encode: Callable[[Any], bytes]
    dictionary: str
    max_len: int
    envelope: Envelope = bare
    spelling: Callable[[bytes], bytes] | None = None
    memory: Callable[[int], int] = _objects
    inflates: bool = False

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties that this target can break."""
        claimed = {"W1": True, "W2": self.spelling is not None, "W3": True, "W4": self.inflates}
        return tuple(name for name, claim in claimed.items() if claim)
