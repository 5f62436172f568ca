"""Media encryption, which carries history bundles and app state snapshots past the server.

Source: WhatsApp security white paper, "Transmitting media and other attachments"; file layout and order
of checks as in whatsmeow, download.go and upload.go.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Self

from impl.crypto import cbc
from impl.crypto.kdf import hkdf, hmac_sha256

MAC_SIZE = 10

HISTORY = b"WhatsApp History Keys"
APP_STATE = b"WhatsApp App State Keys"


class MediaError(ValueError):
    """A file is not what its message announced; `check` names the first comparison that failed."""

    def __init__(self, check: str) -> None:
        super().__init__(f"media refused by {check}")
        self.check = check


@dataclass(frozen=True, slots=True)
class MediaKeys:
    """What a 32-byte media key expands to for one kind of media."""

    iv: bytes = field(repr=False)
    cipher: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def derive(cls, media_key: bytes, info: bytes) -> Self:
        expanded = hkdf(media_key, info, 112)
        return cls(iv=expanded[:16], cipher=expanded[16:48], mac=expanded[48:80])

    def code(self, ciphertext: bytes) -> bytes:
        return hmac_sha256(self.mac, self.iv + ciphertext)[:MAC_SIZE]


@dataclass(frozen=True, slots=True)
class SealedMedia:
    """The file as uploaded, and the hashes and plaintext length that its message announces."""

    file: bytes = field(repr=False)
    sha256: bytes
    enc_sha256: bytes
    length: int


def seal(plaintext: bytes, media_key: bytes, info: bytes) -> SealedMedia:
    """Encrypt under a fresh 32-byte media key: the initialisation vector is derived from it."""
    keys = MediaKeys.derive(media_key, info)
    ciphertext = cbc.encrypt(keys.cipher, keys.iv, plaintext)
    file = ciphertext + keys.code(ciphertext)
    return SealedMedia(file, _sha256(plaintext), _sha256(file), len(plaintext))


def open_(file: bytes, media_key: bytes, info: bytes, sha256: bytes, enc_sha256: bytes, length: int) -> bytes:
    """The plaintext. MediaError: "enc_sha256", "mac", "padding", "sha256" or "length", in that order."""
    if not hmac.compare_digest(_sha256(file), enc_sha256):
        raise MediaError("enc_sha256")
    keys = MediaKeys.derive(media_key, info)
    ciphertext, code = file[:-MAC_SIZE], file[-MAC_SIZE:]
    if not hmac.compare_digest(keys.code(ciphertext), code):
        raise MediaError("mac")
    try:
        plaintext = cbc.decrypt(keys.cipher, keys.iv, ciphertext)
    except ValueError as error:
        raise MediaError("padding") from error
    if not hmac.compare_digest(_sha256(plaintext), sha256):
        raise MediaError("sha256")
    if len(plaintext) != length:
        raise MediaError("length")
    return plaintext


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
