"""Encrypted backups: what the phone has, under a key that the user keeps and that nothing else is derived from or with.

The provider holds the files and no key. The key lies on the phone, and nowhere else but with the user: not on a
companion, and linking one changes nothing in it. A backup holds messages; of keys for sessions, app state or linking it
tells none, so who restores it has messages and is no device of the account for that.

Source: white paper, "Encrypted backups"; formats and checks in `impl/backup.py`.
"""

from __future__ import annotations

from model.accounts import Accounts, Device, acts
from model.appstate import SyncKey
from model.compromise import Compromise
from model.ephemeral import Ephemeral, stays
from model.fanout import Message
from model.history import has
from model.language import Module, Relation, Sort, action, along, require, when


class Backup(Sort):
    """One file that a phone leaves with the provider."""


class Backups(Module):
    """Files, what they hold, and who reads them."""

    of = Relation(Backup, gives=Device, frozen=True)  # the phone that makes it

    made = Relation(Backup)
    holds = Relation(Backup, Message)
    brings = Relation(Backup, SyncKey)  # a key of app state is in it
    read = Relation(Backup)  # by the adversary
    restored = Relation(Device, Message)  # the device has taken the message from a backup

    @action
    def make(backup: Backup) -> None:
        """The phone leaves {backup} with the provider: what it has now, and no key."""
        phone = Backups.of(backup)
        acts(phone)
        when(is_a_phone=Accounts.phone(phone), new=~Backups.made(backup))
        Backups.made[backup] = True
        Backups.holds[backup, :] = lambda message: has(phone, message)
        Backups.brings[backup, :] = lambda key: False
        Backups.read[backup] = Accounts.compromised(phone)

    @action
    def restore(phone: Device, backup: Backup) -> None:
        """The provider gives {phone} {backup}, whose messages it takes back."""
        acts(phone)
        when(is_a_phone=Accounts.phone(phone), there=Backups.made(backup))
        require(own_key=Backups.of(backup) == phone)
        Backups.restored[phone, :] = lambda message: Backups.restored(phone, message) | Backups.holds(backup, message)
        Ephemeral.there[phone, :] = lambda message: (
            Ephemeral.there(phone, message) | (Backups.holds(backup, message) & stays(phone, message))
        )

    @along(Compromise.compromise)
    def key_copied(device: Device) -> None:
        Backups.read[:] = lambda backup: Backups.read(backup) | (Backups.made(backup) & (Backups.of(backup) == device))
