"""Retry receipts: a device asks for a message that it could not open, and its sender seals it anew, for it alone.

wire.md, section 8.7. The server hands receipts on and can forge them, so the sender believes them little: it answers
a device that the message was for, under the identity that this device is known by, and not for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from impl.address import Address, is_group
from impl.fanout import check_linked, check_listed, check_vouched, initiated, sealed_content
from impl.outbox import Outgoing, Resent, Sent
from impl.refusal import Refused
from impl.sessions import SessionError
from impl.stanza import GroupStanza, RetryRequest, Stanza
from impl.vouching import check_identity_noticed

if TYPE_CHECKING:
    from impl.device import Device

LIMIT = 5
"""How often one device asks, and is answered, for one message."""

OPEN_LIMIT = 256
"""How many messages a device asks for at a time: ids are the server's word, and it can name any."""

UNKNOWN, NO_SESSION, INVALID_KEY, INVALID_KEY_ID, INVALID_MESSAGE, BAD_MAC, INVALID_MESSAGE_KEY = 0, 1, 2, 3, 4, 7, 9
REASONS = {
    "no_session": NO_SESSION,
    "no_sender_key": NO_SESSION,
    "invalid_key": INVALID_KEY,
    "invalid_key_id": INVALID_KEY_ID,
    "bad_mac": BAD_MAC,
    "duplicate": INVALID_MESSAGE_KEY,
}
CURABLE = {"intact", "no_sender_key"}
"""Refusals of what another ciphertext of the same message may bring."""


@dataclass(frozen=True)
class Wanted:
    """A message that was asked for: the last request, and the digest of the ciphertext that led to it."""

    request: RetryRequest
    body: bytes


def curable(device: Device, stanza: Stanza | GroupStanza, refusal: Refused) -> bool:
    """Whether to ask for the message again.

    Its sender may have been restored from an older copy of itself: then it uses message keys once more, and what
    looks like a duplicate is a message that nobody has read.
    """
    if refusal.check == "fresh":
        return (stanza.id, stanza.sender) not in device.deliveries
    return refusal.check in CURABLE


def want(
    device: Device, stanza: Stanza | GroupStanza, refusal: Refused, chat: str | None = None
) -> RetryRequest | None:
    """What to ask the sender, once more for a ciphertext that comes once more; None after the last time."""
    own, key = check_linked(device), (stanza.id, stanza.sender)
    known, body = device.wanted.get(key), sha256(ciphertext(stanza)).digest()
    if known is not None and known.body == body:
        return known.request
    count = 1 if known is None else known.request.count + 1
    if count > LIMIT:
        return None
    if known is None and len(device.wanted) >= OPEN_LIMIT:
        del device.wanted[next(iter(device.wanted))]
    why = reason(refusal)
    keys = device.bundle() if count > 1 or lacks_session(device, stanza.sender) else None
    request = RetryRequest(stanza.id, own, stanza.sender, count, why, device.registration_id, keys, chat)
    device.wanted[key] = Wanted(request, body)
    return request


def ciphertext(stanza: Stanza | GroupStanza) -> bytes:
    """What holds the message, over a session alone if there is nothing for the group."""
    alone = stanza.distribution if isinstance(stanza, GroupStanza) and not stanza.body else None
    return stanza.body if alone is None else alone.body


def reason(refusal: Refused) -> int:
    """The code for what a session refused."""
    cause = refusal.__cause__
    if refusal.check == "no_sender_key":
        return NO_SESSION
    return REASONS.get(cause.reason, UNKNOWN) if isinstance(cause, SessionError) else INVALID_MESSAGE


def lacks_session(device: Device, address: Address) -> bool:
    return address not in device.records


def answer(device: Device, request: RetryRequest, now: int) -> None:
    """Seals a message anew for the device that asks: into the outbox. Raises Refused.

    A request that was answered before changes nothing, nor does one for a message that still waits for the server.
    """
    sent = check_asked_by_target(device, request)
    check_identity_noticed(device, request.sender.user)
    check_listed(device, request.sender, device.peers[request.sender].key_index)
    last = next((each for each in sent.resent if each.address == request.sender), None)
    if request.id in device.outbox or (last is not None and request.count <= last.count):
        return
    check_count(request)
    renew(device, request, last, now)
    base_key = device.records[request.sender].current.base_key
    others = tuple(each for each in sent.resent if each is not last)
    device.sent[request.id] = replace(sent, resent=(*others, Resent(request.sender, request.count, base_key)))
    resend(device, request.id, request.sender, now)


def renew(device: Device, request: RetryRequest, last: Resent | None, now: int) -> None:
    """A new session with the keys in the request, unless the one that failed was replaced already (base key rule)."""
    known = device.records.get(request.sender)
    if request.keys is None:
        check_session(device, request.sender)
        return
    check_keys(device, request)
    if known is None or last is None or known.current.base_key == last.base_key:
        device.records[request.sender] = initiated(device, request.sender, request.keys, now)


def resend(device: Device, message_id: str, address: Address, now: int) -> None:
    """One more ciphertext of a sent message, for one device: into the outbox. Raises Refused."""
    sent = device.sent[message_id]
    if sent.chat is not None and is_group(sent.chat):
        device.resend_to_group(message_id, (address,), now)
        return
    copied = sent.chat is not None and address.user == check_linked(device).user
    content = sent.copy if copied else sent.content
    stanza = sealed_content(device, address, content, message_id, "message" if sent.chat else "peer", now)
    device.outbox[message_id] = Outgoing(sent.chat, (stanza,), only=(address,))


def check_asked_by_target(device: Device, request: RetryRequest) -> Sent:
    """The message was sealed for the device that asks, which has not confirmed it: nobody else gets it, ever."""
    sent = device.sent.get(request.id)
    if sent is None or request.sender not in sent.waiting or request.sender not in device.peers:
        raise Refused("target", f"{request.id} was not for {request.sender}, or is there already")
    return sent


def check_count(request: RetryRequest) -> None:
    if not 1 <= request.count <= LIMIT:
        raise Refused("retry_limit", f"asked for the {request.count}th time")


def check_keys(device: Device, request: RetryRequest) -> None:
    """They are checked as those that the server hands out, and belong to the device as it is known."""
    keys, peer = request.keys, device.peers[request.sender]
    if keys is None or keys.registration_id != request.registration_id:
        raise Refused("well_formed", "keys of another registration")
    if keys.identity != peer.identity:
        raise Refused("identity", f"{request.sender} is known with another identity")
    check_vouched(device, request.sender, peer.key_index, keys)


def check_session(device: Device, address: Address) -> None:
    if lacks_session(device, address):
        raise Refused("met", f"no session with {address}, and no keys for one")
