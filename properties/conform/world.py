"""The world: real devices with real keys, an honest server, and the adversary in between, named as in the scope.

It offers what happens in bytes to `perform` and `violate`, and what can be seen of it to `observe`. It decides
nothing: what is accepted is the implementation's own word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from impl.address import Address
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.device import Device
from impl.dialogue import Acknowledge, Delivery
from impl.linking import Approval
from impl.phone import Phone
from impl.server import Server
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza
from model.kinds import NoticeSpec, ReceiptSpec, RequestSpec
from model.scope import DeviceSpec, MessageSpec, Scope
from properties.conform.acquaintances import Acquaintances
from properties.conform.adversary import Adversary
from properties.conform.bodies import Bodies
from properties.conform.chats import Chats
from properties.conform.comparisons import Comparisons
from properties.conform.copies import Copies
from properties.conform.demands import Demands
from properties.conform.doorstep import Doorstep
from properties.conform.histories import HistoryShare
from properties.conform.lines import Lines
from properties.conform.newsstand import Newsstand
from properties.conform.parlour import Parlour
from properties.conform.restarts import Restarts
from properties.conform.settings import Settings
from properties.conform.vault import Vault

BEGINNING = 1_626_220_800  # seconds; the day of the announcement
MINUTE = 60
UNLISTED = 100  # key indexes from here on are claimed for devices that no phone has listed


class PhoneIsOff(AssertionError):
    """The code of a phone ran while it was switched off: somebody needed it."""


@dataclass(frozen=True)
class Ciphertext:
    """A captured ciphertext of a message, made for one device."""

    message: str
    addressee: str
    stanza: Stanza


class World:
    """One run. All randomness comes from `seed`."""

    def __init__(self, scope: Scope, seed: int = 0) -> None:
        self.scope = scope
        self.entropy = seeded(b"pentad conform %d" % seed)
        self.specs = {d.name: d for d in scope.devices}
        self.messages = {m.name: m for m in scope.messages}
        self._ids = {name: f"3EB0{i:016X}" for i, name in enumerate(self.messages)}
        self._numbers = {d.name: 0 if d.phone else i + 1 for i, d in enumerate(scope.devices)}
        self.server = Server()
        self.off: set[str] = set()
        self.lists: dict[str, bytes] = {}
        self.qr: dict[str, str] = {}
        self.approvals: dict[tuple[str, str], Approval] = {}
        self.answers: dict[tuple[str, str], bytes] = {}  # pair-device-sign for a user's phone, by companion
        self.numbers: dict[tuple[str, str], int] = {}  # key index that a user's phone gave to a device
        self.captured: dict[tuple[str, str], Ciphertext] = {}
        self.histories: dict[tuple[str, str], HistoryShare] = {}
        self.shared: set[tuple[str, str]] = set()
        self.blobs: dict[tuple[str, str], bytes] = {}  # what the adversary put in the place of a blob
        self.views: dict[tuple[str, str], int] = {}  # how often a medium was viewed on a device
        self.requests: dict[str, RequestSpec] = {row.name: row for row in scope.more["requests"]}
        self.resent: dict[str, set[str]] = {}  # who opens it, by the request that it answers
        self.receipts: dict[str, ReceiptSpec] = {row.name: row for row in scope.more["receipts"]}
        self.notices: dict[str, NoticeSpec] = {row.name: row for row in scope.more["notices"]}
        self.given: set[str] = set()  # receipts that the server got
        self.noticed: set[str] = set()
        self.strays: set[tuple[str, str]] = set()
        self._devices: dict[str, Device] = {d.name: self._make(d) for d in scope.devices}
        self.users = {d.owner: d.name for d in scope.devices if d.phone}
        self._get_acquainted()
        self.adversary = Adversary(self)
        self.copies = Copies(self)
        self.chats = Chats(self)
        self.settings = Settings(self)
        self.bodies = Bodies(self)
        self.lines = Lines(self)
        self.vault = Vault(self)
        self.parlour = Parlour(self)
        self.restarts = Restarts(self)
        self.demands = Demands(self)
        self.acquaintances = Acquaintances(self)
        self.newsstand = Newsstand(self)
        self.comparisons = Comparisons(self)
        self.doorstep = Doorstep(self)

    def _make(self, spec: DeviceSpec) -> Device:
        if not spec.phone:
            return Companion.create(self.entropy, BEGINNING)
        phone = Phone.register(spec.owner, self.entropy, BEGINNING)
        phone.inline_limit = 0  # the model speaks of blobs with the server
        return phone

    def _get_acquainted(self) -> None:
        """Everybody has compared security codes with everybody, and knows the first lists."""
        for user, name in self.users.items():
            phone = cast(Phone, self._devices[name])
            self.lists[f"{user}.0"] = phone.signed_list
            for device in self._devices.values():
                device.pin(user, phone.identity.public)
                device.learn_list(user, phone.signed_list, BEGINNING)

    @property
    def now(self) -> int:
        """Later than every list."""
        return BEGINNING + MINUTE * (len(self.scope.lists) + 1)

    def time_of(self, list_name: str) -> int:
        """When a list is signed: lists are as old as their order in the scope says."""
        return BEGINNING + MINUTE * next(i for i, (name, _) in enumerate(self.scope.lists) if name == list_name)

    def peek(self, name: str) -> Device:
        """The device, to look at."""
        return self._devices[name]

    def device(self, name: str) -> Device:
        """The device, to do something."""
        if name in self.off:
            raise PhoneIsOff(f"{name} is switched off")
        return self._devices[name]

    def phone(self, name: str) -> Phone:
        return cast(Phone, self.device(name))

    def companion(self, name: str) -> Companion:
        return cast(Companion, self.device(name))

    def honest(self) -> Iterator[tuple[str, Device]]:
        return ((name, device) for name, device in self._devices.items() if not self.specs[name].rogue)

    def account(self, name: str) -> str:
        """The account that a device belongs to, or claims to."""
        address = self._devices[name].address
        return address.user if address else self.specs[name].owner

    def address(self, name: str, user: str | None = None) -> Address:
        """Where a device is reached; the server numbers companions."""
        return Address(user or self.account(name), self._numbers[name])

    def name_at(self, address: Address) -> str | None:
        """Who is reached there: a phone by its user, a companion by its number."""
        if address.device == 0:
            return self.users.get(address.user)
        return next((n for n, number in self._numbers.items() if number == address.device), None)

    def number(self, user: str, name: str) -> int:
        """The key index of a device in the account of `user`; a rogue device claims that of another."""
        spec = self.specs[name]
        if spec.phone:
            return 0
        claimed = next(n for n, other in self.specs.items() if other.index == spec.index and not other.rogue)
        return self.numbers.get((user, claimed), UNLISTED + spec.index)

    def account_key(self, user: str) -> bytes:
        return self._devices[self.users[user]].identity.public

    def bundle(self, name: str) -> PrekeyBundle:
        """The prekey bundle that the server has of a device.

        The one-time prekey is of a stock that lies there, also while a phone is off: here it is drawn once it is handed
        out. What is lost where there is none, `properties/conform/parlour.py` looks at (KL-1).
        """
        bundle = self._devices[name].bundle()
        if self.specs[name].rogue or bundle.device_identity is None:
            proof = None if self.specs[name].phone else self.adversary.proof_of(name, self.account(name))
            return replace(bundle, device_identity=proof)
        return bundle

    def switch(self, name: str) -> None:
        self.off ^= {name}

    def spec_of(self, message: str) -> MessageSpec:
        return self.messages[message]

    def text_of(self, message: str) -> str:
        return f"text of {message}"

    def message_id(self, message: str) -> str:
        """As clients make them: 3EB0 and upper-case hex."""
        return self._ids[message]

    def capture(self, message: str, stanza: Stanza) -> None:
        """The adversary keeps every ciphertext; the server queues it."""
        name = self.name_at(stanza.recipient)
        if name is not None:
            self.captured[message, name] = Ciphertext(message, name, stanza)
        self.post(stanza)

    def post(self, stanza: Stanza) -> None:
        """Into the mailbox of its recipient; the adversary, who is the server, asks nobody."""
        with self.server.store.transaction():
            self.server.mailboxes.post(stanza.recipient, Delivery(stanza))

    def waiting(self, name: str) -> dict[int, Stanza]:
        """The stanzas in the mailbox of a device."""
        entries = self.server.mailboxes.waiting(self.address(name))
        return {entry.number: entry.event.stanza for entry in entries if isinstance(entry.event, Delivery)}

    def acknowledge(self, name: str, stanza: Stanza) -> None:
        """The device has it: whatever waits for it under this id from this sender is acknowledged."""
        waiting = self.waiting(name).items()
        numbers = tuple(n for n, other in waiting if (other.id, other.sender) == (stanza.id, stanza.sender))
        self.server.answer(self.address(name), Acknowledge(numbers))
