"""The history that a phone hands over, compressed."""

from __future__ import annotations

from fuzz.mutation import deflated
from fuzz.targets.target import HEADROOM, Target
from impl.wire import history
from impl.wire.history import History


def _stream(length: int) -> int:
    """What was inflated, in pieces and then joined, with one growing piece more."""
    return HEADROOM + 3 * history.inflated_limit(length)


def _objects(length: int) -> int:
    return HEADROOM + 64 * history.inflated_limit(length)


TARGETS = (
    Target(
        "history-stream",
        lambda data: history.inflate(data),  # looked up at every call: a seeded fault may stand in its place
        history.deflate,
        "content",
        4000,
        deflated,
        memory=_stream,
        inflates=True,
    ),
    Target("history-blob", History.decode, History.encode, "content", 4000, deflated, memory=_objects),
)
