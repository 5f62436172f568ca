"""Randomness is passed in, so that a run can be repeated byte for byte."""

import itertools
from collections.abc import Callable
from hashlib import shake_256

Entropy = Callable[[int], bytes]
"""Draws that many random bytes; `os.urandom` in earnest."""


def seeded(seed: bytes) -> Entropy:
    """A reproducible stream, for runs that can be told again: draw n is SHAKE-256(seed ‖ u64be(n))."""
    draws = itertools.count()
    return lambda length: shake_256(seed + next(draws).to_bytes(8, "big")).digest(length)
