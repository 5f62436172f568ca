"""Peer messages, which go from one own device to one other: put into the outbox, and taken. wire.md, section 8.9."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from impl import outbox
from impl.address import PHONE, Address
from impl.fanout import sealed_content
from impl.receiving import commit, read
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire.content import Body, ChatBody, DeviceSent, PeerBody, encode

if TYPE_CHECKING:
    from impl.device import Device

B = TypeVar("B", bound=PeerBody)


def put(device: Device, address: Address, body: PeerBody, now: int) -> str:
    """Seals `body` for a met own device, into the outbox; answers with the message's id. Raises Refused."""
    message_id = outbox.new_message_id(device)
    content = encode(body)
    stanza = sealed_content(device, address, content, message_id, "peer", now)
    outbox.put(device, message_id, None, content, b"", [stanza])
    return message_id


def look(device: Device, stanza: Stanza) -> Body | None:
    """What a stanza holds. Changes nothing. Raises Refused."""
    return _bare(device, stanza, read(device, stanza)[2].body)


def take(device: Device, stanza: Stanza, kind: type[B]) -> B:
    """A peer message of this kind, which counts as received from now on. Raises Refused."""
    opened, peer, message = read(device, stanza)
    body = _bare(device, stanza, message.body)
    if not isinstance(body, kind):
        raise Refused("content", f"not a {kind.__name__}")
    commit(device, stanza.sender, opened, peer)
    device.note_delivery(stanza)
    return body


def _bare(device: Device, stanza: Stanza, body: Body | None) -> Body | None:
    """Baileys sends what it asks of the phone as the copy of a message to the own account: the same, once unwrapped."""
    if not isinstance(body, DeviceSent) or isinstance(body.message, ChatBody):
        return body
    check_own_device(device, stanza.sender)
    if body.chat != stanza.sender.user:
        raise Refused("own_copy", f"a copy of what was not sent to the own account, but to {body.chat}")
    return body.message


def check_own_device(device: Device, sender: Address) -> None:
    if device.address is None or sender.user != device.address.user:
        raise Refused("from_own_account", f"{sender} is of another account")


def check_own_phone(device: Device, sender: Address) -> None:
    check_own_device(device, sender)
    check_phone(sender)


def check_phone(sender: Address) -> None:
    if sender.device != PHONE:
        raise Refused("from_the_phone", f"{sender} is a companion")
