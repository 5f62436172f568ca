"""Backups as a dialogue: to the server and, on the account's next phone, back. White paper, "Encrypted backups"."""

from __future__ import annotations

from impl import backup
from impl.dialogue import FetchBackup, Flow, StoreBackup, ask
from impl.phone import Phone


def back_up(phone: Phone, now: int) -> Flow[None]:
    """The server keeps the newest backup of an account. Raises Refused while no key is set."""
    yield from ask(StoreBackup(backup.make(phone, now)))


def restore_with_digits(phone: Phone, digits: str, now: int) -> Flow[int]:
    """How many messages came back. Raises Refused, Declined if there is no backup."""
    return phone.restore_backup(backup.from_digits(digits), (yield from ask(FetchBackup())), now)


def restore_with_password(phone: Phone, password: str, now: int) -> Flow[int]:
    """As `restore_with_digits`."""
    file = yield from ask(FetchBackup())
    return phone.restore_backup(backup.from_password(password, backup.salt_of(file)), file, now)
