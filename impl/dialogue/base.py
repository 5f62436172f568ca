"""A dialogue: requests, their answers, and flows of them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Generic, TypeVar

from msgspec import Struct

from impl.address import Address

A = TypeVar("A")
T = TypeVar("T")


Client = Address | bytes
"""Who is connected: a device by its address, a companion that belongs to nobody by its Noise key."""


class Request(Struct, Generic[A], frozen=True, tag=True):
    """A question whose answer is of type A."""


Flow = Generator[Request[Any], Any, T]
"""A dialogue from the client's side: yields requests, is sent the answers, returns T.

Nothing that must survive a crash is only in a flow: what it has done so far is in the store, and a flow that is
begun again goes on from there.
"""


def ask(request: Request[A]) -> Flow[A]:
    """One request of a flow: `answer = yield from ask(...)`. Raises Declined."""
    answer: A = yield request
    return answer


class Declined(Exception):
    """The server says no; `code` is that of the stanza error (404 not found, 409 conflict, ...)."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


class Done(Struct, frozen=True):
    """The answer when there is nothing to say."""
