from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import permutations

import pytest

from impl.crypto.entropy import Entropy, seeded
from impl.groups import OwnSenderKey, SenderKeyRecord, learn, open_
from impl.groups.chain import MAX_FORWARD
from impl.groups.record import MAX_STATES
from impl.sessions import SessionError
from impl.sessions.chain import Chain
from impl.wire.errors import DecodeError
from impl.wire.senderkeys import ITERATION_LIMIT, SenderKeyDistribution, SenderKeyMessage


@dataclass
class Sender:
    """One device in one group."""

    entropy: Entropy
    key: OwnSenderKey

    @classmethod
    def named(cls, name: str) -> "Sender":
        entropy = seeded(name.encode())
        return cls(entropy, OwnSenderKey.generate(entropy))

    def says(self, text: bytes) -> bytes:
        self.key, frame = self.key.seal(text, self.entropy)
        return frame

    def rotates(self) -> None:
        self.key = OwnSenderKey.generate(self.entropy)


@dataclass
class Member:
    """What another device knows of the sender; commits whatever opens."""

    record: SenderKeyRecord | None = None

    def learns(self, sender: Sender) -> None:
        self.record = learn(self.record, SenderKeyDistribution.decode(sender.key.distribution().encode()))

    def hears(self, frame: bytes) -> bytes:
        self.record, plaintext = open_(self.record, frame)
        return plaintext

    def refuses(self, frame: bytes) -> str:
        """The reason; whatever the reason, the member must be what it was."""
        before = deepcopy(self.record)
        with pytest.raises(SessionError) as refusal:
            self.hears(frame)
        assert self.record == before
        return refusal.value.reason


def acquainted() -> tuple[Sender, Member]:
    alice, bob = Sender.named("alice"), Member()
    bob.learns(alice)
    return alice, bob


def test_everybody_who_learned_the_key_opens_the_same_frame():
    alice, bob = acquainted()
    carol = Member()
    carol.learns(alice)
    for number, text in enumerate([b"text", b"", b"x" * 16, b"x" * 5000]):
        frame = alice.says(text)
        assert SenderKeyMessage.decode(frame).iteration == number
        assert bob.hears(frame) == carol.hears(frame) == text


def test_messages_open_in_every_order_and_once():
    alice, _ = acquainted()
    frames = [alice.says(bytes([number])) for number in range(4)]
    for order in permutations(range(4)):
        _, bob = acquainted()
        for number in order:
            assert bob.hears(frames[number]) == bytes([number])
        assert {bob.refuses(frame) for frame in frames} == {"duplicate"}


def test_who_learns_the_key_later_opens_only_what_comes_then():
    alice, _ = acquainted()
    before, dave = alice.says(b"before"), Member()
    dave.learns(alice)
    assert dave.refuses(before) == "duplicate"
    assert dave.hears(alice.says(b"after")) == b"after"


def test_without_a_distribution_nothing_opens():
    alice, bob = acquainted()
    frame = Sender.named("mallory").says(b"text")
    assert bob.refuses(frame) == "no_sender_key"
    assert Member().refuses(alice.says(b"text")) == "no_sender_key"


def test_a_distribution_sent_again_does_not_rewind():
    alice, bob = acquainted()
    first = alice.key.distribution()
    heard = alice.says(b"heard")
    bob.hears(heard)
    assert learn(bob.record, first) is bob.record
    bob.learns(alice)
    assert bob.refuses(heard) == "duplicate"
    assert bob.hears(alice.says(b"more")) == b"more"


def test_after_a_rotation_late_messages_of_former_keys_open_while_these_are_kept():
    alice, bob = acquainted()
    late, too_late = alice.says(b"late"), alice.says(b"too late")
    for number in range(MAX_STATES):
        if number == MAX_STATES - 1:
            assert bob.hears(late) == b"late"
        alice.rotates()
        bob.learns(alice)
        assert bob.hears(alice.says(b"new")) == b"new"
    assert bob.refuses(too_late) == "no_sender_key"


def test_who_did_not_learn_the_new_key_is_shut_out():
    alice, bob = acquainted()
    alice.rotates()
    assert bob.refuses(alice.says(b"without bob")) == "no_sender_key"


def test_sender_and_receiver_agree_about_the_bound():
    alice, bob = acquainted()
    for _ in range(MAX_FORWARD):
        alice.key = OwnSenderKey(alice.key.id, alice.key.signing, alice.key.chain.step()[0])
    within, beyond = alice.says(b"within"), alice.says(b"beyond")
    assert bob.refuses(beyond) == "too_far"
    assert bob.hears(within) == b"within"
    assert bob.hears(beyond) == b"beyond"


@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_no_byte_of_a_message_is_loose(mask):
    alice, bob = acquainted()
    frame = alice.says(b"text")
    before = deepcopy(bob.record)
    for changed in flipped(frame, mask):
        with pytest.raises((SessionError, DecodeError)):
            bob.hears(changed)
        assert bob.record == before
    assert bob.hears(frame) == b"text"


def flipped(frame: bytes, mask: int) -> Iterator[bytes]:
    for position in range(len(frame)):
        yield frame[:position] + bytes([frame[position] ^ mask]) + frame[position + 1 :]


def test_opening_and_sealing_change_nothing_in_place():
    alice, bob = acquainted()
    key, record = deepcopy(alice.key), deepcopy(bob.record)
    open_(bob.record, alice.key.seal(b"text", alice.entropy)[1])
    assert (alice.key, bob.record) == (key, record)


def test_a_key_ends_with_its_iterations():
    alice, _ = acquainted()
    alice.key = OwnSenderKey(alice.key.id, alice.key.signing, Chain(alice.key.chain.key, ITERATION_LIMIT - 1))
    bob = Member()
    bob.learns(alice)
    assert bob.hears(alice.says(b"last")) == b"last"
    for use in (alice.key.distribution, lambda: alice.says(b"one more")):
        with pytest.raises(SessionError) as refusal:
            use()
        assert refusal.value.reason == "chain_exhausted"


def test_keys_are_drawn_anew_with_identifiers_of_31_bits():
    entropy = seeded(b"alice")
    keys = [OwnSenderKey.generate(entropy) for _ in range(40)]
    for part in ({key.id for key in keys}, {key.chain.key for key in keys}, {key.signing.public for key in keys}):
        assert len(part) == 40
    assert 1 << 30 <= max(key.id for key in keys) < 1 << 31
    assert {key.chain.index for key in keys} == {0}
    assert OwnSenderKey.generate(lambda length: b"\xff" * length).id == (1 << 31) - 1
