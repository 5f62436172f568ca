"""One device: its keys, whom it trusts, whom it knows, what it has read. Each step has a file of its own.

Sans-IO: every method takes what arrived and returns what to hand on; `now` is in seconds. A method that
raises Refused has changed nothing.
"""

from __future__ import annotations

import copy
import os
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from impl import fanout, lists, receiving
from impl.address import Address
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.refusal import Refused
from impl.sessions import Local, PrekeyBundle, Prekeys, Record
from impl.store import Category, Peer, Stanza, StoredMessage, View

ONE_TIME_BATCH = 8
REGISTRATION_ID_LIMIT = 1 << 14


@dataclass(frozen=True)
class Snapshot:
    """All that a device holds at one moment."""

    kind: type[Device]
    state: dict[str, Any]


class Device:
    """What a phone and a companion have in common."""

    def __init__(self, entropy: Entropy) -> None:
        self.entropy = entropy
        self.identity = KeyPair.generate(entropy)
        self.registration_id = int.from_bytes(entropy(2)) % (REGISTRATION_ID_LIMIT - 1) + 1
        self.prekeys = Prekeys.generate(self.identity, entropy)
        self.address: Address | None = None
        self.device_identity: bytes | None = None
        self.pins: dict[str, bytes] = {}
        self.views: dict[str, View] = {}
        self.peers: dict[Address, Peer] = {}
        self.records: dict[Address, Record] = {}
        self.conversation: list[StoredMessage] = []
        self.deliveries: Counter[tuple[str, Address]] = Counter()
        self._offered = 0

    @property
    def local(self) -> Local:
        """What sessions need of this device."""
        return Local(self.identity, self.registration_id, self.prekeys)

    def pin(self, user: str, account_key: bytes) -> None:
        """The security codes were compared: this is the account identity key of `user`, once and for all."""
        if self.pins.get(user, account_key) != account_key:
            raise Refused("identity", f"another account key is pinned for {user}")
        self.pins[user] = account_key

    def bundle(self) -> PrekeyBundle:
        """What the server may tell about this device; every bundle has a one-time prekey of its own."""
        self._offered += 1
        if self._offered not in self.prekeys.one_time:
            batch = range(self._offered, self._offered + ONE_TIME_BATCH)
            fresh = {each: KeyPair.generate(self.entropy) for each in batch}
            self.prekeys = replace(self.prekeys, one_time={**self.prekeys.one_time, **fresh})
        return self.local.bundle(self._offered, self.device_identity)

    def learn_list(self, user: str, signed_list: bytes, now: int) -> None:
        """See `lists.learn`."""
        lists.learn(self, user, signed_list, now)

    def meet(self, address: Address, key_index: int, bundle: PrekeyBundle) -> None:
        """See `fanout.meet`."""
        fanout.meet(self, address, key_index, bundle)

    def send(self, message_id: str, to_user: str, text: str, now: int) -> list[Stanza]:
        """See `fanout.send`."""
        return fanout.send(self, message_id, to_user, text, now)

    def seal(self, address: Address, plaintext: bytes, message_id: str, category: Category) -> Stanza:
        """See `fanout.seal`."""
        return fanout.seal(self, address, plaintext, message_id, category)

    def receive(self, stanza: Stanza, now: int) -> StoredMessage:
        """See `receiving.receive`."""
        return receiving.receive(self, stanza, now)

    def snapshot(self) -> Snapshot:
        """A copy of everything, which later steps leave alone."""
        return Snapshot(type(self), _copied(vars(self)))

    @staticmethod
    def restore(snapshot: Snapshot, entropy: Entropy = os.urandom) -> Device:
        """An independent device in the state of the snapshot, with randomness of its own."""
        device = snapshot.kind.__new__(snapshot.kind)
        vars(device).update(_copied(snapshot.state), entropy=entropy)
        return device


def _copied(state: dict[str, Any]) -> dict[str, Any]:
    # all that the containers of a device hold is immutable
    return {name: copy.copy(value) for name, value in state.items()}
