"""Ciphertexts in stanzas: `<enc>`, the `<participants>` that it is for, the `<device-identity>` that vouches for it.

wire.md, sections 8.2, 8.3 and 8.5; tulir/whatsmeow, `send.go`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

from impl.address import Address
from impl.dialogue import Client
from impl.stanza import Category, Stanza
from impl.stanzas.reading import (
    address,
    child,
    children,
    data,
    data_up_to,
    find,
    jid,
    jid_of,
    leaves,
    optional,
    text,
    user,
)
from impl.wire.adv import IDENTITY_LIMIT
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Server, Value

VERSION = "2"
BODY_LIMIT = 1 << 20
ID_LIMIT = 128

PairwiseType = Literal["pkmsg", "msg"]
PAIRWISE = ("pkmsg", "msg")
GROUP = "skmsg"


@dataclass(frozen=True)
class Envelope:
    """What a stanza says of each ciphertext in it."""

    id: str
    sender: Address
    category: Category = "message"
    device_identity: bytes | None = None

    def around(self, node: Node, recipient: Address) -> Stanza:
        """The ciphertext in this `<enc>`; who linked a device only matters to those that never met it. DecodeError."""
        kind, body = read_enc(node)
        if kind not in PAIRWISE:
            raise DecodeError(f"{kind!r} is for a group", "<enc>")
        vouched = self.device_identity if kind == "pkmsg" else None
        return Stanza(self.id, self.sender, recipient, self.category, cast("PairwiseType", kind), body, vouched)


def read_envelope(node: Node, sender: Address, category: Category = "message") -> Envelope:
    """DecodeError."""
    return Envelope(message_id(node), sender, category, read_device_identity(node))


def message_id(node: Node, key: str = "id") -> str:
    """DecodeError."""
    found = text(node, key)
    if not 0 < len(found) <= ID_LIMIT:
        raise DecodeError(f"an id of {len(found)} characters", f"<{node.tag}>")
    return found


def enc(kind: str, body: bytes) -> Node:
    return Node("enc", {"v": VERSION, "type": kind}, body)


def enc_of(stanza: Stanza) -> Node:
    return enc(stanza.enc_type, stanza.body)


def read_enc(node: Node) -> tuple[str, bytes]:
    """DecodeError for a version that pads otherwise, and for nothing or too much."""
    if text(node, "v") != VERSION:
        raise DecodeError(f"version {text(node, 'v')[:8]!r}", "<enc>")
    body = data(node)
    if not 0 < len(body) <= BODY_LIMIT:
        raise DecodeError(f"{len(body)} bytes", "<enc>")
    return text(node, "type"), body


def read_encs(node: Node) -> tuple[Node | None, bytes]:
    """The pairwise `<enc>` of a message and what is for the whole group, empty if there is none. DecodeError."""
    pairwise = [each for each in children(node, "enc") if optional(each, "type") != GROUP]
    for_all = [read_enc(each)[1] for each in children(node, "enc") if optional(each, "type") == GROUP]
    if len(pairwise) > 1 or len(for_all) > 1:
        raise DecodeError("two ciphertexts of one kind", f"<{node.tag}>")
    return next(iter(pairwise), None), next(iter(for_all), b"")


def participants(stanzas: Iterable[Stanza], named: Iterable[Address] = ()) -> Node:
    """`<participants><to jid><enc/></to>…</participants>`; who is `named` comes first, and may get nothing."""
    made_for = {each.recipient: (enc_of(each),) for each in stanzas}
    devices = dict.fromkeys((*named, *made_for))
    content = tuple(Node("to", {"jid": jid_of(each)}, made_for.get(each)) for each in devices)
    return Node("participants", content=content)


def read_participants(node: Node, envelope: Envelope) -> dict[Address, Stanza | None]:
    """Who is named in a child of `node`, and what is for them. DecodeError for the same device twice."""
    found: dict[Address, Stanza | None] = {}
    for to in children(child(node, "participants"), "to"):
        recipient = address(to, "jid")
        if recipient in found:
            raise DecodeError(f"twice for {recipient}", "<participants>")
        inside = find(to, "enc")
        found[recipient] = None if inside is None else envelope.around(inside, recipient)
    return found


def device_identity(stanzas: Iterable[Stanza]) -> tuple[Node, ...]:
    """One for all of a stanza that need it: they come from one device."""
    identities = (each.device_identity for each in stanzas if each.enc_type == "pkmsg" and each.device_identity)
    return leaves(("device-identity", each) for each in list(identities)[:1])


def read_device_identity(node: Node) -> bytes | None:
    """From the child of `node`, if there is one. DecodeError."""
    found = find(node, "device-identity")
    return None if found is None else data_up_to(found, IDENTITY_LIMIT)


def said_in(node: Node, other: Address, own: Address) -> str | None:
    """The account in `recipient`, whom an own message is for: nobody else is told. DecodeError."""
    if "recipient" not in node.attrs:
        return None
    if other.user != own.user:
        raise DecodeError("only own messages have a recipient", f"<{node.tag}>")
    return user(node, "recipient")


def is_of_group(node: Node, key: str) -> bool:
    """Whether this attribute names a group; whatever it is, there is no error."""
    try:
        return jid(node, key).server is Server.GROUP
    except DecodeError:
        return False


def linked(client: Client) -> Address:
    """The device that this is. DecodeError for a companion that belongs to nobody: nobody writes to it."""
    if not isinstance(client, Address):
        raise DecodeError("this client belongs to no account", "message")
    return client


def present(attrs: dict[str, Any]) -> dict[str, Value]:
    """Without those that are None."""
    return {key: value for key, value in attrs.items() if value is not None}
