"""One chunk of a media file, played before the rest is there, as its hostile sender makes it.

An input is the number of the chunk (1 byte: the player's, no sender's), the length of the plaintext (8 bytes) and
the chunk's code (10 bytes) as announced, then the part of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fuzz.targets.ciphertext import KEYS, KIND, MEDIA_KEY, decrypted, encrypted
from impl.crypto import media
from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.kdf import hmac_sha256
from impl.crypto.media import MediaError
from impl.crypto.media.sidecar import CHUNK_SIZE, CODE_SIZE
from impl.wire.errors import DecodeError

NUMBER_SIZE = 1
LENGTH_SIZE = 8
FACTS_SIZE = NUMBER_SIZE + LENGTH_SIZE + CODE_SIZE


@dataclass(frozen=True)
class Chunk:
    """Chunk `index` of a plaintext of `length` bytes: the block before it in the file, its own plaintext, the rest."""

    index: int
    length: int
    before: bytes
    plaintext: bytes
    rest: bytes

    @property
    def padding(self) -> bytes:
        """None unless the plaintext ends here."""
        missing = BLOCK_SIZE - self.length % BLOCK_SIZE
        ends_here = 0 < self.length + missing - self.index * CHUNK_SIZE <= CHUNK_SIZE
        return bytes([missing]) * missing if ends_here else b""


def of_file(index: int, plaintext: bytes) -> bytes:
    """The input that an honest sender makes."""
    sealed = media.seal(plaintext, MEDIA_KEY, KIND)
    part = media.chunk_range(index, len(plaintext))
    return _announced(index, len(plaintext), sealed.file[part.start : part.stop])


def read(data: bytes) -> Chunk:
    """Raises DecodeError."""
    if len(data) < FACTS_SIZE:
        raise DecodeError("cut short", "announced media")
    index, length = data[0], int.from_bytes(data[NUMBER_SIZE : NUMBER_SIZE + LENGTH_SIZE])
    code, part = data[FACTS_SIZE - CODE_SIZE : FACTS_SIZE], data[FACTS_SIZE:]
    try:
        plaintext = media.open_chunk(part, index, MEDIA_KEY, KIND, bytes(index * CODE_SIZE) + code, length)
    except MediaError as error:
        raise DecodeError(f"refused by {error.check}", "media chunk") from error
    chunk = Chunk(index, length, part[:BLOCK_SIZE] if index else b"", plaintext, b"")
    rest = part[len(chunk.before) + len(plaintext) + len(chunk.padding) :]
    return Chunk(index, length, chunk.before, plaintext, rest)


def write(chunk: Chunk) -> bytes:
    ciphertext = encrypted(chunk.before or KEYS.iv, chunk.plaintext + chunk.padding)
    return _announced(chunk.index, chunk.length, chunk.before + ciphertext + chunk.rest)


def envelope(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Whole blocks, decrypted; around others the code is right again."""
    index, length, part = data[0] if data else 0, data[NUMBER_SIZE : NUMBER_SIZE + LENGTH_SIZE], data[FACTS_SIZE:]
    begin = BLOCK_SIZE if index and len(part) > BLOCK_SIZE else 0
    end = begin + (len(part) - begin) // BLOCK_SIZE * BLOCK_SIZE
    before, rest = part[:begin], part[end:]

    def close(inner: bytes) -> bytes:
        return _announced(index, int.from_bytes(length), before + encrypted(before or KEYS.iv, inner) + rest)

    return decrypted(before or KEYS.iv, part[begin:end]), close


def _announced(index: int, length: int, part: bytes) -> bytes:
    code = hmac_sha256(KEYS.mac, part if index else KEYS.iv + part)[:CODE_SIZE]
    return bytes([index]) + length.to_bytes(LENGTH_SIZE) + code + part
