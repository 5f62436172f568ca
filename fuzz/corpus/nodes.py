"""Stanzas as they come and go, names of every kind and values in every form; and their payloads."""

from __future__ import annotations

import zlib

from impl.crypto.entropy import Entropy
from impl.wire import nodes, payload
from impl.wire.nodes import Jid, Node, Server

ALICE, DESKTOP = Jid("15550001", Server.USER), Jid("15550001", Server.USER, 7)
NAMES = (
    Jid("", Server.USER),
    Jid("15550001", Server.LID),
    Jid("15550001", Server.HOSTED, 99),
    Jid("15550001", Server.HOSTED_LID, 99),
    Jid("120363-1", Server.GROUP),
    Jid("status", Server.BROADCAST),
    Jid("15550001", Server.MESSENGER, 300),
    Jid("15550001", Server.INTEROP, 300, 2),
)
TEXTS = ("1", "read-self", "-1.5", "3EB0C43", "ünïcödé 🙂", "")
CONTENTS = (None, (), b"", b"ha" * 200, "result", "123", "3EB0C43", DESKTOP)
FORMS = ("f80203ff820120", "f802fc0178fd00000161", "f90003fc0178fe000000016100", "f80203f90001f80103")
"""In hex, what our encoder never writes: a filler that is none, longer lengths, longer lists."""


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Inputs of each target by name, accepted but for one."""
    encoded = [nodes.encode(each) for each in _stanzas(entropy)]
    payloads = [payload.encode(each) for each in encoded]
    compressed = [payload.COMPRESSED + zlib.compress(each) for each in encoded]
    return {"node": encoded + [bytes.fromhex(form) for form in FORMS], "frame-payload": payloads + compressed}


def _stanzas(entropy: Entropy) -> list[Node]:
    devices = tuple(Node("device", {"id": str(number)}) for number in range(5))
    return [
        Node("xmlstreamend"),
        Node("iq", {"id": "1", "type": "get", "to": NAMES[0], "xmlns": "w:p"}, (Node("ping"),)),
        Node("message", {"id": "3EB0C431", "to": ALICE, "t": "1626220800"}, (_enc(entropy(60)), _enc(entropy(300)))),
        Node(
            "iq",
            {"type": "result"},
            (Node("usync", {}, (Node("list", {}, (Node("user", {"jid": ALICE}, devices),)),)),),
        ),
        *(Node("receipt", {"to": ALICE, "participant": name, "type": "retry"}) for name in NAMES),
        *(Node("notification", {"name": text, text or "id": DESKTOP}) for text in TEXTS),
        *(Node("ack", {}, content) for content in CONTENTS),
    ]


def _enc(body: bytes) -> Node:
    return Node("enc", {"v": "2", "type": "msg"}, body)
