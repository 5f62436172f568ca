"""A collection that a companion cannot verify: the phone hands over its own. wire.md, sections 10.4 and 11.3.

If that does not help either, the phone is told (APP_STATE_FATAL_EXCEPTION_NOTIFICATION). It keeps what it was told
for its user, who can link the companion again; it resets nothing, for a server can provoke the notification.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import peer_messages
from impl.address import PHONE, Address
from impl.appstate import syncing
from impl.appstate.collection import Applied
from impl.appstate.mutation import Change
from impl.appstate.recovery import recover
from impl.durations import DAY
from impl.fanout import check_linked
from impl.refusal import Refused, refused_as
from impl.stanza import Stanza
from impl.wire.appstate import CollectionName, Operation
from impl.wire.content import FatalException, RecoveryRequest, RecoveryResponse
from impl.wire.recovery import PlainRecord, Recovery

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone


@dataclass(frozen=True)
class Recovering:
    """In which message the phone was asked for a collection, when (seconds), and whether it has not answered."""

    message_id: str
    asked: int
    open: bool = True


def request(companion: Companion, name: CollectionName, now: int) -> None:
    """Asks the phone for a collection, at most once a day: into the outbox. Raises Refused."""
    last = companion.recoveries.get(name)
    if last is None or now - last.asked >= DAY:
        message_id = peer_messages.put(companion, _phone(companion), RecoveryRequest(name, now), now)
        companion.recoveries[name] = Recovering(message_id, now)


def answer(phone: Phone, stanza: Stanza, now: int) -> None:
    """An own companion gets the collection as the phone has it: into the outbox. Raises Refused."""
    wanted = peer_messages.take(phone, stanza, RecoveryRequest)
    peer_messages.check_own_device(phone, stanza.sender)
    with refused_as("content", ValueError):
        name = CollectionName(wanted.collection)
    state = syncing.collection(phone, name)
    records = tuple(PlainRecord(each.action, each.key_id, each.value_mac) for each in state.entries.values())
    plain = Recovery(state.version, name, records, state.hash).encode()
    body = RecoveryResponse(stanza.id, gzip.compress(plain, mtime=0), compressed=True)
    peer_messages.put(phone, stanza.sender, body, now)


def restore(companion: Companion, stanza: Stanza, now: int) -> Refused | None:
    """Takes the collection that the phone was asked for; if it is refused, answers why, and the phone is told.

    Raises Refused for what nobody asked for.
    """
    response = peer_messages.take(companion, stanza, RecoveryResponse)
    peer_messages.check_own_phone(companion, stanza.sender)
    name = asked_for(companion, response)
    companion.recoveries[name] = Recovering(response.request_id, companion.recoveries[name].asked, open=False)
    try:
        _recover(companion, name, response)
    except Refused as refusal:
        peer_messages.put(companion, _phone(companion), FatalException((name,), now * 1000), now)
        return refusal
    return None


def note(phone: Phone, stanza: Stanza) -> None:
    """A companion cannot verify a collection. Raises Refused."""
    fatal = peer_messages.take(phone, stanza, FatalException)
    peer_messages.check_own_device(phone, stanza.sender)
    phone.alarms[stanza.sender] = fatal


def asked_for(companion: Companion, response: RecoveryResponse) -> CollectionName:
    for name, request in companion.recoveries.items():
        if request.open and request.message_id == response.request_id:
            return name
    raise Refused("requested", "nobody asked for this collection")


def _recover(companion: Companion, name: CollectionName, response: RecoveryResponse) -> None:
    with refused_as("content"):
        recovery = Recovery.decode(response.collection_snapshot, response.compressed)
    before = syncing.collection(companion, name)
    state = recover(before, recovery, syncing.keyring(companion))
    changes = tuple(Change(Operation.SET, index_mac, entry) for index_mac, entry in state.entries.items())
    epoch = max((entry.key_id.epoch for entry in state.entries.values()), default=0)
    syncing.replace_entries(companion, before, Applied(state, changes), max(epoch, syncing.head(companion, name).epoch))


def _phone(companion: Companion) -> Address:
    return Address(check_linked(companion).user, PHONE)
