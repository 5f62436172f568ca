"""Honest accounts for tests: phones and companions that linked, learned each other's lists and met."""

from itertools import count
from typing import NamedTuple

from impl.address import Address
from impl.companion import Companion
from impl.crypto import media
from impl.crypto.entropy import seeded
from impl.device import Device
from impl.phone import Phone
from impl.stanza import Stanza
from impl.wire import content, padding
from impl.wire.content import HistoryFile, HistoryNotice
from impl.wire.history import History

NOW = 1626220800


class Household:
    """`answers` and `indexes` hold what each companion returned when it linked, and its key index."""

    def __init__(self) -> None:
        self.entropy = seeded(b"household")
        self.phones: dict[str, Phone] = {}
        self.devices: dict[Address, Device] = {}
        self.answers: dict[Address, bytes] = {}
        self.indexes: dict[Address, int] = {}
        self._numbers = count(1)

    def phone(self, user: str) -> Phone:
        phone = Phone.register(user, self.entropy, NOW)
        self.phones[user] = self.devices[phone.address] = phone
        self.indexes[phone.address] = 0
        return phone

    def companion(self, phone: Phone) -> Companion:
        """A companion linked to the account of `phone`, at an address nobody had before."""
        companion = Companion.create(self.entropy, NOW)
        approval = phone.scan(companion.show_qr("ref"), NOW)
        address = Address(phone.address.user, next(self._numbers))
        self.answers[address] = companion.confirm(approval.container, address, NOW)
        self.indexes[address] = approval.key_index
        self.devices[address] = companion
        return companion

    def introduce(self) -> None:
        """Everybody compares security codes, learns the newest lists and meets everybody else."""
        self.learn()
        for device in self.devices.values():
            for address, other in self.devices.items():
                if other is not device:
                    device.meet(address, self.indexes[address], other.bundle(), NOW)

    def learn(self) -> None:
        for device in self.devices.values():
            for user, phone in self.phones.items():
                device.pin(user, phone.identity.public)
                device.learn_list(user, phone.signed_list, NOW)


def notice_from(device: Device, to: Address) -> tuple[Stanza, bytes]:
    """A history notification made by any device, right in all but its sender."""
    key = bytes(32)
    file = media.seal(History(()).encode(), key, media.HISTORY)
    notice = HistoryNotice(HistoryFile(file.sha256, file.length, key, file.enc_sha256, "/path"))
    return device.seal(to, padding.pad(content.encode(notice), device.entropy), "id", "peer", NOW), file.file


class Share(NamedTuple):
    """A part of the history with a blob, as it lies in the phone's outbox."""

    path: str
    blob: bytes
    stanza: Stanza


def in_outbox(phone: Phone, stanza: Stanza) -> Share:
    path = phone.history_left[stanza.id].path
    assert path is not None
    return Share(path, phone.uploads[path], stanza)
