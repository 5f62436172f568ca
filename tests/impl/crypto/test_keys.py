import pytest

from impl.crypto.entropy import seeded
from impl.crypto.keys import FIELD, InvalidKey, KeyPair, clamp, dh, with_type, without_type

# RFC 7748, section 6.1
ALICE = KeyPair.of(bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
BOB = KeyPair.of(bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
SHARED = bytes.fromhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")

# RFC 7748, section 5.2: scalar, coordinate, product. The second coordinate has bit 255 set, which the RFC
# masks and we refuse, so that one key has one encoding; here it is masked.
MULTIPLICATIONS = [
    (
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    ),
    (
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a413",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    ),
]
ITERATED = {
    1: "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
    1000: "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
}

# u-coordinates of order 1, 2, 4 and 8, and their non-canonical forms: cr.yp.to/ecdh.html, "validate"
SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def test_public_keys_and_agreement_of_rfc_7748():
    assert ALICE.public.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert BOB.public.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    assert dh(ALICE.private, BOB.public) == dh(BOB.private, ALICE.public) == SHARED


@pytest.mark.parametrize(("scalar", "coordinate", "product"), MULTIPLICATIONS)
def test_scalar_multiplication_of_rfc_7748(scalar, coordinate, product):
    assert dh(bytes.fromhex(scalar), bytes.fromhex(coordinate)).hex() == product


def test_the_masked_coordinate_of_rfc_7748_is_refused_unmasked():
    scalar, coordinate = (bytes.fromhex(text) for text in MULTIPLICATIONS[1][:2])
    with pytest.raises(InvalidKey, match="field"):
        dh(scalar, coordinate[:31] + bytes([coordinate[31] | 0x80]))


@pytest.mark.parametrize("times", ITERATED)
def test_iterated_multiplication_of_rfc_7748(times):
    scalar = coordinate = (9).to_bytes(32, "little")
    for _ in range(times):
        scalar, coordinate = dh(scalar, coordinate), scalar
    assert scalar.hex() == ITERATED[times]


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_an_all_zero_secret_is_refused(public):
    with pytest.raises(InvalidKey):
        dh(ALICE.private, bytes.fromhex(public))


def test_a_second_encoding_of_a_key_is_refused():
    with pytest.raises(InvalidKey, match="field"):
        dh(ALICE.private, BOB.public[:31] + bytes([BOB.public[31] | 0x80]))
    with pytest.raises(InvalidKey, match="field"):
        dh(ALICE.private, (FIELD + 9).to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_public_key_of_another_length_is_refused(length):
    with pytest.raises(InvalidKey):
        dh(ALICE.private, bytes([9] * length))


def test_private_keys_are_clamped():
    assert clamp(b"\xff" * 32) == b"\xf8" + b"\xff" * 30 + b"\x7f"
    assert clamp(bytes(32)) == bytes(31) + b"\x40"
    generated = KeyPair.generate(seeded(b"keys"))
    assert generated.private == clamp(generated.private)
    assert generated.private.hex() not in repr(generated)


def test_the_type_byte_goes_on_and_off():
    assert with_type(BOB.public) == b"\x05" + BOB.public
    assert without_type(with_type(BOB.public)) == BOB.public


@pytest.mark.parametrize("point", [b"", b"\x05", BOB.public, b"\x04" + BOB.public, b"\x05" + BOB.public + b"\x00"])
def test_only_33_bytes_with_the_type_are_a_point(point):
    with pytest.raises(InvalidKey):
        without_type(point)
