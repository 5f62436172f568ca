"""Which devices a message lacks: the server only hints, by a hash, and then the devices are asked for.

wire.md, sections 4.4 and 8.6; `send.go` of tulir/whatsmeow, which forgets its lists then.
"""

from __future__ import annotations

from typing import TypeVar

from impl.dialogue import Flow

T = TypeVar("T")


def corrected(flow: Flow[T]) -> Flow[T]:
    """The same flow over stanzas."""
