"""Clients that come for the first time, again, or to a server with other keys, and what they say."""

from __future__ import annotations

import zlib

from fuzz.targets.connection import FORMER, KNOWN, say
from impl.crypto.entropy import Entropy
from impl.transport.connection import STREAM_END
from impl.transport.keepalive import ping
from impl.wire import nodes, payload
from impl.wire.nodes import Node


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Accepted inputs of the target."""
    said = (ping(entropy(4).hex()), Node("message", {"id": "1"}, (Node("enc", {}, entropy(40)),)), STREAM_END)
    plain = [payload.encode(nodes.encode(node)) for node in said]
    compressed = [payload.COMPRESSED + zlib.compress(nodes.encode(node)) for node in said]
    streams = [say(plain[:count], known) for known in (None, KNOWN, FORMER) for count in (0, 2, 3)]
    return {"connection": [*streams, say(compressed, KNOWN), say(plain, None, b"\x08\x02\x08\x05")]}
