import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.crypto.xeddsa import sign, verify
from tests.impl.crypto.test_keys import SMALL_ORDER
from tests.vectors import load

ORDER = 2**252 + 27742317777372353535851937790883648493

# libsignal, rust/core/src/curve/curve25519.rs, test_signature
SIGNER = bytes.fromhex("ab7e717d4a163b7d9a1d8071dfe9dcf8cdcd1cea3339b6356be84d887e322c64")
MESSAGE = bytes.fromhex("05edce9d9c415ca78cb7252e72c2c4a554d3eb29485a0e1d503118d1a82d99fb4a")
SIGNATURE = bytes.fromhex(
    "5de88ca9a89b4a115da79109c67c9c7464a3e4180274f1cb8c63c2984e286dfb"
    "ede82deb9dcd9fae0bfbb821569b3d9001bd8130cd11d486cef047bd60b86e88"
)


def test_known_answer_of_libsignal():
    private = bytes.fromhex("c097248412e58bf05df487968205132794178e367637f5818f81e0e6ce73e865")
    assert KeyPair.of(private).public == SIGNER
    assert verify(SIGNER, MESSAGE, SIGNATURE)


@pytest.mark.parametrize(
    ("signer", "message", "signature"),
    [
        ("account_public", "account_signature_message", "account_signature"),
        ("companion_public", "device_signature_message", "device_signature"),
    ],
)
def test_foreign_linking_signatures(signer, message, signature):
    linking = {name: value for name, value in load("foreign")["linking"].items() if isinstance(value, str)}
    assert verify(*(bytes.fromhex(linking[name]) for name in (signer, message, signature)))


def test_foreign_device_list_signature():
    vectors = load("foreign")
    listed = vectors["device_list"]
    signer = bytes.fromhex(vectors["linking"]["account_public"])
    assert verify(signer, bytes.fromhex(listed["signature_message"]), bytes.fromhex(listed["signature"]))


@pytest.mark.parametrize("position", range(64))
def test_no_bit_of_a_signature_is_loose(position):
    for bit in range(8):
        changed = bytearray(SIGNATURE)
        changed[position] ^= 1 << bit
        assert not verify(SIGNER, MESSAGE, bytes(changed))


def test_message_and_signer_are_bound():
    assert not verify(SIGNER, MESSAGE + b"\x00", SIGNATURE)
    assert not verify(KeyPair.generate(seeded(b"stranger")).public, MESSAGE, SIGNATURE)


def test_a_scalar_has_one_encoding():
    scalar = int.from_bytes(SIGNATURE[32:], "little") & (2**255 - 1)
    larger = (scalar + ORDER | 1 << 255).to_bytes(32, "little")
    assert not verify(SIGNER, MESSAGE, SIGNATURE[:32] + larger)


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:-1], SIGNATURE + b"\x00"])
def test_only_64_bytes_are_a_signature(signature):
    assert not verify(SIGNER, MESSAGE, signature)


@pytest.mark.parametrize("public", [b"", SIGNER[:-1], SIGNER + b"\x00", SIGNER[:31] + bytes([SIGNER[31] | 0x80])])
def test_a_key_has_one_encoding(public):
    assert not verify(public, MESSAGE, SIGNATURE)


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_keys_of_small_order_sign_nothing(public):
    # with R = enc(identity) and s = 0 every message verifies under a small-order key of a lax verifier
    for forged in (bytes([1]) + bytes(63), bytes(64), bytes([1]) + bytes(62) + b"\x80"):
        assert not verify(bytes.fromhex(public), MESSAGE, forged)


def test_our_signatures_are_ed25519_signatures_under_the_edwards_key():
    signs = set()
    for seed in range(16):
        entropy = seeded(bytes([seed]))
        pair = KeyPair.generate(entropy)
        signature = sign(pair.private, b"message", entropy)
        assert verify(pair.public, b"message", signature)
        edwards = crypto_scalarmult_ed25519_base_noclamp(pair.private)
        assert signature[63] & 0x80 == edwards[31] & 0x80
        signs.add(signature[63] & 0x80)
        plain = signature[:63] + bytes([signature[63] & 0x7F])
        Ed25519PublicKey.from_public_bytes(edwards).verify(plain, b"message")
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(edwards).verify(plain, b"another")
    assert signs == {0, 0x80}, "both signs of the Edwards key must occur, or half of the code was not seen"


def test_signatures_are_randomised_and_reproducible():
    pair = KeyPair.generate(seeded(b"signer"))
    assert sign(pair.private, b"m", seeded(b"1")) == sign(pair.private, b"m", seeded(b"1"))
    assert sign(pair.private, b"m", seeded(b"1")) != sign(pair.private, b"m", seeded(b"2"))
