"""Nodes to bytes, each value in the shortest form that encoders of the field choose.

Source: wire.md, section 5.3; tulir/whatsmeow, `binary/encoder.go`; byte for byte what npm `baileys` writes.
"""

from impl.wire.nodes import tags
from impl.wire.nodes.jids import Jid, Server
from impl.wire.nodes.node import Content, Node, Value
from impl.wire.nodes.packed import pack
from impl.wire.nodes.tokens import SPELLINGS

DOMAINS = {Server.USER: 0, Server.LID: 1, Server.HOSTED: 128, Server.HOSTED_LID: 129}
"""What AD_JID has for a server."""

_HOSTED = (Server.HOSTED, Server.HOSTED_LID)


def encode(node: Node) -> bytes:
    """The node as it travels in a payload. OverflowError if it has 2^16 children or 2^15 attributes or more.

    UnicodeEncodeError for surrogates.
    """
    parts = [_list_head(1 + 2 * len(node.attrs) + (node.content is not None)), _text(node.tag)]
    for key, value in node.attrs.items():
        parts += _text(key), _value(value)
    return b"".join(parts) + _content(node.content)


def _content(content: Content) -> bytes:
    match content:
        case None:
            return b""
        case bytes():
            return _binary(content)
        case tuple():
            return _list_head(len(content)) + b"".join(map(encode, content))
    return _value(content)


def _value(value: Value) -> bytes:
    return _jid(value) if isinstance(value, Jid) else _text(value)


def _text(text: str) -> bytes:
    return SPELLINGS.get(text) or pack(text) or _binary(text.encode())


def _jid(jid: Jid) -> bytes:
    user = _text(jid.user)
    match jid:
        case Jid(user=""):
            return bytes((tags.JID_PAIR, tags.LIST_EMPTY)) + _text(jid.server)
        case Jid(server=Server.MESSENGER):
            return bytes((tags.FB_JID,)) + user + jid.device.to_bytes(2) + _text(jid.server)
        case Jid(server=Server.INTEROP):
            numbers = jid.device.to_bytes(2) + jid.integrator.to_bytes(2)
            return bytes((tags.INTEROP_JID,)) + user + numbers + _text(jid.server)
    if jid.device or jid.server in _HOSTED:
        return bytes((tags.AD_JID, DOMAINS[jid.server], jid.device)) + user
    return bytes((tags.JID_PAIR,)) + user + _text(jid.server)


def _list_head(size: int) -> bytes:
    if size == 0:
        return bytes((tags.LIST_EMPTY,))
    return bytes((tags.LIST_8, size)) if size < 1 << 8 else bytes((tags.LIST_16,)) + size.to_bytes(2)


def _binary(data: bytes) -> bytes:
    size = len(data)
    if size < 1 << 8:
        return bytes((tags.BINARY_8, size)) + data
    if size < 1 << 20:
        return bytes((tags.BINARY_20,)) + size.to_bytes(3) + data
    return bytes((tags.BINARY_32,)) + size.to_bytes(4) + data
