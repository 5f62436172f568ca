"""Sessions: what the ends do, what is seen of it, and what copies of them open."""

from __future__ import annotations

from collections.abc import Mapping

from model.sessions import Sessions
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Sessions.begin)
def begin(world: World, session: str, chain: str, prekey: str) -> None:
    world.parlour.begin(session, prekey)


@performs(Sessions.begin_bare)
def begin_bare(world: World, session: str, chain: str) -> None:
    world.parlour.begin(session, None)


@performs(Sessions.steal)
def steal(world: World, session: str, chain: str) -> None:
    world.parlour.steal(session)


@performs(Sessions.seal)
def seal(world: World, note: str, chain: str) -> None:
    world.parlour.seal(note)


@performs(Sessions.open_)
def open_(world: World, note: str, chain: str, answer: str) -> None:
    world.parlour.receiver(note).receive(world.parlour.notes[note], world.now)


@performs(Sessions.snapshot)
def snapshot(world: World, copy: str) -> None:
    world.parlour.copy(copy)


@observes(Sessions.spent)
def spent(world: World) -> Seen:
    """The key is gone."""
    return {(prekey,): world.parlour.one_time(prekey) is None for prekey in world.parlour.prekeys}


@observes(Sessions.sealed)
def sealed(world: World) -> Seen:
    return {(note,): note in world.parlour.notes for note in world.parlour.specs}


def deliveries(world: World) -> Mapping[str, int]:
    counts = {}
    for note, stanza in world.parlour.notes.items():
        counts[note] = world.parlour.receiver(note).deliveries.get((stanza.id, stanza.sender), 0)
    return counts


@observes(Sessions.opened)
def opened(world: World) -> Seen:
    return {(note,): count > 0 for note, count in deliveries(world).items()}


@observes(Sessions.opened_twice)
def opened_twice(world: World) -> Seen:
    return {(note,): count > 1 for note, count in deliveries(world).items()}


@observes(Sessions.known)
def known(world: World) -> Seen:
    return {(note,): note in world.parlour.known for note in world.parlour.specs}
