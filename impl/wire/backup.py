"""The file of an encrypted backup: `PNTB`, version, kind of key, salt, nonce, ciphertext with its tag.

White paper, "Encrypted backups"; the layout is the harness's own, as that of WhatsApp (`crypt15`) is not published.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Self

from impl.wire.errors import DecodeError

MAGIC = b"PNTB"
VERSION = 1
SALT_SIZE, NONCE_SIZE, TAG_SIZE = 32, 12, 16
HEADER_SIZE = len(MAGIC) + 2 + SALT_SIZE
SIZE_LIMIT = 1 << 28


class KeyKind(IntEnum):
    """What the user keeps: a key, or a password from which one is derived."""

    DIGITS = 1
    PASSWORD = 2


@dataclass(frozen=True, slots=True)
class BackupFile:
    """`salt` has 32 bytes, `nonce` 12, `sealed` at least the 16 of its tag."""

    kind: KeyKind
    salt: bytes
    nonce: bytes
    sealed: bytes = field(repr=False)

    @property
    def header(self) -> bytes:
        """What stands before the nonce; it is authenticated with the ciphertext."""
        return MAGIC + bytes([VERSION, self.kind]) + self.salt

    def encode(self) -> bytes:
        return self.header + self.nonce + self.sealed

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError: anything but a file of this version."""
        if not HEADER_SIZE + NONCE_SIZE + TAG_SIZE <= len(data) <= SIZE_LIMIT:
            raise DecodeError(f"{len(data)} bytes", "backup")
        if data[: len(MAGIC)] != MAGIC or data[len(MAGIC)] != VERSION:
            raise DecodeError(f"does not begin with {MAGIC!r} and version {VERSION}", "backup")
        try:
            kind = KeyKind(data[len(MAGIC) + 1])
        except ValueError as error:
            raise DecodeError(str(error), "backup.kind") from error
        nonce_end = HEADER_SIZE + NONCE_SIZE
        return cls(kind, data[HEADER_SIZE - SALT_SIZE : HEADER_SIZE], data[HEADER_SIZE:nonce_end], data[nonce_end:])
