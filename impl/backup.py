"""Encrypted backups: the conversation under a key that the user keeps, and that nothing else is derived from or with.

White paper, "Encrypted backups". The key is 64 digits of hex, or comes from a password; WhatsApp guards the latter
with a vault of limited attempts, here PBKDF2 alone makes guessing slow. A backup holds messages and files' keys, as
history does, but no key of sessions, app state or linking: a phone that is registered anew gets its messages back,
and is another device to everybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from impl import names
from impl.crypto.entropy import Entropy
from impl.crypto.kdf import hkdf, pbkdf2
from impl.history.contents import adopt, conversations
from impl.refusal import Refused, refused_as
from impl.wire.backup import NONCE_SIZE, SALT_SIZE, BackupFile, KeyKind
from impl.wire.content import HistoryType
from impl.wire.history import History

if TYPE_CHECKING:
    from impl.phone import Phone

KEY_SIZE = 32
ITERATIONS = 600_000
INFO = b"Pentad Backup Key"

_DIGITS = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class BackupKey:
    """32 bytes; `salt` is what a password was stretched with, and zeros where there was none."""

    kind: KeyKind
    key: bytes = field(repr=False)
    salt: bytes = bytes(SALT_SIZE)


def new_digits(entropy: Entropy) -> str:
    """A key for the user to write down, of 64 digits."""
    return entropy(KEY_SIZE).hex()


def from_digits(digits: str) -> BackupKey:
    """Spaces do not matter. Raises Refused."""
    plain = digits.replace(" ", "").lower()
    if not _DIGITS.fullmatch(plain):
        raise Refused("well_formed", "not 64 digits of hex")
    return BackupKey(KeyKind.DIGITS, bytes.fromhex(plain))


def from_password(password: str, salt: bytes) -> BackupKey:
    """Takes a second, on purpose; `salt` has 32 bytes, fresh for a new password."""
    return BackupKey(KeyKind.PASSWORD, pbkdf2(password.encode(), salt, ITERATIONS, KEY_SIZE), salt)


def set_key(phone: Phone, key: BackupKey) -> None:
    """Backups are made under this key from now on."""
    phone.backup_key = key


def make(phone: Phone, now: int) -> bytes:
    """The file for the server. Raises Refused while no key is set."""
    key = phone.backup_key
    if key is None:
        raise Refused("backup_key", "no key for backups is set")
    nonce = phone.entropy(NONCE_SIZE)
    empty = BackupFile(key.kind, key.salt, nonce, b"")
    sealed = _cipher(key).encrypt(nonce, _conversation(phone, now).encode(), empty.header)
    return BackupFile(key.kind, key.salt, nonce, sealed).encode()


def salt_of(file: bytes) -> bytes:
    """What the password of a backup is to be stretched with. Raises Refused."""
    with refused_as("well_formed"):
        return BackupFile.decode(file).salt


def restore(phone: Phone, key: BackupKey, file: bytes, now: int) -> int:
    """Adds the messages of a backup, and says how many were new; further backups use its key. Raises Refused."""
    with refused_as("well_formed"):
        sealed = BackupFile.decode(file)
    with refused_as("backup_key", InvalidTag):
        plaintext = _cipher(key).decrypt(sealed.nonce, sealed.sealed, sealed.header)
    with refused_as("well_formed"):
        history = History.decode(plaintext)
    set_key(phone, key)
    return adopt(phone, history, now)


def _conversation(phone: Phone, now: int) -> History:
    messages = reversed(phone.conversation)
    return History(conversations(phone, messages, now), HistoryType.FULL, names=names.to_tell(phone))


def _cipher(key: BackupKey) -> AESGCM:
    return AESGCM(hkdf(key.key, INFO, KEY_SIZE, key.salt))
