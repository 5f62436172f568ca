"""Backups in a world: the files, under a key for each phone, and whether what the adversary has copied opens one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from impl import backup
from impl.backup import BackupKey
from impl.device import Device
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.backup import KeyKind
from model.kinds import BackupSpec

if TYPE_CHECKING:
    from properties.conform.world import World


class Vault:
    """What the provider of backups has, by the names of the scope."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.specs: dict[str, BackupSpec] = {row.name: row for row in world.scope.more["backups"]}
        self.files: dict[str, bytes] = {}
        self.read: set[str] = set()
        self._scratch: dict[tuple[bytes, BackupKey], Phone | None] = {}

    def make(self, name: str) -> None:
        """The phone's key is drawn when it makes its first backup."""
        phone = self.world.phone(self.specs[name].phone)
        if phone.backup_key is None:
            phone.set_backup_key(self.key())
        self.files[name] = backup.make(phone, self.world.now)

    def key(self) -> BackupKey:
        return backup.from_digits(backup.new_digits(self.world.entropy))

    def opened(self, name: str) -> Phone | None:
        """What is in the file, on a phone that has nothing else, with the key that its maker has now."""
        maker = self.world.peek(self.specs[name].phone)
        assert isinstance(maker, Phone)
        return self._restored(name, maker.backup_key) if maker.backup_key else None

    def _restored(self, name: str, key: BackupKey) -> Phone | None:
        tried = self.files[name], key
        if tried not in self._scratch:
            phone = Phone.register("scratch", self.world.entropy, self.world.now)
            try:
                phone.restore_backup(key, self.files[name], self.world.now)
            except Refused:
                self._scratch[tried] = None
            else:
                self._scratch[tried] = phone
        return self._scratch[tried]

    def try_keys(self, device: Device) -> None:
        """The adversary tries whatever it finds on the device, on every file."""
        for secret in secrets_of(device):
            key = BackupKey(KeyKind.DIGITS, secret)
            self.read |= {name for name in self.files if name not in self.read and self._restored(name, key)}


def secrets_of(device: Device) -> Iterator[bytes]:
    """Keys of 32 bytes: of identity, of prekeys, of app state, and of backups."""
    yield device.identity.private
    yield from (signed.pair.private for signed in device.signed_prekeys.values())
    yield from (known.data for known in device.sync_keys.values() if known.data is not None)
    if isinstance(device, Phone) and device.backup_key is not None:
        yield device.backup_key.key
