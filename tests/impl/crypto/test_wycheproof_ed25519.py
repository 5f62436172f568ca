"""Ed25519 as XEdDSA sees it: the key as its Montgomery coordinate, its sign in the last bit of the signature.

Source of the map: RFC 7748, section 4.1, u = (1 + y) / (1 - y); libsignal's place for the sign.
"""

from collections import Counter

import pytest

from impl.crypto.keys import FIELD
from impl.crypto.xeddsa import SIGNATURE_SIZE, verify
from tests.vectors.wycheproof import load

SIGN_BIT = 0x80

VECTORS = load(
    "ed25519",
    "eddsa_verify_schema_v1.json",
    group={"publicKey", "publicKeyDer", "publicKeyJwk", "publicKeyPem"},
    case={"msg", "sig"},
    flags={
        "CompressedSignature",
        "InvalidEncoding",
        "InvalidKtv",
        "InvalidSignature",
        "Ktv",
        "SignatureMalleability",
        "SignatureWithGarbage",
        "TinkOverflow",
        "TruncatedSignature",
        "Valid",
    },
)
# Bit 255 of these scalars is set, where XEdDSA carries the sign: judged by what is left without that bit.
INEXPRESSIBLE = {
    66: False,  # s + 8 q: without the bit a scalar in range, but another one
    69: True,  # s + 2^255: without the bit it is the valid signature that it was made from
    70: False,  # s + p: without the bit s - 19
}


def edwards_key(vector):
    return bytes.fromhex(vector.group["publicKey"]["pk"])


def montgomery_key(vector):
    y = int.from_bytes(edwards_key(vector), "little") & 2**255 - 1
    return ((1 + y) * pow(1 - y, -1, FIELD) % FIELD).to_bytes(32, "little")


def scalar_has_bit_255(vector):
    signature = vector.data("sig")
    return len(signature) == SIGNATURE_SIZE and signature[63] & SIGN_BIT != 0


def with_sign(signature, sign):
    """What is too short has no place for a sign; it is refused for its length."""
    if len(signature) < SIGNATURE_SIZE:
        return signature
    return signature[:63] + bytes([signature[63] & ~SIGN_BIT | sign]) + signature[64:]


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_wycheproof(vector):
    sign = edwards_key(vector)[31] & SIGN_BIT
    signature = with_sign(vector.data("sig"), sign)
    expected = INEXPRESSIBLE.get(vector.number, vector.valid)
    assert verify(montgomery_key(vector), vector.data("msg"), signature) == expected


@pytest.mark.parametrize("vector", [each for each in VECTORS if each.valid], ids=str)
def test_the_other_sign_is_another_key(vector):
    other = with_sign(vector.data("sig"), ~edwards_key(vector)[31] & SIGN_BIT)
    assert not verify(montgomery_key(vector), vector.data("msg"), other)


def test_what_the_map_cannot_express():
    assert {vector.number for vector in VECTORS if scalar_has_bit_255(vector)} == set(INEXPRESSIBLE)
    assert all(not vector.valid for vector in VECTORS if vector.number in INEXPRESSIBLE)


def test_how_many_there_are():
    assert Counter(vector.case["result"] for vector in VECTORS) == {"valid": 88, "invalid": 63}
    signs = Counter(edwards_key(vector)[31] & SIGN_BIT for vector in VECTORS if vector.valid)
    assert set(signs) == {0, SIGN_BIT}, "both signs must occur, or the map is half untested"
