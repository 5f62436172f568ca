"""A story of two accounts with five devices, told step by step; a step that a crash cut short is told again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from impl.client.linking import scan, show_qr
from impl.client.registration import register
from impl.messages import StoredMessage
from impl.stanza import Stanza
from impl.wire.content import Text
from impl.wire.frames import PreKeySignalMessage, SignalMessage
from tests.impl.crash.world import World

Step = Callable[[World], None]


def registers(user: str) -> Step:
    def step(world: World) -> None:
        phone = world.phone(user)
        world.network.run(world.clients[user], register(phone, world.time))
        world.network.connect(world.clients[user])

    return step


def links(user: str, name: str) -> Step:
    def step(world: World) -> None:
        phone, companion = world.phone(user), world.companion(name)
        world.network.connect(world.clients[name])
        world.network.settle()
        if companion.address is None:
            text = world.network.run(world.clients[name], show_qr(companion))
            world.network.run(world.clients[user], scan(phone, text, world.time))
        world.network.settle()

    return step


def says(name: str, chat: str, message_id: str) -> Step:
    def step(world: World) -> None:
        client = world.clients[name]
        world.network.run(client, client.send(chat, Text(f"{name} says {message_id}"), message_id))
        world.network.settle()

    return step


def talk(first: int, last: int, *speakers: tuple[str, str]) -> list[Step]:
    return [says(*speakers[number % len(speakers)], f"message {number}") for number in range(first, last)]


ALICE, DESKTOP, TABLET, BOB, WEB = (
    ("alice", "bob"),
    ("desktop", "bob"),
    ("tablet", "bob"),
    ("bob", "alice"),
    ("web", "alice"),
)

STEPS = [
    registers("alice"),
    registers("bob"),
    *talk(0, 5, ALICE, BOB),
    links("alice", "desktop"),
    *talk(5, 15, ALICE, BOB, DESKTOP),
    links("bob", "web"),
    *talk(15, 30, BOB, ALICE, WEB, DESKTOP),
    links("alice", "tablet"),
    *talk(30, 50, TABLET, WEB, BOB, DESKTOP, ALICE),
]
REGISTERED = {"alice": 1, "bob": 2}
"""After how many steps they are known to the server, and may connect."""


def tell(world: World) -> None:
    """All steps that are left, as the progress says; whoever was connected before a crash connects again first."""
    done = len(world.progress.lines())
    for name, client in world.clients.items():
        if done >= REGISTERED.get(name, 0):
            world.network.connect(client)
    world.network.settle()
    for step in STEPS[done:]:
        step(world)
        world.progress.add(b"")


@dataclass(frozen=True)
class Outcome:
    """What is left when all is said: each device's messages, and whatever ought not to be there."""

    conversations: dict[str, list[StoredMessage]]
    flaws: tuple[str, ...]


def outcome(world: World) -> Outcome:
    conversations, flaws = {}, []
    for name, client in world.clients.items():
        device = client.device
        conversations[name] = sorted(device.conversation, key=lambda message: message.key)
        flaws += [f"{name} accepted {key} {times} times" for key, times in device.deliveries.items() if times > 1]
        flaws += [f"{name} still has {message_id} to send" for message_id in device.outbox]
        flaws += [f"{name} has {message_id} confirmed only in part: {sent}" for message_id, sent in device.sent.items()]
        flaws += [f"{name} refused {refusal}" for refusal in client.refusals]
        flaws += [f"{name} has {entry} to fetch" for entry in world.server.mailboxes.waiting(client.name)]
    flaws += [f"the file {path} is still there" for path in world.server.blobs.files]
    used = used_keys(world.ciphertexts())
    flaws += [f"{len(bodies)} bodies under the key {key}" for key, bodies in used.items() if len(bodies) > 1]
    return Outcome(conversations, tuple(flaws))


def used_keys(stanzas: list[Stanza]) -> dict[tuple[object, ...], set[bytes]]:
    """What was sealed under each message key: the same bytes, however often they were sent."""
    used = defaultdict(set)
    for stanza in stanzas:
        body = PreKeySignalMessage.decode(stanza.body).message if stanza.enc_type == "pkmsg" else stanza.body
        frame = SignalMessage.decode(body)
        used[stanza.sender, stanza.recipient, frame.ratchet_key, frame.counter].add(body)
    return used
