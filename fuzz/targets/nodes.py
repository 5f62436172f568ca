"""Stanzas: the payload of a frame, plain or compressed, and the binary node in it."""

from __future__ import annotations

from collections.abc import Callable

from fuzz.mutation import deflated
from fuzz.targets.target import HEADROOM, Target
from impl.wire import nodes, payload
from impl.wire.inflating import inflated_limit


def _flagged(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The node, which travels on compressed."""
    node, close = deflated(data[1:])
    return node, lambda node: payload.COMPRESSED + close(node)


def _stream(length: int) -> int:
    """What was inflated, in pieces and then joined, with one growing piece more."""
    return HEADROOM + 3 * inflated_limit(length, payload.LIMIT)


TARGETS = (
    Target("node", nodes.decode, nodes.encode, "node", 4000),
    Target("frame-payload", payload.decode, payload.encode, "node", 4000, _flagged, memory=_stream, inflates=True),
)
