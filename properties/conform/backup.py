"""Backups: what happens to them, what is seen of it, and a file in their place."""

from __future__ import annotations

from collections.abc import Mapping

from impl import backup
from impl.phone import Phone
from impl.wire.appstate import KeyId
from model.backup import Backups
from properties.conform.registry import observes, performs, violates
from properties.conform.world import BEGINNING, World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Backups.make)
def make(world: World, backup: str) -> None:
    world.vault.make(backup)


@performs(Backups.restore)
def restore(world: World, phone: str, backup: str) -> None:
    restore_file(world, phone, world.vault.files[backup])


def restore_file(world: World, phone: str, file: bytes) -> None:
    """The user enters the key that this phone's backups are under."""
    restoring = world.phone(phone)
    restoring.restore_backup(restoring.backup_key or world.vault.key(), file, world.now)


@violates(Backups.restore, "own_key", breaks="B3", refusals=("backup_key",))
def made_up_by_the_provider(world: World, phone: str, backup: str) -> None:
    """A backup of another phone in this one's name, under a key that the provider has drawn."""
    restore_file(world, phone, counterfeit(world, phone))


def counterfeit(world: World, phone: str) -> bytes:
    forger = Phone.register(world.specs[phone].owner, world.entropy, BEGINNING)
    forger.set_backup_key(world.vault.key())
    return backup.make(forger, world.now)


@observes(Backups.made)
def made(world: World) -> Seen:
    return {(name,): name in world.vault.files for name in world.vault.specs}


@observes(Backups.holds)
def holds(world: World) -> Seen:
    """What the key opens that its phone has now: whatever happened since, the file and the key go together."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for name in world.vault.files:
        opened = world.vault.opened(name)
        told = {(each.id, each.author) for each in opened.conversation} if opened else set()
        for message, spec in world.messages.items():
            seen[name, message] = (world.message_id(message), world.address(spec.author)) in told
    return seen


@observes(Backups.brings)
def brings(world: World) -> Seen:
    """Keys of app state that are on a phone once it has restored the backup and had none before."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for name in world.vault.files:
        opened = world.vault.opened(name)
        for key, known in world.settings.keys.items():
            seen[name, key] = opened is not None and KeyId.decode(known.id) in opened.sync_keys
    return seen


@observes(Backups.read)
def read(world: World) -> Seen:
    return {(name,): name in world.vault.read for name in world.vault.specs}
