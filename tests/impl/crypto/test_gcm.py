"""AES-256-GCM against the specification by McGrew and Viega, test cases 15 and 16."""

import pytest

from impl.crypto import gcm

KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
PLAIN = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
SEALED = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c"
)


def test_sealing() -> None:
    assert gcm.seal(KEY, NONCE, PLAIN) == SEALED


def test_opening() -> None:
    assert gcm.open_(KEY, NONCE, SEALED) == PLAIN


@pytest.mark.parametrize("place", [0, 63, 64, 79])
def test_every_bit_counts(place: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1
    with pytest.raises(ValueError, match="tag"):
        gcm.open_(KEY, NONCE, bytes(changed))


@pytest.mark.parametrize("length", [0, 15, 79])
def test_what_is_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(ValueError, match="tag"):
        gcm.open_(KEY, NONCE, SEALED[:length])


AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
SEALED_WITH_AAD = SEALED[:60] + bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b")


def test_sealing_and_opening_with_associated_data() -> None:
    assert gcm.seal(KEY, NONCE, PLAIN[:60], AAD) == SEALED_WITH_AAD
    assert gcm.open_(KEY, NONCE, SEALED_WITH_AAD, AAD) == PLAIN[:60]


@pytest.mark.parametrize("aad", [b"", AAD[:-1], AAD + b"\x00"])
def test_other_associated_data_does_not_open(aad: bytes) -> None:
    with pytest.raises(ValueError, match="tag"):
        gcm.open_(KEY, NONCE, SEALED_WITH_AAD, aad)
