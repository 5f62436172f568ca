"""What a device knows about others."""

from dataclasses import dataclass

from impl.wire.adv import KeyIndexList


@dataclass(frozen=True)
class View:
    """A verified device list of one account: the signed bytes, and what they say."""

    signed: bytes
    list: KeyIndexList


@dataclass(frozen=True)
class Peer:
    """A verified device: its 32-byte identity key, and the key index under which its account lists it."""

    identity: bytes
    key_index: int
