"""Assignments that happen at once, for languages in which they come one after the other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def sequence(reads: Mapping[T, AbstractSet[T]]) -> tuple[list[T], list[T]]:
    """In which order to assign, given what each new value reads; and what to keep the old value of, beforehand.

    A value may read what it is assigned to.
    """
    waiting = {target: set(read) & reads.keys() - {target} for target, read in reads.items()}
    kept: list[T] = []
    order: list[T] = []
    while waiting:
        read = {target for others in waiting.values() for target in others}
        free = [target for target in waiting if target not in read]
        if free:
            order += free
            for target in free:
                del waiting[target]
        else:
            most = max(waiting, key=lambda target: sum(target in others for others in waiting.values()))
            kept.append(most)
            for others in waiting.values():
                others.discard(most)
    return kept, order
