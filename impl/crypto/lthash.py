"""The homomorphic hash of app state: items are added and subtracted in any order, without the others at hand.

LtHash16 of Bellare and Micciancio in the form of whatsmeow, appstate/lthash: 64 lanes of 16 bits, little-endian.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from impl.crypto.kdf import hkdf

SIZE = 128
EMPTY = bytes(SIZE)

_LANE = np.dtype("<u2")


def add(state: bytes, items: Iterable[bytes]) -> bytes:
    """The 128 bytes of `state` with `items`, byte strings of any length, put in."""
    return (_lanes(state) + _sum(items)).tobytes()


def subtract(state: bytes, items: Iterable[bytes]) -> bytes:
    """The 128 bytes of `state` with `items` taken out, whether they were in it or not."""
    return (_lanes(state) - _sum(items)).tobytes()


def _sum(items: Iterable[bytes]) -> NDArray[np.uint16]:
    total = np.zeros(SIZE // _LANE.itemsize, _LANE)
    for item in items:
        total += _lanes(hkdf(item, b"WhatsApp Patch Integrity", SIZE))
    return total


def _lanes(data: bytes) -> NDArray[np.uint16]:
    return np.frombuffer(data, _LANE)
