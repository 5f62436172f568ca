"""AES-256-CBC with PKCS#7 padding, as messages and media use it; authentication is the caller's."""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK_SIZE = 16
_PADDING = PKCS7(BLOCK_SIZE * 8)


def encrypt(key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """Whole blocks, at least one: the plaintext is always padded."""
    missing = BLOCK_SIZE - len(plaintext) % BLOCK_SIZE
    encryptor = Cipher(AES256(key), CBC(iv)).encryptor()
    return encryptor.update(plaintext + bytes([missing]) * missing) + encryptor.finalize()


def decrypt(key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """The plaintext; ValueError unless these are whole blocks with correct padding."""
    decryptor = Cipher(AES256(key), CBC(iv)).decryptor()
    unpadder = _PADDING.unpadder()
    return unpadder.update(decryptor.update(ciphertext) + decryptor.finalize()) + unpadder.finalize()
