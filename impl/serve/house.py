"""Everybody who lives here, from an empty server to the evening on which somebody else's client comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from impl.address import Address
from impl.client import groups
from impl.client.linking import scan, show_qr
from impl.companion import Companion
from impl.dialogue import Client
from impl.messages import StoredMessage
from impl.net.station import Way
from impl.outbox import new_message_id
from impl.phone import Phone
from impl.serve.cast import ACCOUNTS, GROUP, NUMBERS, PROLOGUE, Account
from impl.serve.errors import Unable
from impl.serve.resident import Resident, now
from impl.wire.content import Text

PATIENCE = 20.0
"""Seconds for what residents do among themselves."""


class House:
    """Residents by name. `told` is called whenever something about one of them may have changed."""

    def __init__(self, way: Way, told: Callable[[], None] = lambda: None) -> None:
        self.residents: dict[str, Resident] = {}
        self.groups: dict[str, str] = {}
        self._way = way
        self._told = told
        self._changed = asyncio.Event()

    def resident(self, name: str) -> Resident:
        """Raises Unable."""
        if name not in self.residents:
            raise Unable(f"nobody is called {name!r}; there are {', '.join(self.residents)}")
        return self.residents[name]

    def phone_of(self, name: str) -> tuple[Resident, Phone]:
        """Raises Unable."""
        resident = self.resident(name)
        if not isinstance(resident.client.device, Phone):
            raise Unable(f"{name} is no phone")
        return resident, resident.client.device

    def chat(self, name: str) -> str:
        """A number or a group, by what people call it or as it is. Raises Unable."""
        found = NUMBERS.get(name) or self.groups.get(name) or name
        if found.isdigit() or found.endswith("@g.us"):
            return found
        raise Unable(f"{name!r} is no number; people are {', '.join(NUMBERS)}, groups {', '.join(self.groups)}")

    def name_of(self, client: Client) -> str | None:
        """Who of ours it is."""
        return next((each.name for each in self.residents.values() if each.is_called(client)), None)

    def caller(self, address: Address) -> str:
        """Who it is, in a word."""
        return self.name_of(address) or f"{self.chat_name(address.user)}:{address.device}"

    def chat_name(self, chat: str) -> str:
        names = {user: name for name, user in NUMBERS.items()} | {group: name for name, group in self.groups.items()}
        return names.get(chat, chat)

    def told(self, message: StoredMessage) -> str:
        """Who said what and where, in a line."""
        what = message.text if message.media is None else f"<{message.media.kind}> {message.text}".rstrip()
        return f"{self.caller(message.author)} in {self.chat_name(message.chat)}: {what}"

    def directory(self) -> Sequence[str]:
        """A line a resident."""
        return [
            f"{each.name:<12} {each.client.device.address or 'nobody yet'!s:<32} {self.standing(each)}"
            for each in self.residents.values()
        ]

    def standing(self, resident: Resident) -> str:
        if not resident.on:
            return "off"
        return "on" if resident.station.online else f"connecting: {resident.station.why}"

    async def move_in(self) -> None:
        """Registers, links, talks. Raises Unable if that gets nowhere."""
        for account in ACCOUNTS:
            await self._found(account)
        everybody = [account.user for account in ACCOUNTS]
        alice = self.residents[ACCOUNTS[0].name]
        self.groups[GROUP] = await alice.do(
            lambda: groups.create(alice.client.device, everybody[1:], now(), GROUP, GROUP)
        )
        heard = 0
        for who, to, text in PROLOGUE:
            await self.say(who, to, text)
            heard += ACCOUNTS[0].name in (who, to) or to == GROUP
            await self._until(
                lambda heard=heard: len(alice.client.device.messages) == heard,  # type: ignore[misc]
                "the first messages do not arrive",
            )

    def settle(self, name: str, user: str) -> Resident:
        """Somebody with a phone; whoever had that number before has it no longer."""
        phone = Resident.phone(name, user, self._way, self.changed)
        self.residents[name] = phone
        phone.switch_on()
        return phone

    async def _found(self, account: Account) -> None:
        phone = self.settle(account.name, account.user)
        await self._until(lambda: phone.station.online, f"{account.name} gets no connection")
        for name in account.companions:
            await self.link(account.name, name)

    async def link(self, phone_name: str, name: str) -> None:
        """One more companion of ours. Raises Unable, Refused."""
        if name in self.residents:
            raise Unable(f"somebody is called {name} already")
        self.phone_of(phone_name)
        newcomer = Resident.companion(name, self._way, self.changed)
        device = newcomer.client.device
        assert isinstance(device, Companion)
        self.residents[name] = newcomer
        newcomer.switch_on()
        try:
            await self.scan(phone_name, await newcomer.do(lambda: show_qr(device)))
            await self._until(lambda: device.address is not None and newcomer.station.online, f"{name} is not linked")
        except BaseException:
            del self.residents[name]
            await newcomer.switch_off()
            raise

    async def scan(self, phone_name: str, text: str) -> None:
        """The phone's camera sees a QR. Raises Unable, Refused."""
        resident, phone = self.phone_of(phone_name)
        await resident.do(lambda: scan(phone, text, now()))

    async def say(self, who: str, to: str, text: str) -> str:
        """Answers with the message's id. Raises Unable, Refused, Declined."""
        resident, chat = self.resident(who), self.chat(to)
        message_id = new_message_id(resident.client.device)
        return await resident.do(lambda: resident.client.send(chat, Text(text), message_id))

    async def move_out(self) -> None:
        for resident in self.residents.values():
            await resident.switch_off()

    def changed(self) -> None:
        self._changed.set()
        self._told()

    async def _until(self, done: Callable[[], bool], trouble: str) -> None:
        """Raises Unable with the trouble if it does not come to pass."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not done():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError as error:
            raise Unable(trouble) from error
