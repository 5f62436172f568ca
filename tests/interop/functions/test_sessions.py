"""Sessions that either side begins, over a network that loses and reorders."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy, seeded
from impl.crypto.keys import KeyPair
from impl.foreign.errors import Refused
from impl.foreign.process import Shim
from impl.sessions import Local, PrekeyBundle, Prekeys, SessionError, initiate
from impl.wire.errors import DecodeError
from tests.impl.sessions.sides import NOW, Side
from tests.interop.functions.areas import of

MESSAGES = 200
LOSS = 0.1
UNDER_WAY = 8
"""Messages that may overtake each other."""


def side(peer: Shim, entropy: Entropy) -> Side:
    """Ours, with one-time prekeys 1 to 3; PyPI x3dh knows keys whose Edwards point has the sign zero, half of all."""
    while True:
        identity = KeyPair.generate(entropy)
        if peer.peer.name != "signal_python" or not xeddsa.sign(identity.private, b"", entropy)[63] >> 7:
            prekeys = Prekeys.generate(identity, entropy, one_time_ids=(1, 2, 3))
            return Side(Local(identity, 7, prekeys), entropy, one_time_ids=[1, 2, 3])


class Pair:
    """We and a peer that was told to begin anew."""

    def __init__(self, peer: Shim, name: str) -> None:
        self.ours = side(peer, seeded(name.encode()))
        self.peer = peer
        self.theirs: dict[str, Any] = peer.call("party")

    def we_begin(self, one_time: bool = True) -> None:
        self.ours.record = initiate(self.ours.local, self.bundle(one_time), self.ours.entropy, None, NOW)

    def they_begin(self, one_time: bool = True, signature: bytes | None = None) -> None:
        bundle = self.ours.local.bundle(1 if one_time else None)
        bundle = bundle if signature is None else replace(bundle, signature=signature)
        names = ("registration_id", "identity", "signed_prekey_id", "signed_prekey", "signature")
        named = {each: getattr(bundle, each) for each in names}
        self.peer.call("initiate", bundle={**named, "one_time_id": bundle.one_time_id, "one_time": bundle.one_time})

    def bundle(self, one_time: bool = True) -> PrekeyBundle:
        told = self.theirs
        return PrekeyBundle(
            told["registration_id"], told["identity"][-32:], told["signed_prekey_id"], told["signed_prekey"][-32:],
            told["signature"], told["one_time_id"] if one_time else None, told["one_time"][-32:] if one_time else None,
        )  # fmt: skip

    def say(self, text: bytes) -> tuple[str, bytes]:
        sealed = self.peer.call("seal", plaintext=text)
        return sealed["type"], sealed["body"]

    def hear(self, sent: tuple[str, bytes]) -> bytes:
        plaintext: bytes = self.peer.call("open", type=sent[0], body=sent[1])
        return plaintext

    def acquaint(self, we: bool, one_time: bool = True) -> None:
        """Both have heard each other."""
        if we:
            self.we_begin(one_time)
            assert self.hear(self.ours.says(b"hello")) == b"hello"
            assert self.ours.hears(self.say(b"hello yourself")) == b"hello yourself"
        else:
            self.they_begin(one_time)
            assert self.ours.hears(self.say(b"hello")) == b"hello"
            assert self.hear(self.ours.says(b"hello yourself")) == b"hello yourself"


OTHERS = tuple(each for each in of("sessions") if each != "pywhats")
EITHER = pytest.mark.parametrize("we", [True, False], ids=["we begin", "they begin"])


@EITHER
@pytest.mark.parametrize("one_time", [True, False], ids=["one-time prekey", "without"])
def test_either_side_begins(peer: Shim, we: bool, one_time: bool) -> None:
    pair = Pair(peer, f"{we}{one_time}")
    pair.acquaint(we, one_time)
    kind, body = pair.ours.says(b"on we go")
    assert kind == "msg" and pair.hear((kind, body)) == b"on we go"
    kind, body = pair.say(b"so do we")
    assert kind == "msg" and pair.ours.hears((kind, body)) == b"so do we"


def steps(seed: str) -> Iterator[tuple[str, int]]:
    """("say", which side), ("lose" or "hear", which message under way), until all is said and nothing is under way."""
    chance = random.Random(seed)
    said, under_way = 0, 0
    while said < MESSAGES or under_way:
        if said < MESSAGES and (under_way == 0 or (under_way < UNDER_WAY and chance.random() < 0.6)):
            yield "say", chance.randrange(2)
            said, under_way = said + 1, under_way + 1
        else:
            yield "lose" if chance.random() < LOSS else "hear", chance.randrange(under_way)
            under_way -= 1


@pytest.mark.only(*OTHERS)
@EITHER
def test_two_hundred_messages_some_lost_and_many_overtaken(peer: Shim, we: bool) -> None:
    pair = Pair(peer, f"many {we}")
    pair.acquaint(we)
    under_way: list[tuple[int, bytes, tuple[str, bytes]]] = []
    heard, duplicates = 0, []
    for number, (step, which) in enumerate(steps(f"{we}")):
        if step == "say":
            text = b"message %d" % number
            under_way.append((which, text, pair.ours.says(text) if which else pair.say(text)))
            continue
        by, text, sent = under_way.pop(which)
        if step == "hear":
            assert (pair.hear(sent) if by else pair.ours.hears(sent)) == text
            heard += 1
            duplicates.append((by, sent))
    assert 150 < heard < MESSAGES
    for by, sent in duplicates[-10:]:
        with pytest.raises(Refused if by else SessionError):
            pair.hear(sent) if by else pair.ours.hears(sent)


@pytest.mark.only("pywhats")
@EITHER
def test_two_hundred_messages_in_order(peer: Shim, we: bool) -> None:
    pair = Pair(peer, f"in order {we}")
    pair.acquaint(we)
    chance = random.Random(f"{we}")
    for number in range(MESSAGES):
        text = b"message %d" % number
        if chance.random() < 0.5:
            sent = pair.ours.says(text)
            if chance.random() > LOSS:
                assert pair.hear(sent) == text
        else:
            sent = pair.say(text)
            if chance.random() > LOSS:
                assert pair.ours.hears(sent) == text


@pytest.mark.only("pywhats")
@pytest.mark.difference("previous-counter")
def test_the_last_message_of_a_chain_when_it_was_overtaken_by_the_next_chain(peer: Shim) -> None:
    """libsignal tells the last counter of the chain before; this peer expects how many messages there were."""
    pair = Pair(peer, "previous")
    pair.acquaint(True)
    early = [pair.ours.says(b"%d" % number) for number in range(3)]
    assert pair.hear(early[0]) == b"0"
    assert pair.ours.hears(pair.say(b"turn")) == b"turn"
    assert pair.hear(pair.ours.says(b"next")) == b"next"
    assert pair.hear(early[1]) == b"1"
    with pytest.raises(Refused, match="mac check failed"):
        pair.hear(early[2])


def in_any_order(pair: Pair, we: bool) -> None:
    if we:
        pair.we_begin()
        sent = [pair.ours.says(b"%d" % number) for number in range(3)]
        assert [pair.hear(sent[number]) for number in (2, 0, 1)] == [b"2", b"0", b"1"]
    else:
        pair.they_begin()
        sent = [pair.say(b"%d" % number) for number in range(3)]
        assert [pair.ours.hears(sent[number]) for number in (2, 0, 1)] == [b"2", b"0", b"1"]
    assert {kind for kind, _ in sent} == {"pkmsg"}


@pytest.mark.only(*OTHERS)
def test_our_first_messages_in_any_order(peer: Shim) -> None:
    in_any_order(Pair(peer, "first"), True)


def test_their_first_messages_in_any_order(peer: Shim) -> None:
    in_any_order(Pair(peer, "first"), False)


@pytest.mark.only("pywhats")
@pytest.mark.difference("second-first-message")
def test_only_one_first_message_is_opened(peer: Shim) -> None:
    pair = Pair(peer, "first")
    pair.we_begin()
    sent = [pair.ours.says(b"%d" % number) for number in range(2)]
    assert pair.hear(sent[0]) == b"0"
    with pytest.raises(Refused, match="unknown one-time pre-key id 9"):
        pair.hear(sent[1])


CHANGES = (-1, -9, 10)
"""Bytes of a message: of its MAC, its ciphertext, its ratchet key."""


@pytest.mark.only(*OTHERS)
def test_a_changed_message_is_refused_and_the_session_goes_on(peer: Shim) -> None:
    pair = Pair(peer, "changed")
    pair.acquaint(True)
    kind, body = pair.ours.says(b"message")
    for at in CHANGES:
        with pytest.raises(Refused):
            pair.hear((kind, changed(body, at)))
    assert pair.hear((kind, body)) == b"message"


@pytest.mark.only("pywhats")
@pytest.mark.difference("state-before-mac")
def test_after_a_changed_message_the_right_one_is_refused_too(peer: Shim) -> None:
    for at in CHANGES:
        pair = Pair(peer, "changed")
        pair.acquaint(True)
        kind, body = pair.ours.says(b"message")
        with pytest.raises(Refused):
            pair.hear((kind, changed(body, at)))
        with pytest.raises(Refused):
            pair.hear((kind, body))


def changed(body: bytes, at: int) -> bytes:
    copy = bytearray(body)
    copy[at] ^= 1
    return bytes(copy)


def test_we_refuse_a_bundle_that_was_not_signed(peer: Shim) -> None:
    pair = Pair(peer, "bundle")
    with pytest.raises(SessionError, match="prekey_signature"):
        initiate(pair.ours.local, replace(pair.bundle(), signature=bytes(64)), pair.ours.entropy, None, NOW)


@pytest.mark.only("libsignal", "pyaileys", "pywhats", "signal_python")
def test_they_refuse_a_bundle_that_was_not_signed(peer: Shim) -> None:
    with pytest.raises(Refused):
        Pair(peer, "unsigned").they_begin(signature=bytes(64))


@pytest.mark.only("libsignal_js", "waeys")
@pytest.mark.difference("prekey-signature")
def test_they_begin_with_a_bundle_that_was_not_signed(peer: Shim) -> None:
    pair = Pair(peer, "unsigned")
    pair.they_begin(signature=bytes(64))
    assert pair.ours.hears(pair.say(b"hello")) == b"hello"


def test_the_version_byte_of_newer_libsignals_is_refused(peer: Shim) -> None:
    """34 stands for version 3 from somebody who knows version 4 too: what libsignal writes since 0.24."""
    pair = Pair(peer, "version")
    pair.acquaint(True)
    kind, body = pair.ours.says(b"message")
    assert body[:1] == b"\x33"
    with pytest.raises(Refused):
        pair.hear((kind, b"\x34" + body[1:]))
    kind, body = pair.say(b"message")
    assert body[:1] == b"\x33"
    with pytest.raises(DecodeError, match="version byte 34"):
        pair.ours.hears((kind, b"\x34" + body[1:]))
