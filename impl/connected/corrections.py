"""Flows over stanzas: where an answer has no place for what the server thinks, it is found out by further questions."""

from __future__ import annotations

from typing import Any, TypeVar

from impl.address import Address
from impl.dialogue import Accepted, Client, Declined, Flow, Request, Submit, SubmitToGroup
from impl.stanzas.recount import recount

T = TypeVar("T")


def corrected(flow: Flow[T], own: Client, request: Request[Any] | None = None) -> Flow[T]:
    """The same flow, from its beginning or a `request` that it has yielded; it learns whom a message lacks."""
    try:
        request = request or next(flow)
        while True:
            try:
                answer = yield from _ask(request, own)
            except Declined as declined:
                request = flow.throw(declined)
            else:
                request = flow.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


def _ask(request: Request[Any], own: Client) -> Flow[Any]:
    answer = yield request
    if isinstance(answer, Accepted) and answer.phash is not None and isinstance(own, Address):
        assert isinstance(request, Submit | SubmitToGroup)
        return (yield from recount(request, own))
    return answer
