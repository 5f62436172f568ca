"""Runs a flow against whatever answers requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from impl.dialogue import Declined, Flow, Request

T = TypeVar("T")


def drive(flow: Flow[T], answer: Callable[[Request[Any]], Any]) -> T:
    """The flow to its end; what the server declines is raised where it was asked."""
    try:
        request = next(flow)
        while True:
            try:
                reply = answer(request)
            except Declined as declined:
                request = flow.throw(declined)
            else:
                request = flow.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result
