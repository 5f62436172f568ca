"""In memory or as a stream: the same file, the same checks, in the same order."""

import hmac
from hashlib import sha256

import pytest

from impl.crypto import cbc
from impl.crypto.media import MediaError, MediaKind, seal
from tests.impl.crypto.media.files import BAD, GOOD, KEYS, KIND, MEDIA_KEY, OPENERS, TEXT

opener = pytest.mark.parametrize("opened", OPENERS.values(), ids=OPENERS)


def test_the_file_is_ciphertext_and_ten_bytes_of_mac():
    assert cbc.decrypt(KEYS.cipher, KEYS.iv, GOOD.file[:-10]) == TEXT
    assert hmac.digest(KEYS.mac, KEYS.iv + GOOD.file[:-10], "sha256")[:10] == GOOD.file[-10:]


def test_what_the_message_announces():
    assert GOOD.sha256 == sha256(TEXT).digest()
    assert GOOD.enc_sha256 == sha256(GOOD.file).digest()
    assert GOOD.length == len(TEXT)


@opener
@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 65_535, 65_536, 65_537])
def test_open_after_seal(opened, length):
    sealed = seal(TEXT[:length], MEDIA_KEY, KIND)
    assert len(sealed.file) == length // 16 * 16 + 16 + 10
    assert opened(sealed, MEDIA_KEY, KIND) == TEXT[:length]


@opener
@pytest.mark.parametrize(("media", "check"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused(opened, media, check):
    with pytest.raises(MediaError) as refusal:
        opened(media, MEDIA_KEY, KIND)
    assert refusal.value.check == check


@opener
@pytest.mark.parametrize("key", [bytes(32), MEDIA_KEY[::-1]])
def test_another_media_key_is_refused(opened, key):
    with pytest.raises(MediaError) as refusal:
        opened(GOOD, key, KIND)
    assert refusal.value.check == "mac"


@opener
@pytest.mark.parametrize("kind", MediaKind)
def test_another_kind_is_refused_unless_it_shares_its_keys(opened, kind):
    if kind.info == KIND.info:
        assert opened(GOOD, MEDIA_KEY, kind) == TEXT
        return
    with pytest.raises(MediaError) as refusal:
        opened(GOOD, MEDIA_KEY, kind)
    assert refusal.value.check == "mac"


@opener
def test_every_byte_of_a_short_file_is_under_the_mac(opened):
    short = seal(b"everything said so far", MEDIA_KEY, KIND)
    for position in range(len(short.file)):
        changed = bytearray(short.file)
        changed[position] ^= 1
        with pytest.raises(MediaError) as refusal:
            opened(type(short)(short.sha256, sha256(changed).digest(), 22, b"", bytes(changed)), MEDIA_KEY, KIND)
        assert refusal.value.check == "mac"
