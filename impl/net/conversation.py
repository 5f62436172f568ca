"""Flows on a connection, whatever it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from impl.dialogue import Flow, Request
from impl.store import Store

T = TypeVar("T")


class Ended(Exception):
    """The connection is over, and with it every flow on it: what they left undone is in the store."""


class Conversation(Protocol):
    """A client's end of a connection."""

    async def run(self, flow: Flow[T], request: Request[Any] | None = None) -> T:
        """The flow to its end, from its beginning or from a request that it has yielded.

        Raises what it raises, and Ended.
        """


async def run_all(conversation: Conversation, store: Store, flows: Sequence[Flow[T]]) -> list[T]:
    """Flows side by side, each of which asks something; what they change before that is one transaction."""
    with store.transaction():
        begun = [(flow, next(flow)) for flow in flows]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(conversation.run(flow, request)) for flow, request in begun]
    return [task.result() for task in tasks]
