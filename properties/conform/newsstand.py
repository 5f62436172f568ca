"""Readers of a world, the parties that they write to, and the lists of these: dated, signed, kept back and shown.

Every edition of a list names one companion, which links then, while the one of before is unlinked. Who reads is a
phone, with a companion that tells it what it wrote itself. Lists are `APART` from each other, so that between two that
grow old there is time for all the checks that can come to anything.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from impl.address import PHONE, Address
from impl.companion import Companion
from impl.device import Device
from impl.durations import DAY, HOUR
from impl.list_validity import EXPIRY, UNFULFILLED
from impl.phone import Phone
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire import content, padding
from impl.wire.content import Body, DeviceHint, DeviceSent, Message, Text
from model.kinds import EditionSpec

if TYPE_CHECKING:
    from properties.conform.world import World

APART = 6 * DAY
BETWEEN_QUERIES = 60  # seconds


class Newsstand:
    """By the names of the scope; each reader has a clock of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        more, beginning = world.scope.more, world.time_of(world.scope.lists[0][0])
        self.specs: dict[str, EditionSpec] = {row.name: row for row in more["editions"]}
        self.dates = {name: beginning + n * APART for n, name in enumerate(self.specs)}
        self.parties = {row.name: Phone.register(row.name, world.entropy, beginning - DAY) for row in more["parties"]}
        self.readers = {row.name: Phone.register(row.name, world.entropy, beginning - DAY) for row in more["readers"]}
        self.lists: dict[str, bytes] = {}
        self.companions: dict[str, Companion] = {}
        self.sealed: set[tuple[str, str]] = set()
        self.opening = max(self.dates.values(), default=beginning) + HOUR  # later than every list
        self.clocks = dict.fromkeys(self.readers, self.opening)
        self._ids = (f"3EB4{n:016X}" for n in count())
        self.firsts = {spec.party: name for name, spec in reversed(self.specs.items())}
        for party, name in self.firsts.items():
            self.sign(party, name)
        self._helpers = {name: self._link(phone, beginning) for name, phone in self.readers.items()}
        for name, reader in self.readers.items():
            self._know(self._helpers[name], reader)
            reader.begin_list_check(self.clocks[name])
            for phone in self.parties.values():
                self._know(reader, phone)
                self._know(phone, reader)

    def _know(self, device: Device, phone: Phone) -> None:
        """It goes by the phone's account key, and by its list."""
        user = phone.address.user
        device.pin(user, phone.identity.public)
        device.learn_list(user, phone.signed_list, self.opening)

    def _link(self, phone: Phone, now: int) -> Companion:
        companion = Companion.create(self.world.entropy, now)
        approval = phone.scan(companion.show_qr("2@newsstand"), now)
        companion.confirm(approval.container, Address(phone.address.user, approval.key_index), now)
        return companion

    def sign(self, party: str, edition: str) -> None:
        """A companion links, the one of before is unlinked: all in one list."""
        phone, date = self.parties[party], self.dates[edition]
        former = phone.live
        self.companions[edition] = self._link(phone, date - HOUR if former else date)
        for index in former:
            phone.unlink(index, date)
        self.lists[edition] = phone.signed_list

    def age(self, edition: str) -> None:
        """It is 35 days later than the date of the list, for whoever has not come to that yet."""
        for reader in self.readers:
            self.clocks[reader] = max(self.clocks[reader], self.dates[edition] + EXPIRY)

    def hear(self, reader: str, party: str, edition: str) -> None:
        """The phone says it as it does, or has said it once; of a rogue party it says what it likes."""
        phone, to = self.parties[party], self.readers[reader].address
        if self.lists.get(edition) == phone.signed_list:
            self.meet(phone, self.readers[reader], reader)
            said = phone.send(next(self._ids), reader, Text("what is new"), self.clocks[reader])
            stanza = next(stanza for stanza in said if stanza.recipient == to)
        else:
            hint = DeviceHint(None, self.dates[edition], (), None, None, ())
            stanza = self._say(phone, reader, Text("what was new"), hint)
        self.readers[reader].receive(stanza, self.clocks[reader])

    def overhear(self, reader: str, party: str, edition: str) -> None:
        """The reader's own companion has written to the party, and says so."""
        hint = DeviceHint(None, None, (), None, self.dates[edition], ())
        stanza = self._say(self._helpers[reader], reader, DeviceSent(party, Text("what I hear")), hint)
        self.readers[reader].receive(stanza, self.clocks[reader])

    def _say(self, device: Device, reader: str, body: Body, hint: DeviceHint) -> Stanza:
        to = self.readers[reader]
        self.meet(device, to, reader)
        plaintext = padding.pad(content.encode(Message(body, hint)), self.world.entropy)
        return device.seal(to.address, plaintext, next(self._ids), "message", self.clocks[reader])

    def meet(self, device: Device, other: Device, reader: str) -> None:
        """Unless there is a session that was not left unanswered for too long."""
        address, now = other.address, self.clocks[reader]
        assert address is not None
        known = device.records.get(address)
        if known is None or known.current.stale(now):
            device.meet(address, address.device, other.bundle(), now)

    def ask(self, reader: str) -> None:
        """The server hears the question, and keeps silent."""
        device = self.readers[reader]
        self.clocks[reader] += BETWEEN_QUERIES
        device.lists_queried(device.lists_to_query(self.clocks[reader]), self.clocks[reader])

    def check(self, reader: str) -> None:
        """A day later, and as long as a newer list may be awaited."""
        device = self.readers[reader]
        self.clocks[reader] += UNFULFILLED
        now = self.clocks[reader]
        if device.begin_list_check(now):
            device.lists_queried(device.lists_to_query(now), now)
            device.end_list_check(now)

    def show(self, reader: str, party: str, edition: str) -> None:
        self.readers[reader].learn_list(party, self.lists[edition], self.clocks[reader])

    def write(self, reader: str, party: str) -> None:
        """Raises Refused "in_force" if nothing is for a companion of the party: then nothing was said."""
        device, now = self.readers[reader], self.clocks[reader]
        with device.store.transaction():
            for address, other in self._listed(device, party):
                if device.lists(address, address.device):
                    self.meet(device, other, reader)
            said = device.send(next(self._ids), party, Text("hello"), now)
            to = {stanza.recipient for stanza in said if stanza.recipient.user == party}
            if to == {Address(party, PHONE)}:
                raise Refused("in_force", f"{reader} writes to the phone of {party} alone")
        self.sealed |= {(reader, name) for name, companion in self.companions.items() if companion.address in to}

    def _listed(self, device: Device, party: str) -> list[tuple[Address, Device]]:
        known: list[Device] = [self.parties[party], *self.companions.values()]
        return [(each.address, each) for each in known if each.address is not None and each.address.user == party]

    def edition_of(self, data: bytes) -> str:
        return next((name for name, known in self.lists.items() if known == data), "?")
