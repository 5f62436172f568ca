"""AES-256 in counter mode (NIST SP 800-38A): the wrap of linking by code, which must not authenticate."""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR


def apply(key: bytes, counter: bytes, data: bytes) -> bytes:
    """`data` encrypted, or decrypted, from the 16-byte initial counter block on."""
    encryptor = Cipher(AES256(key), CTR(counter)).encryptor()
    return encryptor.update(data) + encryptor.finalize()
