"""What devices say of messages: arrived, read, played. wire.md, section 8.6; tulir/whatsmeow, `receipt.go`."""

from __future__ import annotations

from typing import Any, get_args

from impl.address import PHONE, Address, is_group
from impl.dialogue import Client, Receipt, Receipted, ReceiptKind, SendReceipts
from impl.stanzas.acked import Said
from impl.stanzas.ciphertexts import is_of_group, linked, message_id, present
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
    """`<receipt id to=DEVICE [type] [recipient=CHAT]>[<list><item id/>…</list>]</receipt>`, one a receipt.

    In groups `to` is the group and `participant` the device; `recipient` is whom an own message was for. Baileys
    leaves out `to` then.
    """

    request = SendReceipts
    heard = True

    def ask(self, request: SendReceipts, own: Client) -> tuple[Node, ...]:
        return tuple(_written(each) for each in request.receipts)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "receipt" and optional(node, "type") not in (RETRY, SERVER_ERROR)

    def asked(self, node: Node, client: Client) -> SendReceipts:
        own, kind = linked(client), _kind(node)
        recipient, said_in = _whom(node, own, kind)
        if kind in AT_HOME and recipient.user != own.user:
            recipient, said_in = Address(own.user, PHONE), said_in or recipient.user
        unnamed = recipient.device == PHONE and (kind in (*ABROAD, *AT_HOME) or "to" not in node.attrs)
        return SendReceipts(tuple(Receipt(id, own, recipient, kind, said_in, unnamed) for id in _ids(node)))


class Told(Notice[Receipted]):
    """`<receipt id from=DEVICE [type] [recipient=CHAT]/>`, in groups `<receipt id from=GROUP participant=DEVICE/>`."""

    event = Receipted

    def tell(self, event: Receipted, to: Client) -> Node:
        receipt = event.receipt
        sender, said_in = jid_of(receipt.sender), receipt.chat
        attrs = {"id": receipt.id, "from": sender, "type": _type(receipt)}
        if said_in is not None and is_group(said_in):
            attrs |= {"from": chat_of(said_in), "participant": sender}
        elif said_in is not None and receipt.sender.user == linked(to).user:
            attrs["recipient"] = chat_of(said_in)
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
        said_in = group or (user(node, "recipient") if "recipient" in node.attrs else None)
        return Receipted(Receipt(message_id(node), sender, linked(own), kind, said_in))


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


def _written(receipt: Receipt) -> Node:
    to, said_in = jid_of(receipt.recipient), receipt.chat
    attrs = {"id": receipt.id, "to": to, "type": _type(receipt)}
    if said_in is not None and is_group(said_in):
        attrs |= {"to": chat_of(said_in), "participant": to}
    elif said_in is not None:
        attrs["recipient"] = chat_of(said_in)
    return Node("receipt", present(attrs))


def _type(receipt: Receipt) -> str | None:
    return None if receipt.kind == "delivered" else receipt.kind


def _kind(node: Node) -> ReceiptKind:
    said = optional(node, "type")
    if said not in KINDS:
        raise DecodeError(f"type {said!r}", "<receipt>")
    return KINDS[said]


def _whom(node: Node, own: Address, kind: ReceiptKind) -> tuple[Address, str | None]:
    """The device that it is for, and the chat if that is told besides. DecodeError."""
    said_in = user(node, "recipient") if "recipient" in node.attrs else None
    if is_of_group(node, "to"):
        return address(node, "participant"), chat(node, "to")
    if "to" not in node.attrs and kind == "sender" and said_in:
        return Address(own.user, PHONE), said_in
    return address(node, "to"), said_in


def _ids(node: Node) -> tuple[str, ...]:
    """DecodeError for too many; the one in front is often in the list, too."""
    items = () if find(node, "list") is None else children(child(node, "list"), "item")
    ids = tuple(dict.fromkeys((message_id(node), *(message_id(each) for each in items))))
    if len(ids) > LIMIT:
        raise DecodeError(f"{len(ids)} messages", "<receipt>")
    return ids


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Sending(),)
NOTICES: tuple[Notice[Any], ...] = (Told(),)
