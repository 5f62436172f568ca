"""Which devices a message lacks: an ack gives no more than a hash, so whoever sent it asks for the devices again.

wire.md, sections 4.4 and 8.6; `send.go` of tulir/whatsmeow.
"""

from __future__ import annotations

from collections.abc import Iterable

from impl.address import PHONE, Address
from impl.dialogue import Accepted, FetchDevices, FetchGroup, Flow, Submit, SubmitToGroup, ask


def recount(request: Submit | SubmitToGroup, own: Address) -> Flow[Accepted]:
    """What the server would say if acks had a place for it, after one with a `phash`. Raises Declined."""
    if isinstance(request, SubmitToGroup):
        roster = yield from ask(FetchGroup(request.group))
        counted = yield from _devices(roster.members)
        if request.view_once:
            phones = {each for each in counted if each.device == PHONE and each.user != own.user}
            return Accepted(missing=tuple(sorted(phones - {each.recipient for each in request.distributions})))
        return Accepted(missing=tuple(sorted(counted - {own})))
    made_for = {each.recipient for each in request.stanzas}
    chat = () if request.chat is None else (request.chat, own.user)
    known = yield from _devices((*chat, *(each.user for each in made_for)))
    return Accepted(tuple(sorted(_wanted(request, own, known) - made_for)), tuple(sorted(made_for - known)))


def _wanted(request: Submit, own: Address, known: set[Address]) -> set[Address]:
    """For whom the message is meant, of all that are known."""
    if request.chat is None or request.again:
        return set()
    if request.view_once:
        return known & {Address(request.chat, PHONE)}
    return {each for each in known if each.user in (request.chat, own.user)} - {own}


def _devices(users: Iterable[str]) -> Flow[set[Address]]:
    found = yield from ask(FetchDevices(tuple(dict.fromkeys(users))))
    return {entry.address for devices in found.values() for entry in devices.devices}
