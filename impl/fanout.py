"""Client fan-out: one ciphertext for every device of the recipient and every other own device.

White paper, "Message encryption" and "Client fan-out".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import consistency, outbox, sessions
from impl.address import Address
from impl.lists import is_listed, may_be_told
from impl.messages import MessageKey, StoredMessage
from impl.peers import Peer
from impl.refusal import Refused
from impl.sessions import PrekeyBundle, Record, SessionError
from impl.stanza import Category, Stanza
from impl.vouching import check_identity, check_identity_noticed, vouched_index
from impl.wire import padding
from impl.wire.content import ChatBody, DeviceSent, Message, encode

if TYPE_CHECKING:
    from impl.device import Device


def meet(device: Device, address: Address, key_index: int, bundle: PrekeyBundle, now: int) -> None:
    """Makes a session with a device that the server names, once its account is seen to vouch for it.

    Meeting again changes nothing, unless the session was never answered and is stale. Raises Refused.
    """
    check_listed(device, address, key_index)
    check_vouched(device, address, key_index, bundle)
    record = initiated(device, address, bundle, now)
    check_identity(device, address, bundle.identity)
    known = device.records.get(address)
    if known is None or known.current.stale(now):
        device.records[address] = record
        device.peers[address] = Peer(bundle.identity, key_index)


def send(device: Device, message_id: str, chat: str, body: ChatBody, now: int) -> list[Stanza]:
    """The stanzas of one message, sorted by recipient; it joins the own conversation. Raises Refused."""
    own = check_linked(device)
    check_identity_noticed(device, chat)
    hint = consistency.hint(device, chat, now)
    content, copy = encode(Message(body, hint)), encode(Message(DeviceSent(chat, body), hint))
    copies = dict.fromkeys(listed_peers(device, chat), content) | dict.fromkeys(own_devices(device, own), copy)
    stanzas = [
        sealed_content(device, address, copies[address], message_id, "message", now) for address in sorted(copies)
    ]
    outbox.put(device, message_id, chat, content, copy, stanzas)
    message = StoredMessage.of(MessageKey(message_id, own, chat), body, "own", now)
    device.messages[message.key] = message
    return stanzas


def seal_missing(device: Device, message_id: str, now: int) -> list[Stanza]:
    """Ciphertexts for the devices that the server missed, as far as their account lists them. Raises Refused."""
    own = check_linked(device)
    outgoing, sent = device.outbox[message_id], device.sent[message_id]
    meant = {*own_devices(device, own), *(listed_peers(device, sent.chat) if sent.chat else ())}
    stanzas = [
        sealed_content(
            device, address, sent.copy if address.user == own.user else sent.content, message_id, "message", now
        )
        for address in outgoing.missing
        if address in meant
    ]
    outbox.put(device, message_id, sent.chat, sent.content, sent.copy, stanzas)
    return stanzas


def sealed_content(
    device: Device, address: Address, content: bytes, message_id: str, category: Category, now: int
) -> Stanza:
    """One ciphertext of an encoded message for one met device. Raises Refused."""
    return seal(device, address, padding.pad(content, device.entropy), message_id, category, now)


def seal(device: Device, address: Address, plaintext: bytes, message_id: str, category: Category, now: int) -> Stanza:
    """One ciphertext of exactly these bytes, padding and all, for one met device. Raises Refused."""
    own = check_linked(device)
    try:
        record, enc_type, body = sessions.seal(device.local, session_with(device, address), plaintext, now)
    except SessionError as error:
        raise Refused("met", f"{address}: {error}") from error
    device.records[address] = record
    identity = device.device_identity if enc_type == "pkmsg" else None
    return Stanza(message_id, own, address, category, enc_type, body, identity)


def session_with(device: Device, address: Address) -> Record:
    record = device.records.get(address)
    if record is None:
        raise Refused("met", f"no session with {address}")
    return record


def listed_peers(device: Device, user: str) -> list[Address]:
    """The met devices of an account that may be told something now."""
    return [
        address
        for address in device.peers.of(user)
        if address in device.records and may_be_told(device, address, device.peers[address].key_index)
    ]


def own_devices(device: Device, own: Address) -> list[Address]:
    """The other devices of the own account: each gets a copy of what this one sends."""
    return listed_peers(device, own.user)


def initiated(device: Device, address: Address, bundle: PrekeyBundle, now: int) -> Record:
    """A new session from a prekey bundle; the caller commits. Raises Refused with the session's reason."""
    try:
        return sessions.initiate(device.local, bundle, device.entropy, device.records.get(address), now)
    except SessionError as error:
        raise Refused(error.reason, f"the bundle of {address}") from error


def check_linked(device: Device) -> Address:
    if device.address is None:
        raise Refused("linked", "this device belongs to no account yet")
    return device.address


def check_listed(device: Device, address: Address, key_index: int) -> None:
    if not is_listed(device, address, key_index):
        raise Refused("listed", f"{address} with key index {key_index} is not in the list of its account")


def check_vouched(device: Device, address: Address, key_index: int, bundle: PrekeyBundle) -> None:
    if vouched_index(device, address, bundle.identity, bundle.device_identity) != key_index:
        raise Refused("account_signature", f"vouched for under another key index than {key_index}")
