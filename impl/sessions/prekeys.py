"""Prekeys: what a device leaves with the server so that others can start sessions while it is away.

Source: https://signal.org/docs/specifications/x3dh/ (section 3.2). Identifiers only rise and none is given twice:
the caller keeps count, and when three bytes are used up there are no more. Times are in seconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair, with_type
from impl.durations import DAY
from impl.sessions.errors import SessionError

FIRST_ID = 1
LAST_ID = (1 << 24) - 2
"""Three bytes on the wire without both ends: libsignal-protocol-go reads 0 as "none" and never deletes 0xFFFFFF."""

ROTATION = 7 * DAY
"""How long a signed prekey is handed out; X3DH suggests a week to a month."""

GRACE = 30 * DAY
"""How long a signed prekey is kept once it has a successor: as long as a peer may go on in an unanswered session
that began with it. What is under way even longer has to be asked for again."""

ONE_TIME_MINIMUM = 5
"""With fewer at the server we make more, as everybody does: so few serve one account with its four companions."""

ONE_TIME_BATCH = 20
"""How many the server then holds again: four accounts' worth. Others leave 50, and 812 at first, to ask seldom;
our devices are many and live short, and every pair costs time."""


@dataclass(frozen=True, slots=True)
class SignedPrekey:
    """A prekey for everybody, with the 64-byte signature of the identity key that vouches for it."""

    id: int
    pair: KeyPair
    signature: bytes
    created: int


@dataclass(frozen=True, slots=True)
class Prekeys:
    """One device's private share by identifier: signed prekeys, and the one-time prekeys that nobody has used yet.

    Both may be tables of a store: opening a message looks up single rows and nothing else.
    """

    signed: Mapping[int, SignedPrekey]
    one_time: Mapping[int, KeyPair] = field(repr=False)

    @classmethod
    def generate(
        cls,
        identity: KeyPair,
        entropy: Entropy,
        signed_id: int = FIRST_ID,
        one_time_ids: Iterable[int] = (),
        created: int = 0,
    ) -> Self:
        """One signed prekey, and one-time prekeys under these identifiers."""
        signed = generate_signed(identity, signed_id, created, entropy)
        return cls({signed_id: signed}, {each: KeyPair.generate(entropy) for each in one_time_ids})

    @property
    def current(self) -> SignedPrekey:
        """The newest signed prekey, which the server hands out."""
        return self.signed[max(self.signed)]


def generate_signed(identity: KeyPair, id: int, created: int, entropy: Entropy) -> SignedPrekey:
    """A signed prekey under this identifier. SessionError "key_ids_exhausted"."""
    _check_ids(range(id, id + 1))
    pair = KeyPair.generate(entropy)
    return SignedPrekey(id, pair, xeddsa.sign(identity.private, with_type(pair.public), entropy), created)


def generate_one_time(first_id: int, count: int, entropy: Entropy) -> dict[int, KeyPair]:
    """So many one-time prekeys under rising identifiers. SessionError "key_ids_exhausted"."""
    ids = range(first_id, first_id + count)
    _check_ids(ids)
    return {each: KeyPair.generate(entropy) for each in ids}


def shortage(held: int) -> int:
    """How many one-time prekeys to make when the server says that it holds `held`."""
    return ONE_TIME_BATCH - held if held < ONE_TIME_MINIMUM else 0


def rotation_due(prekeys: Prekeys, now: int) -> bool:
    """Whether the current signed prekey has served its time."""
    return now - prekeys.current.created >= ROTATION


def expired(prekeys: Prekeys, now: int) -> tuple[int, ...]:
    """The identifiers of signed prekeys to delete, for they were replaced too long ago."""
    successors = pairwise(sorted(prekeys.signed))
    return tuple(old for old, new in successors if now - prekeys.signed[new].created > GRACE)


def _check_ids(ids: range) -> None:
    if ids and not FIRST_ID <= ids[0] <= ids[-1] <= LAST_ID:
        raise SessionError("key_ids_exhausted")


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
