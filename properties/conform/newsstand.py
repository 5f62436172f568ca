"""Readers of a world, the parties that they write to, and the lists of these: dated, signed, kept back and shown.

Every edition of a list names one companion, which links then, while the one of before is unlinked. Who reads is a
companion of a party, which each of its lists names, too, or a phone with a companion of its own. Lists are `APART` from
each other, so that between two that grow old there is time for all the checks that can come to anything.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from impl.wire.content import DeviceHint, DeviceSent, Message, Text
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
        self.opening = max(self.dates.values(), default=beginning) + HOUR  # later than every list
        self.parties = {row.name: Phone.register(row.name, world.entropy, beginning - DAY) for row in more["parties"]}
        self.homes: dict[str, str] = {row.name: row.home for row in more["readers"]}
        self.readers = {name: self._reader(name, home, beginning - HOUR) for name, home in self.homes.items()}
        self.lists: dict[str, bytes] = {}
        self.companions: dict[str, Companion] = {}
        self.sealed: set[tuple[str, str]] = set()
        self.clocks = dict.fromkeys(self.readers, self.opening)
        self._ids = (f"3EB4{n:016X}" for n in count())
        self._stranger = Phone.register("stranger", world.entropy, beginning)
        self.firsts = {spec.party: name for name, spec in reversed(self.specs.items())}
        for party, name in self.firsts.items():
            self.sign(party, name)
        self._others = {name: self._other(name, beginning) for name in self.readers}
        for name in self.readers:
            self._get_acquainted(name)

    def _reader(self, name: str, home: str, now: int) -> Device:
        return self._link(self.parties[home], now) if home else Phone.register(name, self.world.entropy, now)

    def _other(self, reader: str, now: int) -> Device:
        """Another device of the reader's account: its phone, or if it is that, a companion."""
        device = self.readers[reader]
        return self._link(device, now) if isinstance(device, Phone) else self._phone_of(reader)

    def _phone_of(self, reader: str) -> Phone:
        device = self.readers[reader]
        return device if isinstance(device, Phone) else self.parties[self.homes[reader]]

    def _get_acquainted(self, name: str) -> None:
        """A reader knows the first list of each party; whoever writes to it has done so before, and was answered."""
        reader, phone = self.readers[name], self._phone_of(name)
        reader.learn_list(phone.address.user, phone.signed_list, self.opening)
        for other in (*self.parties.values(), self._stranger, self._others[name]):
            if isinstance(other, Phone):
                self._know(reader, other)
            self._know(other, phone)
            self.meet(other, reader, self.opening)
            reader.receive(self._say(other, reader, "stranger", None, self.opening), self.opening)
            other.receive(self._say(reader, other, "stranger", None, self.opening), self.opening)
        reader.begin_list_check(self.opening)

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
        known = {companion.address for companion in self.companions.values()}
        former = [index for index in phone.live if Address(party, index) in known]
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
        phone, device, now = self.parties[party], self.readers[reader], self.clocks[reader]
        if self.lists.get(edition) == phone.signed_list:
            chat = self._phone_of(reader).address.user
            said = phone.send(next(self._ids), chat, Text("what is new"), now)
            stanza = next(stanza for stanza in said if stanza.recipient == device.address)
        else:
            hint = DeviceHint(None, self.dates[edition], (), None, None, ())
            stanza = self._say(phone, device, party, hint, now)
        device.receive(stanza, now)

    def overhear(self, reader: str, party: str, edition: str) -> None:
        """A stranger says it of the reader's account; of others, its other device, which has written to them."""
        device, now = self.readers[reader], self.clocks[reader]
        hint = DeviceHint(None, None, (), None, self.dates[edition], ())
        teller = self._stranger if party == self.homes[reader] else self._others[reader]
        device.receive(self._say(teller, device, party, hint, now), now)

    def _say(self, device: Device, to: Device, chat: str, hint: DeviceHint | None, now: int) -> Stanza:
        """To an own device, it is a copy of what was said to the chat."""
        assert device.address is not None and to.address is not None
        said = Text("what was new")
        body = DeviceSent(chat, said) if device.address.user == to.address.user else said
        plaintext = padding.pad(content.encode(Message(body, hint)), self.world.entropy)
        return device.seal(to.address, plaintext, next(self._ids), "message", now)

    def meet(self, device: Device, other: Device, now: int) -> None:
        """Unless there is a session that was not left unanswered for too long."""
        address = other.address
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
            if isinstance(device, Companion) and device.own_list_expired(now):
                device.forget(now)
            else:
                device.end_list_check(now)

    def show(self, reader: str, party: str, edition: str) -> None:
        self.readers[reader].learn_list(party, self.lists[edition], self.clocks[reader])

    def write(self, reader: str, party: str) -> None:
        """Raises Refused "in_force" if nothing is for a companion of the party: then nothing was said."""
        device, now = self.readers[reader], self.clocks[reader]
        with device.store.transaction():
            for other in self._listed(device, party, self.homes[reader]):
                self.meet(device, other, now)
            said = device.send(next(self._ids), party, Text("hello"), now)
            to = {stanza.recipient for stanza in said if stanza.recipient.user == party}
            if to <= {Address(party, PHONE)}:
                raise Refused("in_force", f"{reader} writes to the phone of {party} alone")
        self.sealed |= {(reader, name) for name, companion in self.companions.items() if companion.address in to}

    def _listed(self, device: Device, *users: str) -> Iterator[Device]:
        """Whom a device would meet before it writes: those of these accounts that its lists name."""
        for other in (*self.parties.values(), *self.companions.values()):
            address = other.address
            if address is not None and address.user in users and device.lists(address, address.device):
                yield other

    def edition_of(self, data: bytes) -> str:
        return next((name for name, known in self.lists.items() if known == data), "?")
