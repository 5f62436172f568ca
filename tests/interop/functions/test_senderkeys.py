"""Sender keys: one side hands its key out, the other opens what is sealed under it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.foreign.errors import Refused
from impl.foreign.process import Shim
from impl.groups import OwnSenderKey, SenderKeyRecord, learn, open_
from impl.groups.chain import MessageKeys, ReceivingChain
from impl.sessions import SessionError
from impl.sessions.chain import Chain
from impl.wire.errors import DecodeError
from impl.wire.senderkeys import SenderKeyDistribution, SenderKeyMessage
from tests.interop.functions.areas import of

ENTROPY = seeded(b"interop sender keys")
COUNT = 200
FEW = 20
"""For WAeys, which computes on curves in Python: half a second a message."""

IN_ORDER = ("pywhats",)
"""Who keeps no key of a message that was skipped."""

FRAMED = pytest.mark.only(*(each for each in of("senderkeys") if each != "libsignal"))
"""Who has the frames of WhatsApp."""


@pytest.fixture(autouse=True)
def anew(peer: Shim) -> None:
    peer.call("forget_sender_keys")


def count(peer: Shim) -> int:
    return FEW if peer.peer.name == "waeys" else COUNT


def arriving(seed: str, count: int, in_order: bool) -> Iterator[int]:
    """Which of the messages arrive, and when: a tenth is lost, and any may be overtaken by up to ten others."""
    chance = random.Random(seed)
    kept = [number for number in range(count) if chance.random() > 0.1]
    yield from kept if in_order else sorted(kept, key=lambda number: number + chance.uniform(0, 10))


@FRAMED
def test_they_open_ours(peer: Shim) -> None:
    own = OwnSenderKey.generate(ENTROPY)
    peer.call("learn", frame=own.distribution().encode())
    frames = []
    for number in range(count(peer)):
        own, frame = own.seal(b"message %d" % number, ENTROPY)
        frames.append(frame)
    order = list(arriving("ours", count(peer), peer.peer.name in IN_ORDER))
    for number in order:
        assert peer.call("group_open", frame=frames[number]) == b"message %d" % number
    for number in order[:10]:
        with pytest.raises(Refused):
            peer.call("group_open", frame=frames[number])


@FRAMED
def test_we_open_theirs(peer: Shim) -> None:
    record: SenderKeyRecord | None = learn(None, SenderKeyDistribution.decode(peer.call("distribute")))
    frames = [peer.call("group_seal", plaintext=b"message %d" % number) for number in range(count(peer))]
    order = list(arriving("theirs", count(peer), in_order=False))
    for number in order:
        record, plaintext = open_(record, frames[number])
        assert plaintext == b"message %d" % number
    for number in order:
        with pytest.raises(SessionError, match="duplicate"):
            open_(record, frames[number])


@FRAMED
def test_who_joins_later_opens_what_comes_then(peer: Shim) -> None:
    own = OwnSenderKey.generate(ENTROPY)
    own, before = own.seal(b"before", ENTROPY)
    peer.call("learn", frame=own.distribution().encode())
    own, after = own.seal(b"after", ENTROPY)
    with pytest.raises(Refused):
        peer.call("group_open", frame=before)
    assert peer.call("group_open", frame=after) == b"after"


@FRAMED
def test_a_changed_message_is_refused(peer: Shim) -> None:
    own = OwnSenderKey.generate(ENTROPY)
    peer.call("learn", frame=own.distribution().encode())
    own, frame = own.seal(b"message", ENTROPY)
    for changed in (frame[:-1] + bytes([frame[-1] ^ 1]), frame[:-70] + bytes([frame[-70] ^ 1]) + frame[-69:]):
        with pytest.raises(Refused):
            peer.call("group_open", frame=changed)


@pytest.mark.only("baileys", "pyaileys", "waeys")
@pytest.mark.difference("iterations")
def test_every_other_iteration_is_used(peer: Shim) -> None:
    peer.call("distribute")
    frames = [peer.call("group_seal", plaintext=b"message") for _ in range(4)]
    first, *others = (SenderKeyMessage.decode(frame).iteration for frame in frames)
    assert others == [first + 2, first + 4, first + 6]


@pytest.mark.only("pywhats")
@pytest.mark.difference("skipped-group-messages")
def test_what_was_overtaken_is_not_opened(peer: Shim) -> None:
    own = OwnSenderKey.generate(ENTROPY)
    peer.call("learn", frame=own.distribution().encode())
    own, first = own.seal(b"first", ENTROPY)
    own, second = own.seal(b"second", ENTROPY)
    assert peer.call("group_open", frame=second) == b"second"
    with pytest.raises(Refused, match="older than chain iteration"):
        peer.call("group_open", frame=first)


@pytest.mark.only("libsignal")
@pytest.mark.difference("sender-key-frames")
def test_their_frames_have_a_distribution_id(peer: Shim) -> None:
    own = OwnSenderKey.generate(ENTROPY)
    with pytest.raises(Refused, match="protobuf encoding was invalid"):
        peer.call("learn", frame=own.distribution().encode())
    with pytest.raises(DecodeError):
        SenderKeyDistribution.decode(peer.call("distribute_parts")["frame"])


@pytest.mark.only("libsignal")
def test_out_of_the_frame_they_open_ours(peer: Shim) -> None:
    own = OwnSenderKey.generate(ENTROPY)
    told = own.distribution()
    key = {"iteration": told.iteration, "chain_key": told.chain_key, "signing_key": told.signing_key}
    peer.call("learn_parts", id=told.id, **key)
    messages = []
    for number in range(COUNT):
        own, frame = own.seal(b"message %d" % number, ENTROPY)
        messages.append(SenderKeyMessage.decode(frame))
    for number in arriving("ours", COUNT, in_order=False):
        parts = {"id": told.id, "iteration": messages[number].iteration, "ciphertext": messages[number].ciphertext}
        opened = peer.call("group_open_parts", **parts, signing_private=own.signing.private)
        assert opened == b"message %d" % number


@pytest.mark.only("libsignal")
def test_out_of_the_frame_we_open_theirs(peer: Shim) -> None:
    told = peer.call("distribute_parts")
    receiving = ReceivingChain(Chain(told["chain_key"], told["iteration"]))
    sealed = [peer.call("group_seal_parts", plaintext=b"message %d" % number) for number in range(COUNT)]
    signing_key = told["frame"][-32:]
    for number in arriving("theirs", COUNT, in_order=False):
        made = sealed[number]
        assert xeddsa.verify(signing_key, made["frame"][:-64], made["frame"][-64:])
        receiving, seed = receiving.take(made["iteration"])
        assert MessageKeys.derive(seed).decrypt(made["ciphertext"]) == b"message %d" % number
