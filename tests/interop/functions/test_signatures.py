"""Agreement and signatures with the keys that everything else rests on."""

from itertools import pairwise

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair, dh
from impl.foreign.process import Shim

ENTROPY = seeded(b"interop signatures")
PAIRS = [KeyPair.generate(ENTROPY) for _ in range(8)]
MESSAGES = [b"m", bytes(200), ENTROPY(1000)]


def sign_bit(signature: bytes) -> int:
    """Where libsignal keeps the sign of the Edwards point."""
    return signature[63] >> 7


def test_both_agree_on_a_secret(peer: Shim) -> None:
    for own, other in pairwise(PAIRS):
        assert peer.call("agree", key=own.private, other=other.public) == dh(own.private, other.public)


@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_we_verify_theirs(peer: Shim, message: bytes) -> None:
    for pair in PAIRS:
        signature = peer.call("sign", key=pair.private, message=message)
        assert xeddsa.verify(pair.public, message, signature)
        assert not xeddsa.verify(pair.public, message + b"!", signature)


@pytest.mark.only("baileys", "libsignal", "libsignal_js", "pyaileys", "waeys", "pywhats")
@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_they_verify_ours(peer: Shim, message: bytes) -> None:
    for pair in PAIRS:
        signature = xeddsa.sign(pair.private, message, ENTROPY)
        assert peer.call("verify", key=pair.public, message=message, signature=signature) is True


@pytest.mark.only("libsignal", "libsignal_js", "pyaileys", "waeys", "pywhats", "signal_python")
def test_they_refuse_what_was_not_signed(peer: Shim) -> None:
    for pair in PAIRS:
        signature = xeddsa.sign(pair.private, b"m", ENTROPY)
        assert peer.call("verify", key=pair.public, message=b"n", signature=signature) is False
        assert peer.call("verify", key=PAIRS[0].public, message=b"n", signature=signature) is False


@pytest.mark.only("baileys")
@pytest.mark.difference("verify-without-verdict")
def test_what_was_not_signed_is_verified(peer: Shim) -> None:
    signature = xeddsa.sign(PAIRS[0].private, b"m", ENTROPY)
    assert not xeddsa.verify(PAIRS[0].public, b"n", signature)
    assert peer.call("verify", key=PAIRS[0].public, message=b"n", signature=signature) is True
    assert peer.call("verify", key=PAIRS[0].public, message=b"m", signature=signature[:-1]) is False


@pytest.mark.only("signal_python")
@pytest.mark.difference("sign-bit")
def test_half_of_our_keys_are_not_known(peer: Shim) -> None:
    """XEdDSA has a sign of zero, where libsignal's form carries it in the signature."""
    bits = set()
    for pair in PAIRS:
        signature = xeddsa.sign(pair.private, b"m", ENTROPY)
        bits.add(sign_bit(signature))
        known = peer.call("verify", key=pair.public, message=b"m", signature=signature)
        assert known is (sign_bit(signature) == 0)
    assert bits == {0, 1}
