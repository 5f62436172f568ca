"""One file that is right, and the ways in which a server, a host or the sender itself makes it wrong."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import cycle

from impl.crypto import cbc
from impl.crypto.kdf import hmac_sha256
from impl.crypto.media import MediaKeys, MediaKind, SealedMedia, open_, open_stream, seal
from impl.crypto.media.stream import PIECE_SIZE

MEDIA_KEY = bytes(range(32))
KIND = MediaKind.VIDEO
KEYS = MediaKeys.derive(MEDIA_KEY, KIND)
TEXT = b"0123456789abcdef" * (PIECE_SIZE // 16) + b"and a few more"


class Trickle(io.BytesIO):
    """A source that hands out `sizes` bytes at a time, over and over, and never more than it is asked for."""

    def __init__(self, content: bytes, sizes: tuple[int, ...] = (1000, 7, 40_000)) -> None:
        super().__init__(content)
        self._sizes: Iterator[int] = cycle(sizes)

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and 0 <= size <= PIECE_SIZE, "a source is read in bounded pieces"
        return super().read(min(size, next(self._sizes)))


def opened_in_memory(media: SealedMedia, key: bytes, kind: MediaKind) -> bytes:
    return open_(media.file, key, kind, media.sha256, media.enc_sha256, media.length)


def opened_as_stream(media: SealedMedia, key: bytes, kind: MediaKind) -> bytes:
    target = io.BytesIO()
    open_stream(Trickle(media.file), target, key, kind, media.sha256, media.enc_sha256, media.length)
    return target.getvalue()


def maced(ciphertext: bytes) -> bytes:
    """A whole file, as only who knows the media key can make it."""
    return ciphertext + hmac_sha256(KEYS.mac, KEYS.iv + ciphertext)[:10]


GOOD = seal(TEXT, MEDIA_KEY, KIND)
PADDED = cbc.encrypt(KEYS.cipher, KEYS.iv, TEXT)
REGIONS = {"first block": 0, "middle": len(PADDED) // 2, "last block": len(PADDED) - 1, "mac": -10, "end": -1}


def of_host(file: bytes) -> SealedMedia:
    """The media host hands out another file than announced."""
    return replace(GOOD, file=file)


def announced(file: bytes) -> SealedMedia:
    """The sender announces the hash of a file that is wrong in another way."""
    return replace(GOOD, file=file, enc_sha256=sha256(file).digest())


def flipped(position: int) -> bytes:
    file = bytearray(GOOD.file)
    file[position] ^= 0x10
    return bytes(file)


BAD: dict[str, tuple[SealedMedia, str]] = {
    **{f"bit flipped in {name}": (of_host(flipped(at)), "enc_sha256") for name, at in REGIONS.items()},
    **{f"bit flipped in {name}, announced": (announced(flipped(at)), "mac") for name, at in REGIONS.items()},
    "nothing": (of_host(b""), "enc_sha256"),
    "truncated by a byte": (of_host(GOOD.file[:-1]), "enc_sha256"),
    "truncated by a block": (of_host(GOOD.file[:-16]), "enc_sha256"),
    "truncated by a block, announced": (announced(GOOD.file[:-16]), "mac"),
    "extended by a byte": (of_host(GOOD.file + b"x"), "enc_sha256"),
    "extended by a byte, announced": (announced(GOOD.file + b"x"), "mac"),
    "extended to the limit": (announced(GOOD.file + bytes(14)), "mac"),
    "extended beyond the limit": (announced(GOOD.file + bytes(15)), "size"),
    "nothing, announced": (announced(b""), "ciphertext"),
    "shorter than a mac": (announced(bytes(9)), "ciphertext"),
    "only a mac": (announced(maced(b"")), "ciphertext"),
    "not whole blocks": (announced(maced(PADDED[:-1])), "padding"),
    "without padding": (announced(maced(PADDED[:PIECE_SIZE])), "padding"),
    "no enc_sha256": (replace(GOOD, enc_sha256=b""), "enc_sha256"),
    "short enc_sha256": (replace(GOOD, enc_sha256=GOOD.enc_sha256[:31]), "enc_sha256"),
    "no sha256": (replace(GOOD, sha256=b""), "sha256"),
    "other sha256": (replace(GOOD, sha256=sha256(b"").digest()), "sha256"),
    "announced one byte longer": (replace(GOOD, length=len(TEXT) + 1), "length"),
    "announced much longer": (replace(GOOD, length=2**64 - 1), "length"),
    "announced one byte shorter": (replace(GOOD, length=len(TEXT) - 1), "length"),
    "announced as short as a file of this size can be": (replace(GOOD, length=len(TEXT) - 14), "length"),
    "announced shorter than that": (replace(GOOD, length=len(TEXT) - 15), "size"),
    "announced empty": (replace(GOOD, length=0), "size"),
}
"""What a receiver may be given: the file and what its message says, and the check that refuses it."""

OPENERS: dict[str, Callable[[SealedMedia, bytes, MediaKind], bytes]] = {
    "memory": opened_in_memory,
    "stream": opened_as_stream,
}
