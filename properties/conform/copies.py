"""Honest compromise: clones of devices, made from their snapshots, are fed every captured ciphertext.

What they open is what the adversary knows; nobody decides it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.address import Address
from impl.companion import Companion
from impl.device import Device
from impl.history.importing import read_part
from impl.sessions import Record
from impl.stanza import Stanza
from impl.wire.content import Body, DeviceSent, HistoryNotice, Media, Text
from properties.conform.adversary import opened
from properties.conform.histories import HistoryShare

if TYPE_CHECKING:
    from properties.conform.world import World


class Copies:
    """What was copied from which device, and what it opened."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.compromised: set[str] = set()
        self.secrets: dict[str, bytes] = {}
        self.unsealed: set[tuple[str, str, str]] = set()
        self.texts: set[tuple[str, str]] = set()
        self.keys: set[tuple[str, str]] = set()
        self.parted: dict[str, set[str]] = {}  # with whom a device had no session any more when it was first copied
        self._records: dict[str, dict[Address, Record]] = {}  # that were copied, be they gone from the device since
        self._fed: dict[str, tuple[int, int, int]] = {}
        self._ids = {world.message_id(m): m for m in world.messages}

    def begin(self, device: str) -> None:
        self.compromised.add(device)
        met, records = self.world.peek(device).peers, self.world.peek(device).records
        addresses = {name: self.world.address(name) for name in self.world.specs}
        self.parted[device] = {name for name, each in addresses.items() if each in met and each not in records}

    def copy(self, again: bool = False) -> None:
        """Copies every compromised device as it is now; clones get what was captured since, or all of it again."""
        self.world.parlour.read()
        rogue = [name for name, spec in self.world.specs.items() if spec.rogue]
        for name in [*self.compromised, *rogue]:
            device = self.world.peek(name)
            self.texts |= {(name, self._ids[m.id]) for m in device.conversation if m.id in self._ids}
            if isinstance(device, Companion) and device.secret is not None:
                self.secrets[name] = device.secret
            self.world.vault.try_keys(device)
            self._records.setdefault(name, {}).update(device.records.items())
            self._feed(name, device, (0, 0, 0) if again else self._fed.get(name, (0, 0, 0)))
            self._fed[name] = len(self.world.captured), len(self.world.histories), len(self.world.demands.answers)

    def _feed(self, name: str, device: Device, fed: tuple[int, int, int]) -> None:
        ciphertexts = list(self.world.captured.values())[fed[0] :]
        histories = list(self.world.histories.items())[fed[1] :]
        answers = list(self.world.demands.answers.values())[fed[2] :]
        if not ciphertexts and not histories and not answers:
            return
        clone = Device.restore(device.snapshot(), self.world.entropy)
        for each in ciphertexts:
            if isinstance(self._read(name, clone, each.stanza), Text | Media | DeviceSent):
                self.texts.add((name, each.message))
                if name in self.compromised:
                    self.unsealed.add((name, each.message, each.addressee))
        for (sender, companion), history in histories:
            if self._look_into(name, clone, history):
                self.keys.add((sender, companion))
        for answer in answers:
            self._look_into(name, clone, answer)

    def _look_into(self, name: str, clone: Device, history: HistoryShare) -> bool:
        """Whether the clone has the key of a history. The server, who is the adversary, has kept the blob."""
        notice = self._read(name, clone, history.stanza)
        if not isinstance(notice, HistoryNotice):
            return False
        told = (past for chat in read_part(notice, history.blob).conversations for past in chat.messages)
        self.texts |= {(name, self._ids[past.id]) for past in told if past.id in self._ids}
        return True

    def _read(self, name: str, clone: Device, stanza: Stanza) -> Body | None:
        if self.world.specs[name].rogue:
            return self.world.adversary.read(name, stanza)
        found = opened(clone, stanza, clone.records.get(stanza.sender) or self._records[name].get(stanza.sender))
        return found[1] if found else None
