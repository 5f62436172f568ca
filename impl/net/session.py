"""What an endpoint asks of whoever decides: who is accepted, and what becomes of each node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from impl.connected import Outlet
from impl.transport.connection import Opened
from impl.wire.nodes import Node


class Session(Protocol):
    """One client for as long as it is connected. Either may raise StreamFailure to send the client away."""

    def received(self, node: Node) -> None:
        """In order, without keep-alive; the first one proves that the client is no replay."""

    def closed(self, why: str) -> None:
        """The last call, once; `why` is for people."""


Accept = Callable[[Opened, Outlet], Session]
"""May raise StreamFailure; nothing that is sent meanwhile is lost."""


class StreamFailure(Exception):
    """A client is sent away with these last nodes: `<failure reason="401"/>`, or a stream error."""

    def __init__(self, why: str, *nodes: Node) -> None:
        super().__init__(why)
        self.why = why
        self.nodes = nodes
