"""Readers and writers: many may read at once, one may write alone, and whoever asked first is served first.

An actor asks to read or to write, each at most once at a time; requests queue. The first of the queue is served as
soon as nobody writes, and if it is to write, nobody reads either. Whoever has what it asked for may stop any time.

A queue is an order: `ahead(one, other)` says that one request was made before another that waits too. So a state has
one meaning as a sequence, and the count is the same.

    explore(READERS_WRITERS, actors(3)).states  # 21,527

Source: DeFrain, `ReadersWriters.tla` of the TLA+ examples (github.com/tlaplus/Examples), which is the definition
taken here: 2,192,020 states for 4 actors. That is 109,601 queues of distinct requests out of 8 times the 20 ways in
which the resource is used: by one writer, or by any set of readers.
"""

from __future__ import annotations

from model.configuration import Scope
from model.examples.plain_scope import PlainScope
from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    System,
    action,
    every,
    implies,
    invariant,
    when,
)


class Actor(Sort):
    """Somebody who reads and writes."""


class Request(Sort):
    """What an actor may ask for: to read, or to write."""


class ReadersWriters(Module):
    """Who reads, who writes, and who waits for which."""

    of = Relation(Request, gives=Actor, frozen=True)
    writes = Relation(Request, frozen=True)

    reading = Relation(Actor)
    writing = Relation(Actor)
    waiting = Relation(Request)
    ahead = Relation(Request, Request)

    @action
    def ask(request: Request) -> None:
        """{request} joins the end of the queue."""
        when(not_waiting=~ReadersWriters.waiting(request))
        ReadersWriters.waiting[request] = True
        ReadersWriters.ahead[:, request] = lambda other: ReadersWriters.waiting(other)

    @action
    def serve(request: Request) -> None:
        """{request} is the first of the queue, and is served."""
        who, writes = ReadersWriters.of(request), ReadersWriters.writes(request)
        when(
            first=ReadersWriters.waiting(request) & every(Request, lambda other: ~ReadersWriters.ahead(other, request)),
            nobody_writes=every(Actor, lambda actor: ~ReadersWriters.writing(actor)),
            nobody_reads=implies(writes, every(Actor, lambda actor: ~ReadersWriters.reading(actor))),
        )
        ReadersWriters.waiting[request] = False
        ReadersWriters.ahead[request, :] = lambda other: False
        ReadersWriters.reading[who] = ReadersWriters.reading(who) | ~writes
        ReadersWriters.writing[who] = ReadersWriters.writing(who) | writes

    @action
    def stop(actor: Actor) -> None:
        """{actor} stops reading or writing."""
        when(active=ReadersWriters.reading(actor) | ReadersWriters.writing(actor))
        ReadersWriters.reading[actor] = False
        ReadersWriters.writing[actor] = False


@invariant()
def alone(writer: Actor, other: Actor) -> Formula:
    """Who writes is alone."""
    uses = ReadersWriters.reading(other) | ReadersWriters.writing(other)
    return implies(ReadersWriters.writing(writer) & uses, writer == other)


READERS_WRITERS = System("readers_writers", ReadersWriters)
ALONE = alone


def actors(count: int) -> Scope:
    """So many actors, with a request of each kind."""
    people = [f"actor {i + 1}" for i in range(count)]
    requests = [f"{actor} {what}" for actor in people for what in ("reads", "writes")]
    return PlainScope(
        f"actors={count}",
        {Actor: people, Request: requests},
        {
            ReadersWriters.of: {(i,): i // 2 for i in range(2 * count)},
            ReadersWriters.writes: {(i,): i % 2 for i in range(2 * count)},
        },
    )
