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
from impl.wire.nodes import Jid, Node, Server

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


NODES = accepted()
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
