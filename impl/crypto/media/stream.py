"""Media files of any size in constant memory: ciphertext, then a 10-byte MAC, read and written in pieces.

Source: WhatsApp security white paper, "Transmitting media and other attachments"; file layout and order of
checks as in tulir/whatsmeow, download.go and upload.go. Streams are buffered binary files, as `open` makes them.
"""

import hashlib
import hmac
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.media.errors import MediaError
from impl.crypto.media.keys import MAC_SIZE, OVERHEAD, MediaKeys, MediaKind
from impl.crypto.media.sidecar import Sidecar

PIECE_SIZE = 64 << 10


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a message announces of its file: SHA-256 of plaintext and file, length of the plaintext, sidecar."""

    sha256: bytes
    enc_sha256: bytes
    length: int
    sidecar: bytes


def seal_stream(source: IO[bytes], target: IO[bytes], media_key: bytes, kind: MediaKind) -> MediaFacts:
    """Encrypts what is left of `source`, in one pass, and appends the file to `target`.

    The 32-byte media key is fresh: the initialisation vector is derived from it.
    """
    keys = MediaKeys.derive(media_key, kind)
    plaintext, file, sidecar = _Tally(), _Tally(), Sidecar(keys)
    ciphertext = _encrypted(keys, plaintext.over(_pieces(source)))
    for piece in file.over(_with_mac(keys, ciphertext)):
        sidecar.update(piece)
        target.write(piece)
    return MediaFacts(plaintext.sha256, file.sha256, plaintext.length, sidecar.finish())


def open_stream(
    source: IO[bytes],
    target: IO[bytes],
    media_key: bytes,
    kind: MediaKind,
    sha256: bytes,
    enc_sha256: bytes,
    length: int,
) -> None:
    """Appends to `target` the plaintext of the file that is left in the seekable `source`.

    Two passes: nothing is decrypted before the first has verified the hash and the MAC of the whole file. The
    plaintext's own hash and length are known at its end only, so what `target` got is released when this
    returns, and not before: on any error it is cut off again. A reader who must not see it in the meantime needs
    a target that he cannot see, such as a temporary file that is renamed afterwards. The plaintext's hash also
    covers what the second pass read, should `source` have changed in between.

    MediaError: "size", "enc_sha256", "ciphertext", "mac", "padding", "sha256" or "length", in that order.
    """
    begin, end = source.tell(), source.seek(0, os.SEEK_END)
    if end - begin > length + OVERHEAD:
        raise MediaError("size")
    keys = MediaKeys.derive(media_key, kind)
    ciphertext_size = max(0, end - begin - MAC_SIZE)
    source.seek(begin)
    _verify(source, ciphertext_size, keys, enc_sha256)
    source.seek(begin)
    released = target.tell()
    try:
        plaintext = _Tally()
        for piece in plaintext.over(_decrypted(keys, _pieces(source, ciphertext_size))):
            target.write(piece)
        if not hmac.compare_digest(plaintext.sha256, sha256):
            raise MediaError("sha256")
        if plaintext.length != length:
            raise MediaError("length")
    except BaseException:
        target.seek(released)
        target.truncate()
        raise


class _Tally:
    """Hash and length of what passes by."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.length = 0

    @property
    def sha256(self) -> bytes:
        return self._hash.digest()

    def over(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._hash.update(piece)
            self.length += len(piece)
            yield piece


def _pieces(source: IO[bytes], size: int = sys.maxsize) -> Iterator[bytes]:
    """The next `size` bytes of `source`, or as many as there are."""
    while piece := source.read(min(PIECE_SIZE, size)):
        size -= len(piece)
        yield piece


def _verify(source: IO[bytes], ciphertext_size: int, keys: MediaKeys, enc_sha256: bytes) -> None:
    file = _Tally()
    code = hmac.new(keys.mac, keys.iv, "sha256")
    for piece in file.over(_pieces(source, ciphertext_size)):
        code.update(piece)
    mac = b"".join(file.over(_pieces(source, MAC_SIZE)))
    if not hmac.compare_digest(file.sha256, enc_sha256):
        raise MediaError("enc_sha256")
    if not ciphertext_size:
        raise MediaError("ciphertext")
    if not hmac.compare_digest(code.digest()[:MAC_SIZE], mac):
        raise MediaError("mac")


def _with_mac(keys: MediaKeys, ciphertext: Iterable[bytes]) -> Iterator[bytes]:
    code = hmac.new(keys.mac, keys.iv, "sha256")
    for piece in ciphertext:
        code.update(piece)
        yield piece
    yield code.digest()[:MAC_SIZE]


def _encrypted(keys: MediaKeys, plaintext: Iterable[bytes]) -> Iterator[bytes]:
    padder = PKCS7(BLOCK_SIZE * 8).padder()
    encryptor = Cipher(AES256(keys.cipher), CBC(keys.iv)).encryptor()
    for piece in plaintext:
        yield encryptor.update(padder.update(piece))
    yield encryptor.update(padder.finalize()) + encryptor.finalize()


def _decrypted(keys: MediaKeys, ciphertext: Iterable[bytes]) -> Iterator[bytes]:
    unpadder = PKCS7(BLOCK_SIZE * 8).unpadder()
    decryptor = Cipher(AES256(keys.cipher), CBC(keys.iv)).decryptor()
    for piece in ciphertext:
        yield unpadder.update(decryptor.update(piece))
    try:
        yield unpadder.update(decryptor.finalize()) + unpadder.finalize()
    except ValueError as error:
        raise MediaError("padding") from error
