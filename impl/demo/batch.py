"""Which requests travel together."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from msgspec import Raw

from impl.demo import wire
from impl.demo.wire import Answered, Asks, Outcome, Refusal
from impl.dialogue import Acknowledge, Declined, Download, Request, SendReceipts, Upload
from impl.wire.errors import DecodeError

MOST = 64
"""Requests of a batch."""

ALONE = Upload | Download
"""Whoever carries a file has a frame for itself."""


@dataclass
class Asked:
    """A request, and who waits for its answer."""

    request: Request[Any]
    answers: list[asyncio.Future[Any]]

    def settle(self, outcome: Outcome) -> None:
        """Raises DecodeError."""
        match outcome:
            case Answered(value):
                answer = wire.answer(self.request, value)
                for future in self._waiting():
                    future.set_result(answer)
            case Refusal(code, why):
                for future in self._waiting():
                    future.set_exception(Declined(code, why))

    def _waiting(self) -> list[asyncio.Future[Any]]:
        return [future for future in self.answers if not future.done()]


@dataclass
class Batch:
    """Requests in the order in which they were made, but that all receipts are one, and all acknowledgements."""

    asked: list[Asked] = field(default_factory=list)

    @classmethod
    def of(cls, waiting: deque[Asked]) -> Batch:
        """Takes what goes next."""
        batch = cls()
        while waiting and len(batch.asked) < MOST:
            alone = isinstance(waiting[0].request, ALONE)
            if alone and batch.asked:
                break
            batch._add(waiting.popleft())
            if alone:
                break
        return batch

    def _add(self, more: Asked) -> None:
        for each in self.asked:
            joined = _joined(each.request, more.request)
            if joined is not None:
                each.request = joined
                each.answers += more.answers
                return
        self.asked.append(more)

    def numbered(self, number: int) -> bytes:
        return wire.framed(Asks(number, tuple(Raw(wire.encode(each.request)) for each in self.asked)))

    def settle(self, outcomes: tuple[Outcome, ...]) -> None:
        """Everybody gets the answer to its request. Raises DecodeError."""
        if len(outcomes) != len(self.asked):
            raise DecodeError(f"{len(outcomes)} answers to {len(self.asked)} requests", "answers")
        for each, outcome in zip(self.asked, outcomes, strict=True):
            each.settle(outcome)


def _joined(one: Request[Any], other: Request[Any]) -> Request[Any] | None:
    match one, other:
        case SendReceipts(receipts), SendReceipts(more):
            return SendReceipts((*receipts, *more))
        case Acknowledge(entries), Acknowledge(further):
            return Acknowledge((*entries, *further))
    return None
