"""The sidecar: 10 bytes of HMAC for each 64 KiB of a file, so that video plays before all of it has arrived.

Source: vinikjkkj/zapo, src/media/crypto/WaMediaCrypto.ts. A chunk's code covers the 16 bytes before the chunk
too, which decryption needs (the initialisation vector before the first); the last chunk ends with the file's MAC.
"""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.kdf import hmac_sha256
from impl.crypto.media.errors import MediaError
from impl.crypto.media.keys import MAC_SIZE, MediaKeys, MediaKind

CHUNK_SIZE = 64 << 10
CODE_SIZE = 10


class Sidecar:
    """Makes the sidecar of a file that passes by in pieces of any size."""

    def __init__(self, keys: MediaKeys) -> None:
        self._key = keys.mac
        self._before = keys.iv
        self._codes = bytearray()
        self._begin()

    def update(self, piece: bytes) -> None:
        while piece:
            part, piece = piece[: self._room], piece[self._room :]
            self._code.update(part)
            self._before = (self._before + part)[-BLOCK_SIZE:]
            self._room -= len(part)
            if not self._room:
                self._end()

    def finish(self) -> bytes:
        """The codes of all chunks. The last is never whole: a file is blocks of 16 bytes, and 10 bytes more."""
        self._end()
        return bytes(self._codes)

    def _begin(self) -> None:
        self._room = CHUNK_SIZE
        self._code = hmac.new(self._key, self._before, "sha256")

    def _end(self) -> None:
        self._codes += self._code.digest()[:CODE_SIZE]
        self._begin()


def chunk_range(index: int, length: int) -> range:
    """Which bytes of the file `open_chunk` wants for chunk `index` >= 0, if the plaintext has `length` bytes.

    Empty beyond the last chunk.
    """
    file_size = _ciphertext_size(length) + MAC_SIZE
    return range(max(0, index * CHUNK_SIZE - BLOCK_SIZE), min((index + 1) * CHUNK_SIZE, file_size))


def open_chunk(part: bytes, index: int, media_key: bytes, kind: MediaKind, sidecar: bytes, length: int) -> bytes:
    """The plaintext from byte 64 KiB * `index` on, of the bytes of the file that `chunk_range` names.

    `sidecar` and `length` are the message's; it is their word that is checked, not the hash of the whole file.
    MediaError: "size", "sidecar" or "padding", in that order.
    """
    if not part or len(part) != len(chunk_range(index, length)):
        raise MediaError("size")
    keys = MediaKeys.derive(media_key, kind)
    before, chunk = (part[:BLOCK_SIZE], part[BLOCK_SIZE:]) if index else (keys.iv, part)
    code = hmac_sha256(keys.mac, before + chunk)[:CODE_SIZE]
    if not hmac.compare_digest(code, sidecar[index * CODE_SIZE :][:CODE_SIZE]):
        raise MediaError("sidecar")
    ciphertext_left = _ciphertext_size(length) - index * CHUNK_SIZE
    decryptor = Cipher(AES256(keys.cipher), CBC(before)).decryptor()
    padded = decryptor.update(chunk[:ciphertext_left]) + decryptor.finalize()
    padding = _padding(length) if 0 < ciphertext_left <= CHUNK_SIZE else b""
    if not padded.endswith(padding):
        raise MediaError("padding")
    return padded.removesuffix(padding)


def _padding(length: int) -> bytes:
    missing = BLOCK_SIZE - length % BLOCK_SIZE
    return bytes([missing]) * missing


def _ciphertext_size(length: int) -> int:
    return length + len(_padding(length))
