"""Sending to a group: one ciphertext for all, and the sender key, pairwise, for each device that lacks it.

WhatsApp security white paper, "Group messages". Who has the key is remembered per device: a member's companion
that is unlinked ends it just as a member who leaves does (Albrecht, Dowling, Jones 2025).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impl import consistency, conversation, ephemeral, outbox, viewonce
from impl.address import Address
from impl.fanout import check_linked, sealed_content
from impl.groups.membership import check_member, members, retire_key
from impl.groups.senderkey import OwnSenderKey
from impl.lists import may_be_told
from impl.messages import MessageKey, StoredMessage
from impl.outbox import Outgoing
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire import padding
from impl.wire.content import ChatBody, KeyDistribution, Message, decode, encode

if TYPE_CHECKING:
    from impl.device import Device


@dataclass(frozen=True)
class Served:
    """A device that was handed the present sender key, and the identity key (32 bytes) that it had."""

    address: Address
    identity: bytes


def send(device: Device, message_id: str, group: str, body: ChatBody, now: int) -> None:
    """Seals one message for every device of every member; it joins the own conversation. Raises Refused."""
    own, body = check_linked(device), ephemeral.timed(device, group, body)
    seal = _seal_once if viewonce.is_view_once(body) else _seal
    seal(device, message_id, group, encode(Message(body, consistency.hint(device, group, now))), None, now)
    message = StoredMessage.of(MessageKey(message_id, own, group), body, "own", now)
    conversation.heed(device, message, body)


def resend(device: Device, message_id: str, addresses: Collection[Address], now: int) -> None:
    """Seals a sent message once more, as the next one under the present key, for some devices of members.

    They get the key again, whether or not they had it: from there on, it opens nothing that was before. A message
    that still waits for the server goes there first: nothing changes. Raises Refused.
    """
    sent, outgoing = device.sent[message_id], device.outbox.get(message_id)
    if sent.chat is None or (outgoing is not None and not outgoing.missing):
        return
    recipients = tuple(each for each in audience(device, sent.chat) if each in addresses)
    if sent.view_once:
        recipients = viewonce.readers_in_group(recipients, check_linked(device))
    if recipients:
        seal = _seal_once if sent.view_once else _seal
        seal(device, message_id, sent.chat, sent.content, recipients, now)
    elif outgoing is not None:
        outbox.submitted(device, message_id, ())


def audience(device: Device, group: str) -> tuple[Address, ...]:
    """The met and listed devices of the members, sorted, own ones included and this one not."""
    users = set(members(device, group))
    return tuple(
        sorted(
            address
            for address, peer in device.peers.items()
            if address.user in users and may_be_told(device, address, peer.key_index)
        )
    )


def _seal(
    device: Device, message_id: str, group: str, content: bytes, only: tuple[Address, ...] | None, now: int
) -> None:
    """Into the outbox, for `only` these or for all. The chain moves in the same transaction, so no key serves twice."""
    check_member(device, group, check_linked(device).user)
    retire_if_known_outside(device, group)
    recipients = audience(device, group) if only is None else only
    key = device.own_sender_keys.get(group) or OwnSenderKey.generate(device.entropy)
    have = {each.address for each in device.served.get(group, ())} if only is None else set()
    lacking = [address for address in recipients if address not in have]
    content_of_key = encode(Message(None, distribution=_distribution(group, key)))
    distributions = _hand_out(device, message_id, group, content_of_key, lacking, now)
    device.own_sender_keys[group], body = key.seal(padding.pad(content, device.entropy), device.entropy)
    outgoing = Outgoing(group, tuple(distributions), body=body, only=only)
    outbox.put_to_group(device, message_id, content, recipients, outgoing)


def _seal_once(
    device: Device, message_id: str, group: str, content: bytes, only: tuple[Address, ...] | None, now: int
) -> None:
    """What is to be viewed once, over the sessions with phones of others; the key of the group says where it was said.

    See `groups.pairwise`, which takes it.
    """
    own = check_linked(device)
    check_member(device, group, own.user)
    retire_if_known_outside(device, group)
    readers = viewonce.readers_in_group(audience(device, group), own) if only is None else only
    key = device.own_sender_keys.get(group) or OwnSenderKey.generate(device.entropy)
    device.own_sender_keys[group] = key
    whole = encode(replace(decode(content), distribution=_distribution(group, key)))
    stanzas = tuple(_hand_out(device, message_id, group, whole, readers, now))
    recipients = tuple(each.recipient for each in stanzas)
    outbox.put_to_group(device, message_id, content, recipients, Outgoing(group, stanzas, body=b"", only=only), True)


def retire_if_known_outside(device: Device, group: str) -> None:
    """A key that somebody holds who may not read the next message is a key of the past."""
    if any(not may_still_read(device, each) for each in device.served.get(group, ())):
        retire_key(device, group)


def may_still_read(device: Device, served: Served) -> bool:
    """Whether it is in the list of its account and still the same device; a member it is, or the key were retired."""
    peer = device.peers.get(served.address)
    return peer is not None and peer.identity == served.identity and may_be_told(device, served.address, peer.key_index)


def _distribution(group: str, key: OwnSenderKey) -> KeyDistribution:
    """The key from its next message on."""
    return KeyDistribution(group, key.distribution().encode())


def _hand_out(
    device: Device, message_id: str, group: str, content: bytes, addresses: Iterable[Address], now: int
) -> list[Stanza]:
    """`content`, which holds the present key, for each device that has a session to get it through."""
    stanzas = []
    for address in addresses:
        # one member whose session went stale must not silence the group; that device asks for the message again
        with suppress(Refused):
            stanzas.append(sealed_content(device, address, content, message_id, "message", now))
    if stanzas:
        served = {each.address: each for each in device.served.get(group, ())}
        for address in (each.recipient for each in stanzas):
            served[address] = Served(address, device.peers[address].identity)
        device.served[group] = tuple(served.values())
    return stanzas
