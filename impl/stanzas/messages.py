"""Messages from device to device. wire.md, sections 8.2, 8.6, 8.9 and 13; tulir/whatsmeow, `send.go`, `message.go`."""

from __future__ import annotations

from typing import Any, Literal

from impl.address import Address, is_group
from impl.dialogue import Client, Delivery, Submit, Unavailable
from impl.stanza import Category, Stanza
from impl.stanzas.acked import Counted
from impl.stanzas.ciphertexts import (
    device_identity,
    enc_of,
    is_of_group,
    linked,
    message_id,
    participants,
    present,
    read_encs,
    read_envelope,
    read_participants,
    said_in,
)
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, chat, chat_of, children, find, jid_of, optional
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

PEER = "peer"
VIEW_ONCE = "view_once"

NAME = "notify"
"""What the sender wants to be called."""

TEXT, MEDIA = "text", "media"
"""What a message says of its content; whoever cannot read it says TEXT."""


class Submitting(Counted[Submit]):
    """`<message id to=CHAT type><participants><to jid><enc/></to>…</participants>[<device-identity/>]</message>`.

    For one own device `<message id to=DEVICE category="peer"><enc/>`, and for one device that asked again `<message
    id to=DEVICE device_fanout="false" [recipient=CHAT]><enc/>`. That something is to be viewed once is an attribute
    `view_once="true"` of our own: how servers learn of it is not known.

    The answer names no device. Its `phash` is there if the server counts others than the message was made for; then
    `recount` finds out.
    """

    request = Submit

    def ask(self, request: Submit, own: Client) -> tuple[Node, ...]:
        stanzas, peer = request.stanzas, request.chat is None
        alone = len(stanzas) == 1 and (peer or request.again)
        attrs = {
            "id": request.id,
            "to": jid_of(stanzas[0].recipient) if alone else chat_of(request.chat or linked(own).user),
            "type": TEXT,
            "category": PEER if peer else None,
            "device_fanout": "false" if request.again else None,
            "recipient": chat_of(request.chat) if alone and request.chat and _is_copy(stanzas[0]) else None,
            VIEW_ONCE: "true" if request.view_once else None,
        }
        meta = (Node("meta", {"appdata": "default"}),) if peer else ()
        content = enc_of(stanzas[0]) if alone else participants(stanzas)
        return (Node("message", present(attrs), (*meta, content, *device_identity(stanzas))),)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "message" and not is_of_group(node, "to")

    def asked(self, node: Node, client: Client) -> Submit:
        own, to = linked(client), address(node, "to")
        category: Category = _category(node)
        envelope = read_envelope(node, own, category)
        alone, for_group = read_encs(node)
        several = find(node, "participants") is not None
        if for_group or (alone is not None) == several:
            raise DecodeError("not one ciphertext, nor one for each participant", "<message>")
        if alone is not None:
            stanzas: tuple[Stanza, ...] = (envelope.around(alone, to),)
        else:
            stanzas = tuple(each for each in read_participants(node, envelope).values() if each is not None)
        chat = None if category == PEER else said_in(node, to, own) or to.user
        strangers = {each.recipient.user for each in stanzas} - {own.user, chat}
        if strangers and category != PEER:  # whose peer messages are carried is for the server to decide
            raise DecodeError(f"for {strangers.pop()}, who has no part in it", "<message>")
        again, view_once = optional(node, "device_fanout") == "false", optional(node, VIEW_ONCE) == "true"
        return Submit(envelope.id, chat, stanzas, again, view_once)


class Delivered(Notice[Delivery]):
    """`<message from=DEVICE id type [category] [recipient=CHAT] [notify]><enc/>[<device-identity/>]</message>`."""

    event = Delivery

    def tell(self, event: Delivery, to: Client) -> Node:
        stanza = event.stanza
        attrs = {
            "from": jid_of(stanza.sender),
            "id": stanza.id,
            "type": TEXT,
            "category": PEER if stanza.category == PEER else None,
            "recipient": _recipient(event.chat, stanza.sender, to) if stanza.category != PEER else None,
            NAME: event.name,
        }
        return Node("message", present(attrs), (enc_of(stanza), *device_identity((stanza,))))

    def is_told(self, node: Node) -> bool:
        return node.tag == "message" and not is_of_group(node, "from") and not children(node, "unavailable")

    def told(self, node: Node, own: Client) -> Delivery:
        recipient, sender, category = linked(own), address(node, "from"), _category(node)
        alone, for_group = read_encs(node)
        if alone is None or for_group:
            raise DecodeError("no ciphertext, or one for a group", "<message>")
        stanza = read_envelope(node, sender, category).around(alone, recipient)
        chat = None if category == PEER else said_in(node, sender, recipient)
        return Delivery(stanza, chat, optional(node, NAME))


class Withheld(Notice[Unavailable]):
    """`<message from=DEVICE id type [recipient=CHAT]><unavailable type="view_once"/></message>`.

    In groups `<message from=GROUP participant=DEVICE id type>`.
    """

    event = Unavailable

    def tell(self, event: Unavailable, to: Client) -> Node:
        attrs = {"from": jid_of(event.sender), "id": event.id, "type": MEDIA}
        if is_group(event.chat):
            attrs |= {"from": chat_of(event.chat), "participant": jid_of(event.sender)}
        else:
            attrs["recipient"] = _recipient(event.chat, event.sender, to)
        return Node("message", present(attrs), (Node("unavailable", {"type": VIEW_ONCE}),))

    def is_told(self, node: Node) -> bool:
        return node.tag == "message" and bool(children(node, "unavailable"))

    def told(self, node: Node, own: Client) -> Unavailable:
        if is_of_group(node, "from"):
            return Unavailable(message_id(node), address(node, "participant"), chat(node, "from"))
        sender = address(node, "from")
        return Unavailable(message_id(node), sender, said_in(node, sender, linked(own)) or sender.user)


def _category(node: Node) -> Literal["message", "peer"]:
    said = optional(node, "category")
    if said not in (None, PEER):
        raise DecodeError(f"category {said!r}", "<message>")
    return "peer" if said else "message"


def _is_copy(stanza: Stanza) -> bool:
    return stanza.sender.user == stanza.recipient.user


def _recipient(chat: str | None, sender: Address, to: Client) -> Any:
    """Whom a message was for, as far as the sender does not tell: to its own devices."""
    return chat_of(chat) if chat is not None and linked(to).user == sender.user else None


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Submitting(),)
NOTICES: tuple[Notice[Any], ...] = (Delivered(), Withheld())
