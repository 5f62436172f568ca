"""In-chat device consistency: inside each message, what its sender knows of both accounts' devices.

White paper, "In-chat device consistency"; what is sent follows WhatsApp Web as Cobalt ports it. No source shows
the receiving side, so the decisions here are ours. A hint comes through a session and not from an account
key: all that it can do is to have a list queried, and the answer is verified like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from impl.address import PHONE
from impl.durations import DAY
from impl.list_validity import RECENT
from impl.wire.adv import KeyIndexList

HASH_SIZE = 10  # md_icdc_hash_length of WhatsApp Web; never below 8


@dataclass(frozen=True, slots=True)
class ListMark:
    """What a message says about the devices of one account; what is not said is None or empty.

    `key_hash`: 8 to 32 bytes over the identity keys, only of accounts that have companions. `timestamp`: that of
    the signed list, in seconds. `indexes`: whose keys were hashed, empty if those of all devices.
    """

    key_hash: bytes | None = None
    timestamp: int | None = None
    indexes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a device knows of the account `user`: its verified list, and identity keys by key index.

    The keys (32 bytes) are those of devices already met, itself included; a list was verified with the phone's,
    key index 0, so with a list that one is always there.
    """

    user: str
    list: KeyIndexList | None
    keys: Mapping[int, bytes]


def key_hash(identities: Iterable[bytes]) -> bytes:
    """10 bytes over 32-byte identity keys, whatever their order."""
    return _digest(identities)[:HASH_SIZE]


def mark(known: Known, now: int) -> ListMark:
    """What a sender says about an account."""
    if known.list is None:
        return ListMark()
    listed = _listed(known.list)
    if listed == {PHONE}:
        recent = now - known.list.timestamp < RECENT
        return ListMark(timestamp=known.list.timestamp if recent else None)
    met = tuple(sorted(listed & known.keys.keys()))
    hashed = key_hash(known.keys[index] for index in met)
    return ListMark(hashed, known.list.timestamp, met if len(met) < len(listed) else ())


def to_query(said: Iterable[tuple[ListMark, Known]], now: int) -> frozenset[str]:
    """The accounts whose lists should be queried: of both that a message is about, those in doubt."""
    return frozenset(known.user for mark, known in said if newer_list_hinted(mark, known, now) or mismatch(mark, known))


def newer_list_hinted(said: ListMark, known: Known, now: int) -> bool:
    """Whether there is a list that this device has not seen.

    A list dated more than a day ahead would be refused, so a hint at one counts for nothing.
    """
    if said.timestamp is None:
        return known.list is None and said.key_hash is not None
    return said.timestamp <= now + DAY and (known.list is None or known.list.timestamp < said.timestamp)


def mismatch(said: ListMark, known: Known) -> bool:
    """Whether both look at one list and see other keys.

    Of a list that is not the known one the keys are expected to differ. Where a key is not known here, nothing
    can be said.
    """
    if said.key_hash is None or known.list is None or said.timestamp not in (None, known.list.timestamp):
        return False
    hashed = set(said.indexes) or _listed(known.list)
    if not hashed <= known.keys.keys():
        return False
    return not _digest(known.keys[index] for index in hashed).startswith(said.key_hash)


def _listed(content: KeyIndexList) -> set[int]:
    return {PHONE, *content.valid_indexes}


def _digest(identities: Iterable[bytes]) -> bytes:
    return sha256(b"".join(sorted(identities))).digest()
