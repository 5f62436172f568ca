"""A story of two accounts with five devices, told step by step; a step that a crash cut short is told again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from impl.appstate.actions import Action, Archive, Mute, PushName
from impl.appstate.kinds import read
from impl.client import groups
from impl.client.linking import scan, show_qr, unlink
from impl.client.registration import register
from impl.device import Device
from impl.dialogue import Flow
from impl.messages import StoredMessage
from impl.server.groups import group_name
from impl.wire.content import Text
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


def unlinks(user: str, name: str) -> Step:
    def step(world: World) -> None:
        phone, companion = world.phone(user), world.companion(name)
        for index in [index for index, address in phone.companions.items() if address == companion.address]:
            if index in phone.live:
                world.network.run(world.clients[user], unlink(phone, index, world.time))
        world.network.settle()

    return step


def says(name: str, chat: str, message_id: str) -> Step:
    def step(world: World) -> None:
        client = world.clients[name]
        world.network.run(client, client.send(chat, Text(f"{name} says {message_id}"), message_id))
        world.network.settle()

    return step


def founds(name: str, *members: str) -> Step:
    def step(world: World) -> None:
        client = world.clients[name]
        world.network.run(client, groups.create(client.device, members, world.time, KEY))
        world.network.settle()

    return step


def changes_members(name: str, change: Callable[[Device, str, tuple[str, ...], int], Flow[None]], user: str) -> Step:
    def step(world: World) -> None:
        client = world.clients[name]
        world.network.run(client, change(client.device, GROUP, (user,), world.time))
        world.network.settle()

    return step


def sets(name: str, action: Action) -> Step:
    def step(world: World) -> None:
        client = world.clients[name]
        world.network.run(client, client.change(action))
        world.network.settle()

    return step


def in_group(*names: str) -> list[tuple[str, str]]:
    return [(name, GROUP) for name in names]


def talk(first: int, last: int, *speakers: tuple[str, str]) -> list[Step]:
    """Messages by number; each speaker has a chat to speak in, and speaks in turn."""
    return [says(*speakers[number % len(speakers)], f"message {number}") for number in range(first, last)]


KEY = "a story"
GROUP = group_name("alice", KEY)

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
    registers("carol"),
    *talk(0, 5, ALICE, BOB),
    links("alice", "desktop"),
    *talk(5, 15, ALICE, BOB, DESKTOP),
    links("bob", "web"),
    *talk(15, 30, BOB, ALICE, WEB, DESKTOP),
    links("alice", "tablet"),
    *talk(30, 50, TABLET, WEB, BOB, DESKTOP, ALICE),
    sets("alice", PushName("Alice")),
    sets("desktop", Mute("bob@s.whatsapp.net", True, -1)),
    sets("web", Archive("alice@s.whatsapp.net", True)),
    sets("tablet", Mute("bob@s.whatsapp.net", False, None)),
    founds("alice", "bob"),
    *talk(50, 55, *in_group("alice", "bob", "desktop", "web", "tablet")),
    changes_members("alice", groups.add, "carol"),
    *talk(55, 59, *in_group("carol", "alice", "web", "desktop")),
    changes_members("alice", groups.remove, "carol"),
    *talk(59, 62, *in_group("alice", "web", "tablet")),
    unlinks("alice", "desktop"),
    *talk(62, 65, TABLET, WEB, *in_group("bob")),
    links("alice", "desktop"),
    *talk(65, 68, DESKTOP, BOB, *in_group("desktop")),
]
REGISTERED = {"alice": 1, "bob": 2, "carol": 3}
"""After how many steps they are known to the server, and may connect."""


def connect(world: World) -> None:
    """Whoever was connected before everybody's process ended connects again, and does what there is to do."""
    for name, client in world.clients.items():
        if len(world.progress.lines()) >= REGISTERED.get(name, 0):
            world.network.connect(client)
    world.network.settle()


def tell(world: World) -> None:
    """All steps that are left, as the progress says."""
    for step in STEPS[len(world.progress.lines()) :]:
        step(world)
        world.progress.add()


CURED = {"no_sender_key", "missing_key"}
"""Refusals that a crash may lead to, and something later makes up for: a group message before its key, for its sender
had not met everybody; a patch before its key, for who connects looks at the collections before the mailbox."""


@dataclass(frozen=True)
class Outcome:
    """What is left when all is said: each device's messages and settings, and whatever ought not to be there."""

    conversations: dict[str, list[StoredMessage]]
    settings: dict[str, dict[tuple[str, ...], Action]]
    flaws: tuple[str, ...]


def outcome(world: World) -> Outcome:
    conversations, settings, flaws = {}, {}, []
    for name, client in world.clients.items():
        device = client.device
        conversations[name] = sorted(device.conversation, key=lambda message: message.key)
        settings[name] = {parts: read(each.collection, each.data).action for parts, each in device.settings.items()}
        flaws += [f"{name} accepted {key} {times} times" for key, times in device.deliveries.items() if times > 1]
        flaws += [f"{name} still has {message_id} to send" for message_id in device.outbox]
        flaws += [f"{name} has {message_id} confirmed only in part: {sent}" for message_id, sent in device.sent.items()]
        flaws += [f"{name} still has {wish} to tell" for wish in device.intents]
        flaws += [f"{name} refused {each}" for each in client.refusals if each.check not in CURED]
        flaws += [f"{name} has {entry} to fetch" for entry in world.server.mailboxes.waiting(client.name)]
    flaws += [f"the file {path} is still there" for path in world.server.blobs.files]
    flaws += [f"{len(bodies)} bodies under the key {key}" for key, bodies in world.sealed().items() if len(bodies) > 1]
    return Outcome(conversations, settings, tuple(flaws))
