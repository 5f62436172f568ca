"""Asking for a message once more: `<receipt type="retry">`. wire.md, section 8.7; tulir/whatsmeow, `retry.go`."""

from __future__ import annotations

from typing import Any

from impl.address import Address, is_group
from impl.dialogue import AskRetry, Client, RetryAsked
from impl.retry import LIMIT
from impl.stanza import RetryRequest
from impl.stanzas.acked import Said
from impl.stanzas.bundles import key_nodes, read_bundle, read_registration, registration_node
from impl.stanzas.ciphertexts import is_of_group, linked, message_id, present, said_in
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, chat, chat_of, child, find, jid_of, number, optional
from impl.stanzas.receipts import RETRY
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

REASON_LIMIT = 255
VERSION = "1"


class Asking(Said[AskRetry]):
    """`<receipt id to=DEVICE type="retry" [recipient=CHAT]><retry count id t v error/><registration/>[<keys/>]`.

    In groups `to` is the group and `participant` the device; `recipient` is whom an own message was for. `t`, when the
    message was sent, is 0: nobody keeps it.
    """

    request = AskRetry
    heard = True

    def ask(self, request: AskRetry, own: Client) -> tuple[Node, ...]:
        return (_written(request.request, "to", request.request.recipient),)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "receipt" and optional(node, "type") == RETRY

    def asked(self, node: Node, client: Client) -> AskRetry:
        own = linked(client)
        other, chat = _other(node, "to", own)
        return AskRetry(_read(node, own, other, chat))


class Asked(Notice[RetryAsked]):
    """The same, `from` who asks."""

    event = RetryAsked

    def tell(self, event: RetryAsked, to: Client) -> Node:
        return _written(event.request, "from", event.request.sender)

    def is_told(self, node: Node) -> bool:
        return node.tag == "receipt" and optional(node, "type") == RETRY

    def told(self, node: Node, own: Client) -> RetryAsked:
        other, chat = _other(node, "from", linked(own))
        return RetryAsked(_read(node, other, linked(own), chat))


def _written(request: RetryRequest, key: str, other: Address) -> Node:
    attrs = {"id": request.id, key: jid_of(other), "type": RETRY}
    if request.chat is not None and is_group(request.chat):
        attrs |= {key: chat_of(request.chat), "participant": jid_of(other)}
    elif request.chat is not None and request.sender.user == request.recipient.user:
        attrs["recipient"] = chat_of(request.chat)
    retry = {"count": str(request.count), "id": request.id, "t": "0", "v": VERSION, "error": str(request.reason)}
    keys = () if request.keys is None else (Node("keys", content=key_nodes(request.keys)),)
    content = (Node("retry", retry), registration_node(request.registration_id), *keys)
    return Node("receipt", present(attrs), content)


def _other(node: Node, key: str, own: Address) -> tuple[Address, str | None]:
    """Who is asked or asks, and the chat if that is told besides. DecodeError."""
    if is_of_group(node, key):
        return address(node, "participant"), chat(node, key)
    other = address(node, key)
    return other, said_in(node, other, own)


def _read(node: Node, sender: Address, recipient: Address, chat: str | None) -> RetryRequest:
    retry, keys, id = child(node, "retry"), find(node, "keys"), message_id(node)
    count = number(retry, "count", LIMIT)
    if count < 1 or optional(retry, "id") not in (None, id):
        raise DecodeError(f"for the {count}th time, and of another message", "<retry>")
    reason = number(retry, "error", REASON_LIMIT) if "error" in retry.attrs else 0
    registration = read_registration(node)
    bundle = None if keys is None else read_bundle(keys, registration)
    return RetryRequest(id, sender, recipient, count, reason, registration, bundle, chat)


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Asking(),)
NOTICES: tuple[Notice[Any], ...] = (Asked(),)
