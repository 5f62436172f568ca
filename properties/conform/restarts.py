"""Ends of a world that start again from copies of themselves: what each says to another, and what the adversary does.

Ends are the phones of `properties/conform/parlour.py`. A copy in the adversary's hands begins sessions as its original
would; nothing tells the two apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.address import PHONE, Address
from impl.device import Device, Snapshot
from impl.phone import Phone
from impl.sessions.session import Session
from impl.stanza import Stanza
from impl.wire.content import Text
from model.kinds import MessageKeySpec, RemarkSpec, StrandSpec
from properties.conform.impostor import Impostor

if TYPE_CHECKING:
    from properties.conform.world import World


class Restarts:
    """By the names of the scope. A strand is known by the base key of its session."""

    def __init__(self, world: World) -> None:
        self.world, more = world, world.scope.more
        self.strands: dict[str, StrandSpec] = {row.name: row for row in more["strands"]}
        self.keys: dict[str, MessageKeySpec] = {row.name: row for row in more["message_keys"]}
        self.remarks: dict[str, RemarkSpec] = {row.name: row for row in more["remarks"]}
        self.originals: dict[str, str] = {row.name: row.original for row in more["saves"]}
        self.stanzas: dict[str, Stanza] = {}
        self.kept: dict[str, Snapshot] = {}
        self.base_keys: dict[str, bytes] = {}
        self._forged: dict[str, Impostor] = {}

    def end(self, name: str) -> Device:
        return self.world.parlour.ends[name]

    def begin(self, strand: str) -> None:
        spec = self.strands[strand]
        address, bundle = Address(spec.listener, PHONE), self.world.parlour.bundle(spec.listener, None)
        self.end(spec.speaker).meet(address, PHONE, bundle, self.world.now)
        self.base_keys[strand] = self.end(spec.speaker).records[address].current.base_key

    def steal(self, strand: str, save: str) -> None:
        copy, bundle = Device.restore(self.kept[save]), self.world.parlour.bundle(self.strands[strand].listener, None)
        self._forged[strand] = Impostor(copy.local, bundle, self.world.entropy, self.world.now)
        self.base_keys[strand] = self._forged[strand].record.current.base_key

    def say(self, remark: str, key: str) -> None:
        spec, strand = self.remarks[remark], self.keys[key].strand
        id = f"3EB4{list(self.remarks).index(remark):016X}"
        if strand in self._forged:
            self.stanzas[remark] = self._forged[strand].says(id, spec.author, spec.to, self.world.now)
        else:
            (self.stanzas[remark],) = self.end(spec.author).send(id, spec.to, Text(f"text of {remark}"), self.world.now)

    def hear(self, remark: str) -> None:
        self.end(self.remarks[remark].to).receive(self.stanzas[remark], self.world.now)

    def save(self, save: str) -> None:
        self.kept[save] = self.end(self.originals[save]).snapshot()

    def start_again(self, save: str) -> None:
        again = Device.restore(self.kept[save], self.world.entropy)
        assert isinstance(again, Phone)
        again.begin_anew()
        self.world.parlour.ends[self.originals[save]] = again

    def number(self, key: str) -> int:
        """The counter of a message key."""
        return [name for name, spec in self.keys.items() if spec.strand == self.keys[key].strand].index(key)

    def session(self, strand: str, of: str, peer: str) -> Session | None:
        """What an end has of a strand."""
        record = self.end(of).records.get(Address(peer, PHONE))
        found = (each for each in (record.sessions if record else ()) if each.base_key == self.base_keys.get(strand))
        return next(found, None)
