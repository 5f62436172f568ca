"""The security code of two accounts: 60 digits or a QR that people compare, over the keys of all their devices.

White paper, "Verifying keys": an account's half is 30 digits from 5200 rounds of SHA-512 over the sorted
identity keys of its devices and its user identifier. The input of the first round and the digits are those of
`rust/protocol/src/fingerprint.rs` of signalapp/libsignal: with one device a side, the code is Signal's.

Ours, because nothing published says it: keys carry their type byte (33 bytes, as in Signal) also where there
are several; the identifier is the user of the address; the QR is Signal's. The QR that the white paper
describes holds a version, both identifiers and the keys themselves; its bytes are not published.
"""

from collections.abc import Iterable
from hashlib import sha512

from impl.crypto.keys import with_type
from impl.wire.security_code import FINGERPRINT_SIZE, CombinedFingerprints

ROUNDS = 5200
GROUPS = 6
GROUP_SIZE = 5
HASH_VERSION = bytes(2)


def security_code(
    own: str, own_identities: Iterable[bytes], other: str, other_identities: Iterable[bytes]
) -> CombinedFingerprints:
    """The code of two users, from the 32-byte identity keys of all devices of each; `encode()` is its QR."""
    return CombinedFingerprints(fingerprint(own, own_identities), fingerprint(other, other_identities))


def digits(code: CombinedFingerprints) -> str:
    """The 60 digits, which are the same on both sides."""
    return "".join(sorted((_half(code.local), _half(code.remote))))


def matches(scanned: CombinedFingerprints, own: CombinedFingerprints) -> bool:
    """Whether the other side, whose QR was scanned, sees the same keys: what is local to one is remote to the other."""
    return (scanned.local, scanned.remote) == (own.remote, own.local)


def fingerprint(user: str, identities: Iterable[bytes]) -> bytes:
    """32 bytes for one account; neither order nor repetition of its keys matters."""
    keys = b"".join(with_type(identity) for identity in sorted(set(identities)))
    digest = HASH_VERSION + keys + user.encode()
    for _ in range(ROUNDS):
        digest = sha512(digest + keys).digest()
    return digest[:FINGERPRINT_SIZE]


def _half(half: bytes) -> str:
    """30 digits: six groups of five, each from five bytes."""
    groups = (half[i * GROUP_SIZE : (i + 1) * GROUP_SIZE] for i in range(GROUPS))
    return "".join(f"{int.from_bytes(group) % 100_000:05}" for group in groups)
