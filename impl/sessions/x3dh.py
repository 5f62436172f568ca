"""Extended triple Diffie-Hellman: the first secret of a session, with the other side absent.

Source: https://signal.org/docs/specifications/x3dh/ (section 3), as in libsignal,
rust/protocol/src/ratchet.rs. Both functions raise InvalidKey.
"""

from impl.crypto.kdf import hkdf
from impl.crypto.keys import KeyPair, dh
from impl.sessions.prekeys import PrekeyBundle

Agreed = tuple[bytes, bytes]
"""Root key and chain key, 32 bytes each."""


def as_initiator(identity: KeyPair, base: KeyPair, bundle: PrekeyBundle) -> Agreed:
    """The secret shared with the owner of `bundle`, from a fresh base pair."""
    agreements = [
        dh(identity.private, bundle.signed_prekey),
        dh(base.private, bundle.identity),
        dh(base.private, bundle.signed_prekey),
    ]
    if bundle.one_time is not None:
        agreements.append(dh(base.private, bundle.one_time))
    return _derive(agreements)


def as_responder(
    identity: KeyPair, signed: KeyPair, one_time: KeyPair | None, peer_identity: bytes, base_key: bytes
) -> Agreed:
    """The secret shared with whoever holds the private keys of `peer_identity` and `base_key`."""
    agreements = [
        dh(signed.private, peer_identity),
        dh(identity.private, base_key),
        dh(signed.private, base_key),
    ]
    if one_time is not None:
        agreements.append(dh(one_time.private, base_key))
    return _derive(agreements)


def _derive(agreements: list[bytes]) -> Agreed:
    derived = hkdf(b"\xff" * 32 + b"".join(agreements), b"WhisperText", 64)
    return derived[:32], derived[32:]
