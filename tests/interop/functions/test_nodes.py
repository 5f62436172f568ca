"""The whole seed corpus of binary nodes through the coders of others, both ways."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from fuzz import corpus
from impl.foreign.errors import Refused
from impl.foreign.process import Shim
from impl.wire import nodes, payload
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server, tags
from impl.wire.nodes.tokens import DOUBLE, SINGLE

SEEDS = corpus.seeds(0)["node"]
PLAIN = payload.PLAIN
OF_OTHERS = (Server.MESSENGER, Server.INTEROP)
FILLER = bytes.fromhex("f80203ff820120")
"""Three characters and a fourth half byte that is 0, where others write 15."""


def accepted() -> list[Node]:
    found = []
    for seed in SEEDS:
        try:
            found.append(nodes.decode(seed))
        except DecodeError:
            continue
    return found


def refused() -> list[bytes]:
    encoded = {nodes.encode(each) for each in accepted()} | {each for each in SEEDS if _decodes(each)}
    return [seed for seed in SEEDS if seed not in encoded]


def _decodes(seed: bytes) -> bool:
    try:
        nodes.decode(seed)
    except DecodeError:
        return False
    return True


NAMES = (
    Jid("15550001", Server.LID, 7),
    Jid("15550001", Server.LEGACY),
    Jid("120363000000000001", Server.NEWSLETTER),
    Jid("15550001", Server.BOT),
    Jid("15550001", Server.CALL),
    Jid("", Server.GROUP),
)
"""Kinds of names that the corpus lacks."""

WORDS = [*SINGLE[1:], *(word for words in DOUBLE for word in words)]
LARGE = (
    Node("enc", {}, bytes(255)),
    Node("enc", {}, bytes(256)),
    Node("enc", {}, bytes(70_000)),
    Node("list", {}, tuple(Node("user", {"id": str(number)}) for number in range(300))),
    Node("usync", {f"a{number}": "1" for number in range(130)}),
    Node("a" * 300, {"b" * 128: "1" * 127, "c": "F" * 127}),
)
NODES = accepted() + [Node("receipt", {"to": name}) for name in NAMES] + list(LARGE)
REFUSED = refused()


def spelled(value: nodes.Value) -> str:
    """Names are texts to others, and a bare server has its `@`."""
    return f"@{value}" if isinstance(value, Jid) and not value.user else str(value)


def asked(node: Node) -> dict[str, Any]:
    """As shims are given a node."""
    match node.content:
        case tuple():
            content: Any = [asked(each) for each in node.content]
        case bytes() | None:
            content = node.content
        case _:
            content = spelled(node.content)
    return {"tag": node.tag, "attrs": [(key, spelled(value)) for key, value in node.attrs.items()], "content": content}


def meant(node: dict[str, Any]) -> dict[str, Any]:
    """What a node says: attributes in no order, and a text is its bytes, for on the wire it may be either."""
    content = node["content"]
    if isinstance(content, list):
        content = [meant(each) for each in content]
    return {**node, "attrs": dict(node["attrs"]), "content": content.encode() if isinstance(content, str) else content}


def values(node: Node) -> Iterator[nodes.Value]:
    yield from node.attrs.values()
    if isinstance(node.content, tuple):
        for each in node.content:
            yield from values(each)
    elif isinstance(node.content, str | Jid):
        yield node.content


def of_others(node: Node) -> bool:
    return any(isinstance(each, Jid) and each.server in OF_OTHERS for each in values(node))


def as_value(node: Node) -> bool:
    """Whether the content is a token or a name."""
    return isinstance(node.content, Jid) or node.content == "result"


def common(peer: Shim) -> list[Node]:
    """What is written and read alike, that is all but what a stated difference is about."""
    return [
        each for each in NODES if not of_others(each) and not (peer.peer.name == "pywhats" and as_value(each))
    ]  # fmt: skip


def test_the_corpus_has_what_it_should() -> None:
    assert len(NODES) > 25 and len(REFUSED) > 25 and FILLER in REFUSED
    assert sum(map(of_others, NODES)) == 2 and sum(map(as_value, NODES)) == 2


def test_they_read_what_we_write(peer: Shim) -> None:
    for node in common(peer):
        theirs = peer.call("decode_node", data=PLAIN + nodes.encode(node))
        assert meant(theirs) == meant(asked(node))


def test_both_have_the_same_dictionary(peer: Shim) -> None:
    for start in range(0, len(WORDS), 100):
        node = Node("list", {}, tuple(Node("word", {"of": word}) for word in WORDS[start : start + 100]))
        written = PLAIN + nodes.encode(node)
        assert peer.call("encode_node", node=asked(node)) == written
        assert meant(peer.call("decode_node", data=written)) == meant(asked(node))


@pytest.mark.only("baileys", "pyaileys", "waeys")
@pytest.mark.difference("hosted-phone")
def test_the_phone_of_a_hosted_account(peer: Shim) -> None:
    for server in (Server.HOSTED, Server.HOSTED_LID):
        node = Node("receipt", {"to": Jid("15550001", server)})
        assert meant(peer.call("decode_node", data=PLAIN + nodes.encode(node))) == meant(asked(node))
        written = peer.call("encode_node", node=asked(node))
        assert nodes.decode(payload.decode(written)) == node
        assert (written[5], nodes.encode(node)[4]) == (tags.JID_PAIR, tags.AD_JID)


def test_they_read_what_others_may_write(peer: Shim) -> None:
    """Longer forms, which our encoder never chooses."""
    for seed in SEEDS:
        if _decodes(seed) and (node := nodes.decode(seed)) in common(peer):
            assert meant(peer.call("decode_node", data=PLAIN + seed)) == meant(asked(node))


def test_they_read_what_is_compressed(peer: Shim) -> None:
    for node in common(peer):
        sent = payload.COMPRESSED + zlib.compress(nodes.encode(node))
        assert meant(peer.call("decode_node", data=sent)) == meant(asked(node))


def test_we_read_what_they_write(peer: Shim) -> None:
    for node in common(peer):
        written = peer.call("encode_node", node=asked(node))
        assert meant(asked(nodes.decode(payload.decode(written)))) == meant(asked(node))


def test_both_write_the_same_bytes(peer: Shim) -> None:
    for node in common(peer):
        given = asked(node)
        if peer.peer.name == "pywhats" and isinstance(node.content, str):
            continue  # it has no text as content, only bytes
        if peer.peer.name == "baileys" and any(key.isdigit() for key in node.attrs):
            continue  # objects of JavaScript have such keys first, whatever order they were set in
        assert peer.call("encode_node", node=given) == PLAIN + nodes.encode(node)


def test_they_refuse_what_we_refuse(peer: Shim) -> None:
    for seed in REFUSED:
        if seed != FILLER:
            with pytest.raises(Refused):
                peer.call("decode_node", data=PLAIN + seed)


@pytest.mark.difference("filler")
def test_the_filler_is_not_looked_at(peer: Shim) -> None:
    with pytest.raises(DecodeError, match="the filler is not 15"):
        nodes.decode(FILLER)
    assert meant(peer.call("decode_node", data=PLAIN + FILLER))["content"] == b"012"


@pytest.mark.difference("other-messengers")
def test_names_of_other_messengers_are_written_as_other_names(peer: Shim) -> None:
    for node in filter(of_others, NODES):
        written = nodes.decode(payload.decode(peer.call("encode_node", node=asked(node))))
        lost = written.attrs["participant"]
        assert isinstance(lost, Jid) and lost.server is Server.USER and lost.device == 300 % 256


@pytest.mark.difference("other-messengers")
def test_names_of_other_messengers_are_read_by_some(peer: Shim) -> None:
    for node in filter(of_others, NODES):
        if peer.peer.name == "pywhats":
            with pytest.raises(Refused, match=r"unknown string/byte tag 24[56]"):
                peer.call("decode_node", data=PLAIN + nodes.encode(node))
        else:
            assert meant(peer.call("decode_node", data=PLAIN + nodes.encode(node))) == meant(asked(node))


@pytest.mark.only("pywhats")
@pytest.mark.difference("value-as-content")
def test_a_token_or_name_as_content_is_not_read(peer: Shim) -> None:
    for node in filter(as_value, NODES):
        with pytest.raises(Refused, match="unknown string/byte tag"):
            peer.call("decode_node", data=PLAIN + nodes.encode(node))


@pytest.mark.difference("packed-length")
def test_a_text_of_128_digits(peer: Shim) -> None:
    node = Node("notification", {"id": "1" * 128})
    written = peer.call("encode_node", node=asked(node))
    if peer.peer.name == "pywhats":
        with pytest.raises(DecodeError, match="128 characters, allowed are 1 to 127"):
            nodes.decode(payload.decode(written))
    else:
        assert written == PLAIN + nodes.encode(node)
