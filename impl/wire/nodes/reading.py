"""Bytes to nodes, within limits: wire.md, sections 5 and 14; tulir/whatsmeow, `binary/decoder.go`, which has none.

Any form of a value is taken, whichever an encoder would choose; what two decoders would read in two ways is not.
"""

from dataclasses import dataclass

from impl.wire.errors import DecodeError
from impl.wire.nodes import tags
from impl.wire.nodes.jids import Jid, Server, parse_server
from impl.wire.nodes.node import Content, Node, Value
from impl.wire.nodes.packed import ODD, unpack
from impl.wire.nodes.tokens import DOUBLE, SINGLE
from impl.wire.nodes.writing import DOMAINS

DEPTH_LIMIT = 64
"""Nodes inside each other; real ones are less than 10."""

NODE_LIMIT = 1 << 16
"""Nodes in one tree: an object each, however few bytes they take."""

_SERVERS = {domain: server for server, domain in DOMAINS.items()}
_LISTS = {tags.LIST_EMPTY: 0, tags.LIST_8: 1, tags.LIST_16: 2}
_BINARIES = {tags.BINARY_8: 1, tags.BINARY_20: 3, tags.BINARY_32: 4}
"""Bytes of the number after each tag."""


def decode(data: bytes) -> Node:
    """The one node in a payload, and nothing after it. Raises DecodeError."""
    reader = _Reader(data)
    node = reader.node(depth=1)
    if reader.at != len(data):
        raise DecodeError(f"{len(data) - reader.at} bytes after it", "node")
    return node


@dataclass(slots=True)
class _Reader:
    """Reads on from `at`; has begun so many `nodes`."""

    data: bytes
    at: int = 0
    nodes: int = 0

    def node(self, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > NODE_LIMIT:
            raise DecodeError(f"more than {NODE_LIMIT} nodes", "node")
        if depth > DEPTH_LIMIT:
            raise DecodeError(f"more than {DEPTH_LIMIT} nodes inside each other", "node")
        size = self.count(self.byte())
        if size == 0:
            raise DecodeError("an empty list", "node")
        tag = self.text(self.byte())
        attrs = self.attributes((size - 1) // 2)
        return Node(tag, attrs, self.content(depth) if size % 2 == 0 else None)

    def attributes(self, count: int) -> dict[str, Value]:
        attrs: dict[str, Value] = {}
        for _ in range(count):
            key = self.text(self.byte())
            if key in attrs:
                raise DecodeError(f"{key[:80]!r} twice", "attributes")
            attrs[key] = self.value(self.byte())
        return attrs

    def content(self, depth: int) -> Content:
        tag = self.byte()
        if tag in _LISTS:
            return tuple([self.node(depth + 1) for _ in range(self.count(tag))])
        if tag in _BINARIES:
            return self.binary(tag)
        return self.value(tag)

    def value(self, tag: int) -> Value:
        match tag:
            case tags.JID_PAIR:
                return Jid(self.text(self.byte()), self.server())
            case tags.AD_JID:
                domain, device = self.take(2)
                if domain not in _SERVERS:
                    raise DecodeError(f"no domain {domain}", "AD_JID")
                return Jid(self.user(), _SERVERS[domain], device)
            case tags.FB_JID:
                user, device = self.user(), self.number(2)
                return Jid(user, self.server(Server.MESSENGER), device)
            case tags.INTEROP_JID:
                user, device, integrator = self.user(), self.number(2), self.number(2)
                return Jid(user, self.server(Server.INTEROP), device, integrator)
        return self.text(tag)

    def user(self) -> str:
        user = self.text(self.byte())
        if not user:
            raise DecodeError("nobody", "JID")
        return user

    def server(self, expected: Server | None = None) -> Server:
        server = parse_server(self.text(self.byte()))
        if expected is not None and server is not expected:
            raise DecodeError(f"{server} where {expected} is meant", "JID")
        return server

    def text(self, tag: int) -> str:
        if tag == tags.LIST_EMPTY:
            return ""
        if tag < len(SINGLE):
            return SINGLE[tag]
        if tag in tags.DICTIONARIES:
            return DOUBLE[tag - tags.DICTIONARIES.start][self.byte()]
        if tag in (tags.NIBBLE_8, tags.HEX_8):
            head = self.byte()
            return unpack(tag, head >= ODD, self.take(head % ODD))
        if tag not in _BINARIES:
            raise DecodeError(f"{tag} begins no text", "node")
        try:
            return self.binary(tag).decode()
        except UnicodeDecodeError as error:
            raise DecodeError("not UTF-8", "text") from error

    def binary(self, tag: int) -> bytes:
        size = self.number(_BINARIES[tag])
        if tag == tags.BINARY_20 and size >= 1 << 20:
            raise DecodeError("more than 20 bits", "length")
        return self.take(size)

    def count(self, tag: int) -> int:
        if tag not in _LISTS:
            raise DecodeError(f"{tag} begins no list", "node")
        count = self.number(_LISTS[tag])
        if count > len(self.data) - self.at:
            raise DecodeError(f"{count} items in {len(self.data) - self.at} bytes", "list")
        return count

    def byte(self) -> int:
        try:
            byte = self.data[self.at]
        except IndexError:
            raise DecodeError("cut short", "node") from None
        self.at += 1
        return byte

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def take(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        if len(taken) != size:
            raise DecodeError("cut short", "node")
        self.at += size
        return taken
