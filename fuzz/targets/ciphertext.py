"""The media key that a hostile sender chose, and blocks under it without padding: any plaintext, honest or not."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from impl.crypto.cbc import BLOCK_SIZE
from impl.crypto.media import MediaKeys, MediaKind

MEDIA_KEY = bytes(range(32))
KIND = MediaKind.VIDEO
KEYS = MediaKeys.derive(MEDIA_KEY, KIND)


def encrypted(iv: bytes, padded: bytes) -> bytes:
    """Whole blocks, and what is left over as it is."""
    whole = len(padded) // BLOCK_SIZE * BLOCK_SIZE
    return Cipher(AES256(KEYS.cipher), CBC(iv)).encryptor().update(padded[:whole]) + padded[whole:]


def decrypted(iv: bytes, ciphertext: bytes) -> bytes:
    """The opposite of `encrypted`."""
    whole = len(ciphertext) // BLOCK_SIZE * BLOCK_SIZE
    return Cipher(AES256(KEYS.cipher), CBC(iv)).decryptor().update(ciphertext[:whole]) + ciphertext[whole:]
