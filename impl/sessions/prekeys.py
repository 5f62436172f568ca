"""Prekeys: what a device leaves with the server so that others can start sessions while it is away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair, with_type


@dataclass(frozen=True, slots=True)
class Prekeys:
    """One device's private share: the signed prekey, and the one-time prekeys that nobody has used yet."""

    signed: KeyPair
    signed_id: int
    signature: bytes
    one_time: Mapping[int, KeyPair] = field(repr=False)

    @classmethod
    def generate(
        cls, identity: KeyPair, entropy: Entropy, signed_id: int = 1, one_time_ids: Iterable[int] = ()
    ) -> Self:
        """Fresh pairs under these identifiers (below 2^24)."""
        signed = KeyPair.generate(entropy)
        signature = xeddsa.sign(identity.private, with_type(signed.public), entropy)
        return cls(signed, signed_id, signature, {each: KeyPair.generate(entropy) for each in one_time_ids})

    def without(self, one_time_id: int) -> Self:
        """What is left after a one-time prekey was used."""
        return replace(self, one_time={each: pair for each, pair in self.one_time.items() if each != one_time_id})


@dataclass(frozen=True, slots=True)
class PrekeyBundle:
    """What the server answers about one device; public keys of 32 bytes, a signature of 64.

    `device_identity` is the linking metadata of a companion, encoded; sessions do not look at it.
    """

    registration_id: int
    identity: bytes
    signed_prekey_id: int
    signed_prekey: bytes
    signature: bytes
    one_time_id: int | None = None
    one_time: bytes | None = None
    device_identity: bytes | None = None

    def __post_init__(self) -> None:
        if (self.one_time_id is None) != (self.one_time is None):
            raise ValueError("a one-time prekey comes with its identifier")
