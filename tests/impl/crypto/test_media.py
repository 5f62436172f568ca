import hmac
from dataclasses import asdict
from hashlib import sha256

import pytest

from impl.crypto import cbc
from impl.crypto.media import APP_STATE, HISTORY, MediaError, MediaKeys, open_, seal
from tests.vectors import load

MEDIA_KEY = bytes(range(32))
TEXT = b"everything said so far" * 10


def announced(sealed):
    return {"info": HISTORY, "media_key": MEDIA_KEY} | asdict(sealed)


@pytest.mark.parametrize("vector", load("foreign")["media_keys"], ids=lambda vector: vector["type"])
def test_foreign_key_derivation(vector):
    keys = MediaKeys.derive(bytes.fromhex(vector["media_key"]), vector["info"].encode())
    assert [part.hex() for part in (keys.iv, keys.cipher, keys.mac)] == [vector[n] for n in ("iv", "cipher", "mac")]


def test_the_kinds_we_send_are_among_the_vectors():
    kinds = {vector["type"]: vector["info"].encode() for vector in load("foreign")["media_keys"]}
    assert (kinds["md-msg-hist"], kinds["md-app-state"]) == (HISTORY, APP_STATE)


@pytest.mark.parametrize("length", [0, 1, 16, 220])
def test_open_after_seal(length):
    sealed = seal(TEXT[:length], MEDIA_KEY, HISTORY)
    assert len(sealed.file) == length // 16 * 16 + 16 + 10
    assert open_(**announced(sealed)) == TEXT[:length]


def test_the_file_is_ciphertext_and_ten_bytes_of_mac():
    keys = MediaKeys.derive(MEDIA_KEY, HISTORY)
    file = seal(TEXT, MEDIA_KEY, HISTORY).file
    assert cbc.decrypt(keys.cipher, keys.iv, file[:-10]) == TEXT
    assert hmac.digest(keys.mac, keys.iv + file[:-10], "sha256")[:10] == file[-10:]


def test_every_byte_of_the_file_is_under_the_hash():
    sealed = seal(TEXT, MEDIA_KEY, HISTORY)
    for position in range(len(sealed.file)):
        changed = bytearray(sealed.file)
        changed[position] ^= 1
        with pytest.raises(MediaError) as refusal:
            open_(**announced(sealed) | {"file": bytes(changed)})
        assert refusal.value.check == "enc_sha256"


def test_every_byte_of_the_file_is_under_the_mac():
    sealed = seal(TEXT, MEDIA_KEY, HISTORY)
    for position in range(len(sealed.file)):
        changed = bytearray(sealed.file)
        changed[position] ^= 1
        with pytest.raises(MediaError) as refusal:
            open_(**announced(sealed) | {"file": bytes(changed), "enc_sha256": sha256(changed).digest()})
        assert refusal.value.check == "mac"


@pytest.mark.parametrize("size", [0, 9, 10])
def test_a_file_without_ciphertext_is_refused(size):
    file = MediaKeys.derive(MEDIA_KEY, HISTORY).code(b"")[:size]
    with pytest.raises(MediaError) as refusal:
        open_(**announced(seal(b"", MEDIA_KEY, HISTORY)) | {"file": file, "enc_sha256": sha256(file).digest()})
    assert refusal.value.check == ("padding" if size == 10 else "mac")


def test_padding_is_checked_under_a_valid_mac():
    keys = MediaKeys.derive(MEDIA_KEY, HISTORY)
    ciphertext = cbc.encrypt(keys.cipher, keys.iv, bytes(16))[:16]
    file = ciphertext + keys.code(ciphertext)
    with pytest.raises(MediaError) as refusal:
        open_(**announced(seal(b"", MEDIA_KEY, HISTORY)) | {"file": file, "enc_sha256": sha256(file).digest()})
    assert refusal.value.check == "padding"


@pytest.mark.parametrize(
    ("changed", "check"),
    [
        ({"info": APP_STATE}, "mac"),
        ({"media_key": bytes(32)}, "mac"),
        ({"sha256": bytes(32)}, "sha256"),
        ({"length": len(TEXT) + 1}, "length"),
    ],
)
def test_what_the_message_announced_is_compared(changed, check):
    with pytest.raises(MediaError) as refusal:
        open_(**announced(seal(TEXT, MEDIA_KEY, HISTORY)) | changed)
    assert refusal.value.check == check
