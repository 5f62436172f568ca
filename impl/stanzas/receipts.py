"""What devices say of messages: arrived, read, played. wire.md, section 8.6; tulir/whatsmeow, `receipt.go`."""

from __future__ import annotations

from itertools import groupby
from typing import Any, get_args

from msgspec.structs import replace

from impl.address import PHONE, Address, is_group
from impl.dialogue import Client, Receipt, Receipted, ReceiptKind, SendReceipts
from impl.stanzas.acked import Said
from impl.stanzas.ciphertexts import is_of_group, linked, message_id, present, said_in
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, chat, chat_of, child, children, find, jid_of, optional, user
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

LIMIT = 256
"""How many messages one receipt is about."""

RETRY, SERVER_ERROR = "retry", "server-error"
"""Types that say something else: send it again, the file is gone."""

KINDS: dict[str | None, ReceiptKind] = {kind: kind for kind in get_args(ReceiptKind)} | {
    None: "delivered",
    "delivery": "delivered",  # as pywhats has it
    "inactive": "delivered",  # to a device that nobody looks at
}

ABROAD: tuple[ReceiptKind, ...] = ("delivered", "read", "played")
"""What all devices of the sender hear, if an account is named and not a companion."""

AT_HOME: tuple[ReceiptKind, ...] = ("read-self", "played-self")
"""What the own devices hear, whoever sent the message."""


class Sending(Said[SendReceipts]):
    """`<receipt id to=DEVICE [type] [recipient=CHAT]>[<list><item id/>…</list>]</receipt>`.

    In groups `to` is the group and `participant` the device; `recipient` is whom an own message was for. Baileys
    leaves out `to` then: all own devices are told.
    """

    request = SendReceipts
    heard = True

    def ask(self, request: SendReceipts, own: Client) -> tuple[Node, ...]:
        alike = groupby(request.receipts, lambda each: replace(each, id=""))
        return tuple(_written(first, tuple(each.id for each in some)) for first, some in alike)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "receipt" and optional(node, "type") not in (RETRY, SERVER_ERROR)

    def asked(self, node: Node, client: Client) -> SendReceipts:
        own, kind = linked(client), _kind(node)
        recipient, where = _whom(node, own, kind)
        if kind in AT_HOME and recipient.user != own.user:
            recipient, where = Address(own.user, PHONE), where or recipient.user
        unnamed = recipient.device == PHONE and (kind in (*ABROAD, *AT_HOME) or "to" not in node.attrs)
        return SendReceipts(tuple(Receipt(id, own, recipient, kind, where, unnamed) for id in _ids(node)))


class Told(Notice[Receipted]):
    """`<receipt id from=DEVICE [type] [recipient=CHAT]/>`, in groups `<receipt id from=GROUP participant=DEVICE/>`."""

    event = Receipted

    def tell(self, event: Receipted, to: Client) -> Node:
        receipt = event.receipt
        sender, where = jid_of(receipt.sender), receipt.chat
        attrs = {"id": receipt.id, "from": sender, "type": _type(receipt)}
        if where is not None and is_group(where):
            attrs |= {"from": chat_of(where), "participant": sender}
        elif where is not None and receipt.sender.user == linked(to).user:
            attrs["recipient"] = chat_of(where)
        return Node("receipt", present(attrs))

    def is_told(self, node: Node) -> bool:
        return node.tag == "receipt" and optional(node, "type") not in (RETRY, SERVER_ERROR)

    def told(self, node: Node, own: Client) -> Receipted:
        """DecodeError for a list: servers tell each of its own."""
        if find(node, "list") is not None:
            raise DecodeError("about several messages", "<receipt>")
        kind = _kind(node)
        group = chat(node, "from") if is_of_group(node, "from") else None
        sender = address(node, "participant" if group else "from")
        where = group or said_in(node, sender, linked(own))
        return Receipted(Receipt(message_id(node), sender, linked(own), kind, where))


def confirms_message(node: Node) -> bool:
    """Whether its sender has the messages that it is about: even who asks for one again has had it.

    Baileys confirms what it can open in no other way, pywhats nothing.
    """
    return node.tag == "receipt" and optional(node, "type") != SERVER_ERROR


def confirmed(node: Node) -> tuple[str, ...]:
    """The ids of the messages that this receipt confirms; none for one that cannot be read."""
    try:
        return _ids(node) if confirms_message(node) else ()
    except DecodeError:
        return ()


def _written(receipt: Receipt, ids: tuple[str, ...]) -> Node:
    to, where = jid_of(receipt.recipient), receipt.chat
    attrs = {"id": ids[0], "to": to, "type": _type(receipt)}
    if where is not None and is_group(where):
        attrs |= {"to": chat_of(where), "participant": to}
    elif where is not None:
        attrs["recipient"] = chat_of(where)
    if receipt.kind == "sender" and receipt.everywhere:
        attrs["to"] = None
    items = tuple(Node("item", {"id": each}) for each in ids[1:])
    return Node("receipt", present(attrs), (Node("list", content=items),) if items else None)


def _type(receipt: Receipt) -> str | None:
    return None if receipt.kind == "delivered" else receipt.kind


def _kind(node: Node) -> ReceiptKind:
    said = optional(node, "type")
    if said not in KINDS:
        raise DecodeError(f"type {said!r}", "<receipt>")
    return KINDS[said]


def _whom(node: Node, own: Address, kind: ReceiptKind) -> tuple[Address, str | None]:
    """The device that it is for, and the chat if that is told besides. DecodeError."""
    if is_of_group(node, "to"):
        return address(node, "participant"), chat(node, "to")
    if "to" not in node.attrs and kind == "sender":
        return Address(own.user, PHONE), user(node, "recipient")
    to = address(node, "to")
    return to, said_in(node, to, own)


def _ids(node: Node) -> tuple[str, ...]:
    """DecodeError for too many; the one in front is often in the list, too."""
    items = () if find(node, "list") is None else children(child(node, "list"), "item")
    ids = tuple(dict.fromkeys((message_id(node), *(message_id(each) for each in items))))
    if len(ids) > LIMIT:
        raise DecodeError(f"{len(ids)} messages", "<receipt>")
    return ids


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Sending(),)
NOTICES: tuple[Notice[Any], ...] = (Told(),)
