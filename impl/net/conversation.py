"""Flows on a connection, whatever it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from impl.dialogue import Declined, Flow, Request
from impl.store import Store

T = TypeVar("T")


class Ended(Exception):
    """The connection is over, and with it every flow on it: what they left undone is in the store."""


async def apart(work: Coroutine[Any, Any, None]) -> None:
    """Does it in a task of its own, so that nothing in it can keep a cancellation from whoever waits here.

    A task group that fails in the moment in which its task is cancelled may do so, up to Python 3.12
    (https://github.com/python/cpython/issues/116720). Raises what the work raises.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    task.result()


async def answered(
    flow: Flow[T], ask: Callable[[Request[Any]], Awaitable[Any]], request: Request[Any] | None = None
) -> T:
    """The flow to its end, from its beginning or from a request that it has yielded; see `impl.client.drive`."""
    try:
        request = request or next(flow)
        while True:
            try:
                reply = await ask(request)
            except Declined as declined:
                request = flow.throw(declined)
            else:
                request = flow.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result


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
