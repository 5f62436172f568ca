"""Retries: requests that the server makes up, what the author answers, and who opens it."""

from __future__ import annotations

from collections.abc import Mapping

from impl.retry import UNKNOWN
from impl.stanza import RetryRequest, Stanza
from model.retry import Retries
from properties.conform.adversary import opened
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Retries.answer)
def answer(world: World, request: str) -> None:
    spec = world.requests[request]
    author, id = world.spec_of(spec.message).author, world.message_id(spec.message)
    keys, pair = world.bundle(spec.keys), (spec.message, spec.device)
    count = 1 + sum((other.message, other.device) == pair for other in map(world.requests.get, world.resent) if other)
    addresses = world.address(spec.device), world.address(author)
    made_up = RetryRequest(id, *addresses, count, UNKNOWN, keys.registration_id, keys, None)
    answering = world.device(author)
    if id in answering.outbox:  # the server has had it, and has said so
        answering.submitted(id)
    answering.answer_retry(made_up, world.now)
    (stanza,) = answering.outbox[id].stanzas
    answering.submitted(id)
    world.resent[request] = {name for name in world.specs if opens(world, name, stanza)}


@observes(Retries.answered)
def answered(world: World) -> Seen:
    return {(request,): request in world.resent for request in world.requests}


@observes(Retries.anew)
def anew(world: World) -> Seen:
    """Whose keys opened it when it was made: later they may be gone, with the session."""
    found = {(world.requests[request].message, name) for request, names in world.resent.items() for name in names}
    return {(message, name): (message, name) in found for message in world.messages for name in world.specs}


def opens(world: World, name: str, stanza: Stanza) -> bool:
    """By its prekeys, or by the session, which has used them up if another message of it came first."""
    device = world.peek(name)
    return any(opened(device, stanza, record) for record in (None, device.records.get(stanza.sender)))
