"""History on demand: what is asked and answered, what a companion adds, and bytes that it must not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from impl.wire.content import HistoryRequest
from model.demand import Demand
from model.history import History
from properties.conform.registry import observes, performs, violates
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Demand.ask)
def ask(world: World, query: str) -> None:
    world.demands.ask(query)


@performs(Demand.pretend)
def pretend(world: World, query: str) -> None:
    world.demands.pretend(query)


@performs(Demand.answer)
def answer(world: World, query: str) -> None:
    world.demands.answer(query)


@performs(Demand.counterfeit)
def counterfeit(world: World, query: str, sender: str) -> None:
    world.demands.counterfeit(query, sender)


@performs(Demand.swap)
def swap(world: World, query: str) -> None:
    world.demands.swap(query)


@performs(Demand.take)
def take(world: World, query: str, sender: str) -> None:
    world.demands.take(query, sender)


@violates(Demand.take, "blob_intact", breaks="H4")
def the_blob_is_damaged(world: World, query: str, sender: str) -> None:
    blob = world.demands.answers[query, sender].blob
    world.demands.take(query, sender, blob=bytes([blob[0] ^ 1]) + blob[1:])


@violates(Demand.answer, "signatures", breaks="H1", refusals=("account_signature", "identity"))
def a_stranger_asks(world: World, query: str) -> None:
    """As the companion that has asked, under an identity of the adversary's."""
    spec, asked = world.demands.queries[query], world.demands.request(query)
    body = HistoryRequest(spec.chat, asked.id, True, 1, world.now * 1000)
    made_up = world.adversary.impersonate_with(spec.device, spec.phone, body, asked.id)
    world.phone(spec.phone).answer_history_request(made_up, world.now)


@observes(Demand.asked)
def asked(world: World) -> Seen:
    return {(query,): query in world.demands.asked for query in world.demands.queries}


@observes(Demand.answered)
def answered(world: World) -> Seen:
    return {(query,): query in world.demands.answered for query in world.demands.queries}


@observes(Demand.blob)
def blob(world: World) -> Seen:
    """That of the phone."""
    files, demands = world.server.blobs.files, world.demands
    return {(query,): demands.answers[query, demands.queries[query].phone].path in files for query in demands.answered}


@observes(Demand.key)
def key(world: World) -> Seen:
    """The key travels in a peer message, and is nowhere once that has left the mailbox."""
    demands = world.demands
    seen: dict[tuple[str, ...], bool] = {}
    for query in demands.answered:
        spec = demands.queries[query]
        waiting = {stanza.id for stanza in world.waiting(spec.device).values()}
        seen[(query,)] = demands.answers[query, spec.phone].stanza.id in waiting
    return seen


def taken(world: World) -> Iterator[tuple[str, str, int]]:
    for (query, sender), answer in world.demands.answers.items():
        device = world.demands.queries[query].device
        if not world.specs[device].rogue:
            yield query, sender, world.peek(device).deliveries.get((answer.stanza.id, answer.stanza.sender), 0)


@observes(Demand.took)
def took(world: World) -> Seen:
    return {(query, sender): count > 0 for query, sender, count in taken(world)}


@observes(Demand.took_twice)
def took_twice(world: World) -> Seen:
    counts: dict[tuple[str, ...], bool] = {}
    for query, _, count in taken(world):
        counts[(query,)] = counts.get((query,), False) or count > 1
    return counts


@observes(History.fetched)
def fetched(world: World) -> Seen:
    """What an answer has changed in the conversation."""
    if not world.demands.queries:
        return {}
    return {(name, m): (name, m) in world.demands.added for name, _ in world.honest() for m in world.messages}
