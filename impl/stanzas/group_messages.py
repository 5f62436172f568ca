"""Messages to groups: one ciphertext for all, and pairwise the sender's key. wire.md, sections 8.3 and 8.7."""

from __future__ import annotations

from typing import Any

from impl.dialogue import Client, GroupDelivery, SubmitToGroup
from impl.stanza import GroupStanza
from impl.stanzas.acked import Counted
from impl.stanzas.ciphertexts import (
    GROUP,
    device_identity,
    enc,
    enc_of,
    is_of_group,
    linked,
    participants,
    present,
    read_encs,
    read_envelope,
    read_participants,
)
from impl.stanzas.exchange import Exchange
from impl.stanzas.messages import NAME, TEXT, VIEW_ONCE
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, chat, chat_of, children, find, jid_of, optional
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

ADDRESSING = "pn"
"""Members are named by telephone number."""


class Submitting(Counted[SubmitToGroup]):
    """`<message id to=GROUP type [phash] addressing_mode><participants/><enc type="skmsg"/>[<device-identity/>]`.

    What is for some devices only has `device_fanout="false"` and names them as participants, with or without a
    ciphertext of their own. Others send it to one `participant` at a time, all of it pairwise (Baileys, whatsmeow):
    that is read, and written if there is nothing for the group. Without phash the sender does not say whom it counts.
    What is to be viewed once has participants alone, and the attribute of `messages.Submitting`.
    """

    request = SubmitToGroup

    def ask(self, request: SubmitToGroup, own: Client) -> tuple[Node, ...]:
        keys, only = request.distributions, request.only
        attrs = {"id": request.id, "to": chat_of(request.group), "type": TEXT, "phash": request.phash or None}
        attrs |= {"addressing_mode": ADDRESSING, VIEW_ONCE: "true" if request.view_once else None}
        if not request.body and len(keys) == 1 and only is not None:
            attrs["participant"] = jid_of(keys[0].recipient)
            return (Node("message", present(attrs), (enc_of(keys[0]), *device_identity(keys))),)
        named = (participants(keys, only or ()),) if keys or only is not None else ()
        for_all = (enc(GROUP, request.body),) if request.body else ()
        attrs["device_fanout"] = None if only is None else "false"
        return (Node("message", present(attrs), (*named, *for_all, *device_identity(keys))),)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "message" and is_of_group(node, "to")

    def asked(self, node: Node, client: Client) -> SubmitToGroup:
        envelope = read_envelope(node, linked(client))
        pairwise, body = read_encs(node)
        group, phash = chat(node, "to"), optional(node, "phash") or ""
        view_once = optional(node, VIEW_ONCE) == "true"
        if "participant" in node.attrs:
            if pairwise is None:
                raise DecodeError("nothing for the participant", "<message>")
            device = address(node, "participant")
            keys = (envelope.around(pairwise, device),)
            return SubmitToGroup(envelope.id, group, phash, body, keys, (device,), view_once)
        named = {} if find(node, "participants") is None else read_participants(node, envelope)
        only = tuple(named) if optional(node, "device_fanout") == "false" else None
        if pairwise is not None or bool(body) == view_once:
            raise DecodeError("not one ciphertext for the group", "<message>")
        keys_of_all = tuple(each for each in named.values() if each is not None)
        return SubmitToGroup(envelope.id, group, phash, body, keys_of_all, only, view_once)


class Delivered(Notice[GroupDelivery]):
    """`<message from=GROUP participant=DEVICE id type addressing_mode [notify]><enc/><enc/>[<device-identity/>]`.

    First what is pairwise, then the `skmsg`; one of them may be missing.
    """

    event = GroupDelivery

    def tell(self, event: GroupDelivery, to: Client) -> Node:
        stanza = event.stanza
        attrs: dict[str, Value] = {"from": chat_of(stanza.group), "participant": jid_of(stanza.sender), "id": stanza.id}
        attrs |= {"type": TEXT, "addressing_mode": ADDRESSING} | ({} if event.name is None else {NAME: event.name})
        keys = () if stanza.distribution is None else (stanza.distribution,)
        for_all = (enc(GROUP, stanza.body),) if stanza.body else ()
        return Node("message", attrs, (*(enc_of(each) for each in keys), *for_all, *device_identity(keys)))

    def is_told(self, node: Node) -> bool:
        return node.tag == "message" and is_of_group(node, "from") and not children(node, "unavailable")

    def told(self, node: Node, own: Client) -> GroupDelivery:
        recipient, sender, group = linked(own), address(node, "participant"), chat(node, "from")
        pairwise, body = read_encs(node)
        if pairwise is None and not body:
            raise DecodeError("no ciphertext", "<message>")
        envelope = read_envelope(node, sender)
        key = None if pairwise is None else envelope.around(pairwise, recipient)
        stanza = GroupStanza(envelope.id, sender, recipient, group, body, key)
        return GroupDelivery(stanza, optional(node, NAME))


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Submitting(),)
NOTICES: tuple[Notice[Any], ...] = (Delivered(),)
