"""AES-256-CBC with PKCS#7 padding, as messages and media use it; authentication is the caller's."""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK_SIZE = 16


def encrypt(key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """Whole blocks, at least one: the plaintext is always padded."""
    padder = PKCS7(BLOCK_SIZE * 8).padder()
    encryptor = Cipher(AES256(key), CBC(iv)).encryptor()
    return encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()


def decrypt(key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """The plaintext; ValueError unless these are whole blocks with correct padding."""
    decryptor = Cipher(AES256(key), CBC(iv)).decryptor()
    unpadder = PKCS7(BLOCK_SIZE * 8).unpadder()
    return unpadder.update(decryptor.update(ciphertext) + decryptor.finalize()) + unpadder.finalize()
