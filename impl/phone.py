"""The primary device: it holds the account key and decides which companions are linked. White paper, "Terms"."""

from __future__ import annotations

from impl import backup, linking, linking_by_code, list_expiry, lists, placeholders, unlinking, viewonce
from impl.address import PHONE, Address
from impl.appstate import repair, sharing
from impl.backup import BackupKey
from impl.crypto.entropy import Entropy
from impl.device import Device
from impl.history import demand
from impl.history import sharing as history
from impl.history.sharing import INLINE, Left, Sharing
from impl.kinds import DeviceProps
from impl.linking import Approval, LinkedDevice, Vouched
from impl.messages import MessageKey
from impl.pairing_code.primary import PrimaryPairing
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza
from impl.store import Maybe, MemoryStore, Store, Table, Value, atomic
from impl.wire.appstate import KeyId
from impl.wire.content import FatalException
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PrimaryHello


class Phone(Device):
    """Device 0 of an account. Its identity key is the account key; `vouched` never forgets a key index.

    `pairing` is the companion that asks for its code to be typed, `hello` what the server has yet to be told about it.
    `inline_limit` is up to how many bytes a part of the history goes without a file; it is set and not stored.
    """

    inline_limit = INLINE
    address = Value(Address)
    raw_id = Value(int)
    vouched = Table(int, Vouched)
    approvals = Table(bytes, Approval)
    companions = Table(int, Address)
    props = Table(int, DeviceProps)
    newcomers = Table(Address, bytes)
    pairing = Maybe(PrimaryPairing)
    hello = Maybe(PrimaryHello)
    keys_sent = Table(Address, tuple[KeyId, ...])
    backup_key = Maybe(BackupKey)
    alarms = Table(Address, FatalException)
    sharings = Table(Address, Sharing)
    history_left = Table(str, Left)

    @classmethod
    def register(cls, user: str, entropy: Entropy, now: int, store: Store | None = None) -> Phone:
        """The phone of a new account, in memory unless told; `store` must be empty."""
        phone = cls(store or MemoryStore(), entropy)
        with phone.store.transaction():
            phone.begin(now)
            phone.address = Address(user, PHONE)
            phone.raw_id = int.from_bytes(entropy(4)) >> 1
            phone.pin(user, phone.identity.public)
            phone.views[user] = lists.issue(phone, (), 0, now)
        return phone

    @property
    def signed_list(self) -> bytes:
        """The newest ADVSignedKeyIndexList of this account."""
        return self.views[self.address.user].signed

    @property
    def live(self) -> tuple[int, ...]:
        """Key indexes of the linked companions."""
        return tuple(i for i in self.views[self.address.user].list.valid_indexes if i != PHONE)

    def next_timestamp(self, now: int) -> int:
        """Lists are told apart by their time, so it rises even within one second."""
        return max(now, self.views[self.address.user].list.timestamp + 1)

    @atomic
    def scan(self, qr_text: str, now: int) -> Approval:
        """See `linking.scan`."""
        return linking.scan(self, qr_text, now)

    @atomic
    def pairing_asked(self, hello: CompanionHello, now: int) -> None:
        """See `linking_by_code.asked`."""
        linking_by_code.asked(self, hello, now)

    @atomic
    def type_code(self, typed: str, now: int) -> None:
        """See `linking_by_code.type_code`."""
        linking_by_code.type_code(self, typed, now)

    @atomic
    def pairing_answered(self) -> None:
        """The server has the answer to the companion that asked."""
        self.hello = None

    @atomic
    def finish_pairing(self, message: CompanionFinish, now: int) -> Approval:
        """See `linking_by_code.finish`."""
        return linking_by_code.finish(self, message, now)

    @atomic
    def announced(self, noise: bytes) -> None:
        """The server has handed the approval for the holder of `noise` on."""
        del self.approvals[noise]

    @atomic
    def withdraw_approval(self, noise: bytes, now: int) -> None:
        """See `unlinking.withdraw`."""
        unlinking.withdraw(self, noise, now)

    @atomic
    def joined(self, address: Address, device_identity: bytes, props: DeviceProps) -> None:
        """See `linking.joined`."""
        linking.joined(self, address, device_identity, props)

    @property
    def linked_devices(self) -> tuple[LinkedDevice, ...]:
        """See `linking.linked_devices`."""
        return linking.linked_devices(self)

    @atomic
    def unlink(self, key_index: int, now: int) -> bytes:
        """See `unlinking.unlink`."""
        return unlinking.unlink(self, key_index, now)

    @atomic
    def share_history(self, address: Address, device_identity: bytes | None, bundle: PrekeyBundle, now: int) -> Stanza:
        """See `history.sharing.share`."""
        return history.share(self, address, device_identity, bundle, now)

    @atomic
    def set_backup_key(self, key: BackupKey) -> None:
        """See `backup.set_key`."""
        backup.set_key(self, key)

    @atomic
    def restore_backup(self, key: BackupKey, file: bytes, now: int) -> int:
        """See `backup.restore`."""
        return backup.restore(self, key, file, now)

    @atomic
    def open_view_once(self, key: MessageKey, blob: bytes, now: int) -> bytes:
        """See `viewonce.open_`."""
        return viewonce.open_(self, key, blob, now)

    @atomic
    def history_confirmed(self, message_id: str, address: Address, now: int) -> None:
        """See `history.sharing.confirmed`."""
        history.confirmed(self, message_id, address, now)

    @atomic
    def share_history_again(self, stanza: Stanza, now: int) -> None:
        """See `history.sharing.share_again`."""
        history.share_again(self, stanza, now)

    @atomic
    def stop_history(self) -> tuple[str, ...]:
        """See `history.sharing.stop`."""
        return history.stop(self)

    @atomic
    def forget_history(self, path: str) -> None:
        """See `history.sharing.forget`."""
        history.forget(self, path)

    @atomic
    def answer_history_request(self, stanza: Stanza, now: int) -> None:
        """See `demand.answer`."""
        demand.answer(self, stanza, now)

    @atomic
    def share_keys(self, now: int) -> None:
        """See `sharing.share`."""
        sharing.share(self, now)

    @atomic
    def answer_key_request(self, stanza: Stanza, now: int) -> None:
        """See `sharing.answer`."""
        sharing.answer(self, stanza, now)

    @atomic
    def hand_over_collection(self, stanza: Stanza, now: int) -> None:
        """See `repair.answer`."""
        repair.answer(self, stanza, now)

    @atomic
    def note_alarm(self, stanza: Stanza) -> None:
        """See `repair.note`."""
        repair.note(self, stanza)

    @atomic
    def answer_placeholder(self, stanza: Stanza, now: int) -> None:
        """See `placeholders.answer`."""
        placeholders.answer(self, stanza, now)

    @atomic
    def reissue_list(self, now: int) -> bool:
        """See `list_expiry.reissue`."""
        return list_expiry.reissue(self, now)
