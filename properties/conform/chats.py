"""Groups in a world: what they are called, sender keys as they were drawn, ciphertexts, and keys of the adversary's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impl.address import Address
from impl.device import Device
from impl.groups import OwnSenderKey
from impl.groups.membership import Group
from impl.groups.state import SenderKeyState
from impl.refusal import Refused
from impl.stanza import GroupStanza, Stanza
from impl.wire import content, padding
from impl.wire.content import KeyDistribution, Message, Text
from model.kinds import GroupMessageSpec, SenderKeySpec

if TYPE_CHECKING:
    from properties.conform.world import World


@dataclass(frozen=True)
class Said:
    """A message of a group: its ciphertext, and the name of the key that it is under."""

    body: bytes
    key: str


class Chats:
    """The groups of a world by the names of its scope; nothing of them is kept by the server, who is the adversary."""

    def __init__(self, world: World) -> None:
        self.world = world
        more = world.scope.more
        self.groups = {row.name: f"{120363000000000001 + i}@g.us" for i, row in enumerate(more["groups"])}
        self.keys: dict[str, SenderKeySpec] = {row.name: row for row in more["sender_keys"]}
        self.messages: dict[str, GroupMessageSpec] = {row.name: row for row in more["group_messages"]}
        self.drawn: dict[str, OwnSenderKey] = {}  # honest ones, by name, as they are after the last message
        self.rogue: dict[str, OwnSenderKey] = {}
        self.handed: dict[tuple[str, str], Stanza] = {}
        self.said: dict[str, Said] = {}
        self._spoken: dict[str, OwnSenderKey] = {}

    def message_id(self, message: str) -> str:
        return f"3EB1{list(self.messages).index(message):016X}"

    def tell(self, device: str, group: str, joined: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> None:
        """The server tells a device of the next version of a group."""
        jid, teller = self.groups[group], self.world.device(device)
        known = teller.groups.get(jid, Group(0, ()))
        members = {*known.members, *joined} - {*left}
        teller.learn_group(jid, known.version + 1, sorted(members), self.world.now)

    def send(self, message: str, key: str) -> None:
        """The author says it. Raises Refused "renewed" if it does not go on under that key but draws another."""
        spec = self.messages[message]
        author, jid, id = self.world.device(spec.author), self.groups[spec.group], self.message_id(message)
        with author.store.transaction():
            author.send_to_group(id, jid, Text(f"text of {message}"), self.world.now)
            used = author.own_sender_keys[jid]
            if key in self.drawn and used.id != self.drawn[key].id:
                raise Refused("renewed", f"{spec.author} does not go on under {key}")
        name = next((known for known, drawn in self.drawn.items() if drawn.id == used.id), key)
        self.drawn[name] = used
        for stanza in author.outbox[id].stanzas:
            to = self.world.name_at(stanza.recipient)
            if to is not None:
                self.handed[name, to] = stanza
        body = author.outbox[id].body
        assert body is not None
        self.said[message] = Said(body, name)
        author.submitted(id)

    def give_key(self, device: str, key: str, group: str, stanza: Stanza | None = None) -> None:
        """The server gives a device what hands out a key, or noise if there is nothing."""
        maker = self.keys[key].maker
        handed = stanza or self.handed.get((key, device)) or self.world.adversary.noise(maker, device, f"key {key}")
        self.world.device(device).receive_sender_key(self._stanza(handed.id, maker, device, group, b"", handed))

    def give(self, device: str, message: str, sender: str, body: bytes | None = None) -> None:
        """The server gives a device a message as one of `sender`; `body` in the place of the real one."""
        frame, group = body or self.said[message].body, self.messages[message].group
        stanza = self._stanza(self.message_id(message), sender, device, group, frame)
        self.world.device(device).receive_from_group(stanza, self.world.now)

    def _stanza(
        self, id: str, sender: str, device: str, group: str, body: bytes, handed: Stanza | None = None
    ) -> GroupStanza:
        address = self.world.address
        return GroupStanza(id, address(sender), address(device), self.groups[group], body, handed)

    def distribution(self, key: str) -> Message:
        """What hands out a key of the adversary's: always from its first message on."""
        own = self.own_key(key)
        return Message(
            None, distribution=KeyDistribution(self.groups[self.keys[key].group], own.distribution().encode())
        )

    def own_key(self, key: str) -> OwnSenderKey:
        return self.rogue.setdefault(key, OwnSenderKey.generate(self.world.entropy))

    def hand_out(self, key: str, device: str) -> None:
        maker = self.keys[key].maker
        sealed = self.world.adversary.seal(maker, device, self.distribution(key), f"key {key}", "message")
        self.handed[key, device] = sealed

    def forge(self, message: str, key: str) -> None:
        """A message under a chain that the adversary holds; signed by the maker of the key if it is its own."""
        if self.world.specs[self.keys[key].maker].rogue:
            speaking = self._spoken.get(key) or self.own_key(key)
            self._spoken[key], body = self._seal(speaking, message)
        else:
            body = self.unsigned(message, key)
        self.said[message] = Said(body, key)

    def unsigned(self, message: str, key: str) -> bytes:
        """Under the chain of another, as whoever was handed it has it; the adversary signs with its own key."""
        return self._seal(replace(self.drawn[key], signing=self.world.adversary.key), message)[1]

    def _seal(self, key: OwnSenderKey, message: str) -> tuple[OwnSenderKey, bytes]:
        text = content.encode(Text(f"text of {message}"))
        return key.seal(padding.pad(text, self.world.entropy), self.world.entropy)

    def key_of(self, name: str) -> OwnSenderKey | None:
        """The key as it was drawn, whoever did; None if nobody has."""
        return self.drawn.get(name) or self.rogue.get(name)

    def state_of(self, device: Device, name: str) -> tuple[int, SenderKeyState] | None:
        """A key as a device holds it, and how many newer ones of its maker; None if it does not."""
        key, spec = self.key_of(name), self.keys[name]
        held = device.sender_keys.get((self.groups[spec.group], self.place_of(spec.maker)))
        states = held.record.states if held else ()
        return next(((i, state) for i, state in enumerate(states) if key and state.id == key.id), None)

    def place_of(self, device: str) -> Address:
        return self.world.address(device)
