"""A media file as its hostile sender makes it, and whether it opens in pieces as it does in one.

An input is what the message announces (SHA-256 of plaintext and file, length in 8 bytes), then the file.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

from fuzz.targets.ciphertext import KEYS, KIND, MEDIA_KEY, decrypted, encrypted
from impl.crypto import media
from impl.crypto.kdf import hmac_sha256
from impl.crypto.media import MediaError
from impl.crypto.media.keys import MAC_SIZE
from impl.wire.errors import DecodeError

HASH_SIZE = 32
LENGTH_SIZE = 8
FACTS_SIZE = 2 * HASH_SIZE + LENGTH_SIZE
PIECE_SIZE = 7


class Differs(Exception):
    """A file fed whole and the same file fed in pieces end differently."""


class _InPieces(BytesIO):
    """Gives no more than PIECE_SIZE bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(PIECE_SIZE if size is None or size < 0 else min(size, PIECE_SIZE))


def write(plaintext: bytes) -> bytes:
    """The input that an honest sender makes."""
    sealed = media.seal(plaintext, MEDIA_KEY, KIND)
    return _facts(sealed.sha256, sealed.enc_sha256, sealed.length) + sealed.file


def read(data: bytes) -> bytes:
    """The plaintext. Raises DecodeError, and Differs."""
    if len(data) < FACTS_SIZE:
        raise DecodeError("cut short", "announced media")
    whole, in_pieces = _opened(data, BytesIO), _opened(data, _InPieces)
    if whole != in_pieces:
        raise Differs(f"{whole!r} whole, {in_pieces!r} in pieces")
    if isinstance(whole, str):
        raise DecodeError(f"refused by {whole}", "media file")
    return whole


def envelope(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The padded plaintext; around another one, MAC and facts are right again."""

    def close(padded: bytes) -> bytes:
        file = encrypted(KEYS.iv, padded)
        file += hmac_sha256(KEYS.mac, KEYS.iv + file)[:MAC_SIZE]
        plaintext = padded[: len(padded) - padded[-1]] if padded else b""
        return _facts(sha256(plaintext).digest(), sha256(file).digest(), len(plaintext)) + file

    return decrypted(KEYS.iv, data[FACTS_SIZE:-MAC_SIZE]), close


def _facts(of_plaintext: bytes, of_file: bytes, length: int) -> bytes:
    return of_plaintext + of_file + length.to_bytes(LENGTH_SIZE)


def _opened(data: bytes, source: type[BytesIO]) -> bytes | str:
    """The plaintext, or the check that refused it."""
    facts, file = data[:FACTS_SIZE], source(data[FACTS_SIZE:])
    of_plaintext, of_file, length = facts[:HASH_SIZE], facts[HASH_SIZE:-LENGTH_SIZE], facts[-LENGTH_SIZE:]
    target = BytesIO()
    try:
        media.open_stream(file, target, MEDIA_KEY, KIND, of_plaintext, of_file, int.from_bytes(length))
    except MediaError as error:
        return error.check
    return target.getvalue()
