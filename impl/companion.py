"""A companion device: desktop, web, tablet, Portal. It belongs to no account until a phone has approved of it.

White paper, "Linking".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from impl import linking, linking_by_code, list_expiry, placeholders, reupload, unlinking
from impl.address import Address
from impl.appstate import repair, sharing
from impl.appstate.repair import Recovering
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.device import Device
from impl.history import demand, importing
from impl.history.demand import Requested
from impl.history.importing import Handled
from impl.kinds import DeviceProps
from impl.linking_by_code import Answer
from impl.media_retry import SealedRetry
from impl.messages import MessageKey
from impl.pairing_code.companion import CompanionPairing
from impl.placeholders import Placeholder
from impl.refusal import Refused
from impl.stanza import GroupStanza, Stanza
from impl.store import Maybe, MemoryStore, Store, Table, Value, atomic
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.appstate import CollectionName, KeyId
from impl.wire.content import HistoryType
from impl.wire.pairing_code import CompanionFinish, PairingCode, PrimaryHello

CHROME = DeviceProps()


class Companion(Device):
    """`secret` is the linking secret that waits for a phone; `links` counts the accounts that the identity joined.

    `pairing` and `answer` are the code on show and what was said about it. `joining` lasts until the server has
    confirmed that this is a device of the account; so long it connects as nobody's. `history_handled` are parts of the
    history of which server and phone have yet to hear, by message id.
    """

    noise = Value(KeyPair)
    props = Value(DeviceProps)
    secret = Maybe(bytes)
    pairing = Maybe(CompanionPairing)
    answer = Maybe(Answer)
    links = Value(int)
    joining = Value(bool)
    key_requests = Table(KeyId, int)
    retries = Table(MessageKey, bytes)
    recoveries = Table(CollectionName, Recovering)
    history_parts = Table(tuple[HistoryType, int], int)
    history_retries = Table(tuple[HistoryType, int], int)
    history_requests = Table(str, Requested)
    history_handled = Table(str, Handled)
    placeholders = Table(str, Placeholder)

    @classmethod
    def create(cls, entropy: Entropy, now: int, props: DeviceProps = CHROME, store: Store | None = None) -> Companion:
        """A companion that was never linked, in memory unless told; `store` must be empty."""
        companion = cls(store or MemoryStore(), entropy)
        with companion.store.transaction():
            companion.begin_unlinked(props, now)
        return companion

    def begin_unlinked(self, props: DeviceProps, now: int) -> None:
        """Draws the keys of a companion that nobody knows."""
        self.begin(now)
        self.noise = KeyPair.generate(self.entropy)
        self.props = props
        self.links = 0
        self.joining = False

    @atomic
    def show_qr(self, ref: str) -> str:
        """See `linking.show_qr`."""
        return linking.show_qr(self, ref)

    @atomic
    def show_code(self, now: int, code: PairingCode | None = None) -> tuple[str, bytes]:
        """See `linking_by_code.show`."""
        return linking_by_code.show(self, now, code)

    @atomic
    def pairing_named(self, ref: bytes) -> None:
        """See `linking_by_code.named`."""
        linking_by_code.named(self, ref)

    @atomic
    def answer_pairing(self, hello: PrimaryHello, now: int) -> CompanionFinish:
        """See `linking_by_code.answer`."""
        return linking_by_code.answer(self, hello, now)

    @atomic
    def confirm(self, container: bytes, address: Address, now: int) -> bytes:
        """See `linking.confirm`."""
        return linking.confirm(self, container, address, now)

    @atomic
    def joined(self) -> None:
        """The server has the confirmation: from now on this device connects under its address."""
        self.joining = False

    @atomic
    def forget(self, now: int) -> None:
        """See `unlinking.forget`."""
        unlinking.forget(self, now)

    @property
    def confirmation(self) -> bytes:
        """What the server and the phone get of the device identity: all but the account key."""
        if self.device_identity is None:
            raise Refused("linked", "this companion belongs to no account yet")
        return replace(SignedDeviceIdentity.decode(self.device_identity), account_key=None).encode()

    def history_path(self, stanza: Stanza) -> str | None:
        """See `importing.path`."""
        return importing.path(self, stanza)

    @atomic
    def import_history(self, stanza: Stanza, blob: bytes | None, now: int) -> int:
        """See `importing.merge`."""
        return importing.merge(self, stanza, blob, now)

    @property
    def history_progress(self) -> int:
        """See `importing.progress`."""
        return importing.progress(self)

    @atomic
    def ask_for_file(self, key: MessageKey) -> SealedRetry:
        """See `reupload.ask_phone`."""
        return reupload.ask_phone(self, key)

    @atomic
    def found_file_again(self, key: MessageKey, sender: Address, sealed: SealedRetry) -> bool:
        """See `reupload.found_again`."""
        return reupload.found_again(self, key, sender, sealed)

    @atomic
    def request_history_again(self, stanza: Stanza, now: int) -> None:
        """See `importing.request_again`."""
        importing.request_again(self, stanza, now)

    @atomic
    def history_settled(self, message_id: str) -> None:
        """The server and the phone know what became of this part."""
        self.history_handled.pop(message_id, None)

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

    @atomic
    def request_placeholder(self, stanza: Stanza | GroupStanza, now: int) -> None:
        """See `placeholders.request`."""
        placeholders.request(self, stanza, now)

    @atomic
    def fill_placeholder(self, stanza: Stanza, now: int) -> None:
        """See `placeholders.fill`."""
        placeholders.fill(self, stanza, now)

    def own_list_expired(self, now: int) -> bool:
        """See `list_expiry.own_list_expired`."""
        return list_expiry.own_list_expired(self, now)
