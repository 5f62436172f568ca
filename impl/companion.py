"""A companion device: desktop, web, tablet. It belongs to no account until a phone has scanned its QR."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from impl import linking
from impl.address import Address
from impl.appstate import repair, sharing
from impl.appstate.repair import Recovering
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.device import Device
from impl.history import demand, importing
from impl.history.demand import Requested
from impl.history.importing import Handled
from impl.messages import MessageKey
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.store import Maybe, MemoryStore, Store, Table, Value, atomic
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.appstate import CollectionName, KeyId
from impl.wire.content import HistoryType


class Companion(Device):
    """`secret` is the linking secret that waits for a phone; `links` counts the accounts joined."""

    noise = Value(KeyPair)
    client_type = Value(str)
    secret = Maybe(bytes)
    links = Value(int)
    key_requests = Table(KeyId, int)
    recoveries = Table(CollectionName, Recovering)
    history_parts = Table(tuple[HistoryType, int], int)
    history_retries = Table(tuple[HistoryType, int], int)
    history_requests = Table(str, Requested)
    history_handled = Table(str, Handled)

    @classmethod
    def create(cls, entropy: Entropy, now: int, client_type: str = "1", store: Store | None = None) -> Companion:
        """A companion that was never linked, in memory unless told; `store` must be empty."""
        companion = cls(store or MemoryStore(), entropy)
        with companion.store.transaction():
            companion.begin(now)
            companion.noise = KeyPair.generate(entropy)
            companion.client_type = client_type
            companion.links = 0
        return companion

    @atomic
    def show_qr(self, ref: str) -> str:
        """See `linking.show_qr`."""
        return linking.show_qr(self, ref)

    @atomic
    def confirm(self, container: bytes, address: Address, now: int) -> bytes:
        """See `linking.confirm`."""
        return linking.confirm(self, container, address, now)

    @property
    def confirmation(self) -> bytes:
        """What the server and the phone get of the device identity: all but the account key."""
        if self.device_identity is None:
            raise Refused("linked", "this companion belongs to no account yet")
        return replace(SignedDeviceIdentity.decode(self.device_identity), account_key=None).encode()

    def history_path(self, stanza: Stanza) -> str:
        """See `importing.path`."""
        return importing.path(self, stanza)

    @atomic
    def import_history(self, stanza: Stanza, blob: bytes, now: int) -> int:
        """See `importing.merge`."""
        return importing.merge(self, stanza, blob)

    @property
    def history_progress(self) -> int:
        """See `importing.progress`."""
        return importing.progress(self)

    @atomic
    def request_history_again(self, stanza: Stanza, now: int) -> None:
        """See `importing.request_again`."""
        importing.request_again(self, stanza, now)

    @atomic
    def history_settled(self, message_id: str) -> None:
        """The server and the phone know what became of this part."""
        del self.history_handled[message_id]

    @atomic
    def request_history(self, before: MessageKey, count: int, now: int) -> str:
        """See `demand.request`."""
        return demand.request(self, before, count, now)

    @atomic
    def learn_keys(self, stanza: Stanza) -> None:
        """See `sharing.learn`."""
        sharing.learn(self, stanza)

    @atomic
    def request_keys(self, missing: Iterable[KeyId], now: int) -> None:
        """See `sharing.request`."""
        sharing.request(self, missing, now)

    @atomic
    def request_collection(self, name: CollectionName, now: int) -> None:
        """See `repair.request`."""
        repair.request(self, name, now)

    @atomic
    def restore_collection(self, stanza: Stanza, now: int) -> Refused | None:
        """See `repair.restore`."""
        return repair.restore(self, stanza, now)
