"""The order of checks: nobody but the holder of the signing key makes a receiver step its chain."""

from dataclasses import replace

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.groups.chain import MAX_FORWARD, ReceivingChain
from impl.groups.senderkey import OwnSenderKey
from impl.groups.state import SenderKeyState
from impl.sessions import SessionError
from impl.wire.senderkeys import SenderKeyMessage

ENTROPY = seeded(b"alice")
KEY = OwnSenderKey.generate(ENTROPY)
STATE = SenderKeyState.of(KEY.distribution())
FRAME = KEY.seal(b"text", ENTROPY)[1]
GENUINE = SenderKeyMessage.decode(FRAME)


def signed(message: SenderKeyMessage, signing: KeyPair = KEY.signing) -> bytes:
    return replace(message, signature=xeddsa.sign(signing.private, message.signed(), ENTROPY)).encode()


def refused(frame: bytes, state: SenderKeyState = STATE) -> str:
    with pytest.raises(SessionError) as refusal:
        state.open_(frame)
    return refusal.value.reason


def test_what_the_sender_signed_opens():
    state, plaintext = STATE.open_(FRAME)
    assert plaintext == b"text"
    assert state.receiving.chain.index == 1
    assert refused(FRAME, state) == "duplicate"


@pytest.mark.parametrize("iteration", [0, MAX_FORWARD, MAX_FORWARD + 1])
def test_what_another_signed_is_refused_before_any_step(iteration, monkeypatch):
    monkeypatch.setattr(ReceivingChain, "take", lambda *_: pytest.fail("stepped"))
    forged = replace(GENUINE, iteration=iteration)
    assert refused(signed(forged, KeyPair.generate(ENTROPY))) == "bad_signature"
    assert refused(replace(forged, signature=bytes(64)).encode()) == "bad_signature"


@pytest.mark.parametrize("name", ["id", "iteration"])
def test_the_signature_covers_the_numbers(name):
    assert refused(replace(GENUINE, **{name: getattr(GENUINE, name) + 1}).encode()) == "bad_signature"


def test_the_signature_covers_the_version():
    bare = replace(GENUINE, signature=xeddsa.sign(KEY.signing.private, GENUINE.signed()[1:], ENTROPY))
    assert refused(bare.encode()) == "bad_signature"


def test_a_step_forward_is_bounded_for_the_sender_too():
    assert refused(signed(replace(GENUINE, iteration=MAX_FORWARD + 1))) == "too_far"


def test_padding_is_checked_under_a_valid_signature():
    assert refused(signed(replace(GENUINE, iteration=1))) == "bad_padding"


def test_a_signing_key_of_small_order_verifies_nothing():
    assert refused(FRAME, replace(STATE, signing_key=bytes(32))) == "bad_signature"
