"""Client fan-out: one ciphertext for every device of the recipient and every other own device.

White paper, "Message encryption" and "Client fan-out".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import sessions
from impl.address import Address
from impl.lists import is_listed
from impl.refusal import Refused
from impl.sessions import PrekeyBundle, Record, SessionError
from impl.store import Category, Peer, Stanza, StoredMessage
from impl.vouching import check_identity, vouched_index
from impl.wire import content, padding
from impl.wire.content import Body, DeviceSent, Text

if TYPE_CHECKING:
    from impl.device import Device


def meet(device: Device, address: Address, key_index: int, bundle: PrekeyBundle) -> None:
    """Makes a session with a device that the server names, once its account is seen to vouch for it.

    Meeting again changes nothing. Raises Refused.
    """
    check_listed(device, address, key_index)
    check_vouched(device, address, key_index, bundle)
    record = initiated(device, address, bundle)
    check_identity(device, address, bundle.identity)
    if address not in device.peers:
        device.records[address] = record
        device.peers[address] = Peer(bundle.identity, key_index)


def send(device: Device, message_id: str, to_user: str, text: str, now: int) -> list[Stanza]:
    """The stanzas of one text, sorted by recipient; the text joins the own conversation. Raises Refused."""
    own = check_linked(device)
    message = Text(text)
    copies: dict[Address, Body] = dict.fromkeys(listed_peers(device, to_user), message)
    copies |= dict.fromkeys(own_devices(device, own), DeviceSent(to_user, message))
    outgoing = [
        sealed_content(device, address, session_with(device, address), copies[address], message_id, "message")
        for address in sorted(copies)
    ]
    device.records |= {stanza.recipient: record for record, stanza in outgoing}
    device.conversation.append(StoredMessage(message_id, own, to_user, text, "own", now))
    return [stanza for _, stanza in outgoing]


def seal(device: Device, address: Address, plaintext: bytes, message_id: str, category: Category) -> Stanza:
    """One ciphertext of exactly these bytes, padding and all, for one met device. Raises Refused."""
    record, stanza = sealed(device, address, session_with(device, address), plaintext, message_id, category)
    device.records[address] = record
    return stanza


def sealed_content(
    device: Device, address: Address, record: Record, message: Body, message_id: str, category: Category
) -> tuple[Record, Stanza]:
    """The session as it will be after sending, and what to send; the caller commits."""
    plaintext = padding.pad(content.encode(message), device.entropy)
    return sealed(device, address, record, plaintext, message_id, category)


def sealed(
    device: Device, address: Address, record: Record, plaintext: bytes, message_id: str, category: Category
) -> tuple[Record, Stanza]:
    own = check_linked(device)
    record, enc_type, body = sessions.seal(device.local, record, plaintext)
    identity = device.device_identity if enc_type == "pkmsg" else None
    return record, Stanza(message_id, own, address, category, enc_type, body, identity)


def session_with(device: Device, address: Address) -> Record:
    record = device.records.get(address)
    if record is None:
        raise Refused("met", f"no session with {address}")
    return record


def listed_peers(device: Device, user: str) -> list[Address]:
    """The met devices of an account that its current list names."""
    return [
        address
        for address, peer in device.peers.items()
        if address.user == user and is_listed(device, address, peer.key_index)
    ]


def own_devices(device: Device, own: Address) -> list[Address]:
    """The other devices of the own account: each gets a copy of what this one sends."""
    return listed_peers(device, own.user)


def initiated(device: Device, address: Address, bundle: PrekeyBundle) -> Record:
    """A new session from a prekey bundle; the caller commits. Raises Refused with the session's reason."""
    try:
        return sessions.initiate(device.local, bundle, device.entropy, device.records.get(address))
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
