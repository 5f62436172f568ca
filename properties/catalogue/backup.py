"""Backups: under a key of their own, from which and to which nothing flows."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.appstate import SyncKey
from model.backup import Backup, Backups
from model.fanout import Message
from model.history import had
from model.language import Formula, implies
from properties.lemmas import common as lemmas
from properties.property import always, step

PAPER = "white paper, encrypted backups"


@always(
    "B1",
    "Nothing flows between backup keys and sync keys: only the phone's key opens a backup, which brings no other key.",
    source="announcement; " + PAPER,
    against="N P",
)
def only_the_phones_key_opens_it(backup: Backup, key: SyncKey) -> Formula:
    return implies(Backups.read(backup), Accounts.compromised(Backups.of(backup))) & ~Backups.brings(backup, key)


@step("B2", "Linking, unlinking and all else leave a backup as it was made.", source="announcement", against="-")
def a_backup_stays_as_it_was(backup: Backup, message: Message) -> Formula:
    same = Backups.holds.after(backup, message) == Backups.holds(backup, message)
    return implies(Backups.made(backup), Backups.made.after(backup) & same)


@always(
    "B3",
    "What is restored from a backup is what this phone had.",
    source=PAPER,
    against="N",
    lean_on=[lemmas.what_is_in_a_backup_is_what_the_phone_had],
)
def what_the_phone_had(phone: Device, message: Message) -> Formula:
    return implies(Backups.restored(phone, message), had(phone, message))
