"""What groups do, what is seen of them, and how their guards are broken in bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from impl.crypto import xeddsa
from impl.device import Device
from impl.sessions import SessionError
from impl.wire.senderkeys import SenderKeyMessage
from model.groups import Groups
from properties.conform.registry import observes, performs, violates
from properties.conform.violate import damaged, gets_in, signed_by_another
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Groups.add)
def add(world: World, device: str, group: str, user: str) -> None:
    world.chats.tell(device, group, joined=(user,))


@performs(Groups.remove)
def remove(world: World, device: str, group: str, user: str) -> None:
    world.chats.tell(device, group, left=(user,))


@performs(Groups.send)
def send(world: World, message: str, key: str) -> None:
    world.chats.send(message, key)


@performs(Groups.take_key)
def take_key(world: World, device: str, key: str, group: str) -> None:
    world.chats.give_key(device, key, group)


@performs(Groups.receive)
def receive(world: World, device: str, message: str, key: str, sender: str) -> None:
    world.chats.give(device, message, sender)


@performs(Groups.hand_out)
def hand_out(world: World, key: str, device: str) -> None:
    world.chats.hand_out(key, device)


@performs(Groups.forge)
def forge(world: World, message: str, key: str, insider: str) -> None:
    world.chats.forge(message, key)


@violates(Groups.take_key, "intact", breaks="G1")
def the_key_is_damaged(world: World, device: str, key: str, group: str) -> None:
    world.chats.give_key(device, key, group, damaged(world.chats.handed[key, device]))


@violates(Groups.take_key, "signatures", breaks="G1", refusals=("account_signature", "identity"))
def a_stranger_hands_it_out(world: World, device: str, key: str, group: str) -> None:
    """With a device signature of the adversary's; then sealed by it, with a proof that it has signed throughout."""
    unsigned = signed_by_another(world, device, world.chats.handed[key, device])
    if unsigned and gets_in(lambda: world.chats.give_key(device, key, group, unsigned)):
        return
    forged = world.adversary.impersonate_with(world.chats.keys[key].maker, device, world.chats.distribution(key))
    world.chats.give_key(device, key, group, forged)


@violates(Groups.receive, "signature", breaks="G4")
def signed_by_another_member(world: World, device: str, message: str, key: str, sender: str) -> None:
    """The same ciphertext, signed by the adversary."""
    frame = SenderKeyMessage.decode(world.chats.said[message].body)
    signature = xeddsa.sign(world.adversary.key.private, frame.signed(), world.entropy)
    world.chats.give(device, message, sender, replace(frame, signature=signature).encode())


@observes(Groups.member)
def member(world: World) -> Seen:
    return {
        (name, group, user): jid in device.groups and user in device.groups[jid].members
        for name, device in world.honest()
        for group, jid in world.chats.groups.items()
        for user in world.users
    }


@observes(Groups.drawn)
def drawn(world: World) -> Seen:
    return {(key,): key in world.chats.drawn for key in world.chats.keys}


@observes(Groups.handed)
def handed(world: World) -> Seen:
    return {(key, device): (key, device) in world.chats.handed for key in world.chats.keys for device in world.specs}


@observes(Groups.held)
def held(world: World) -> Seen:
    return {
        (name, key): world.chats.state_of(device, key) is not None
        for name, device in world.honest()
        for key in world.chats.keys
    }


@observes(Groups.replaced)
def replaced(world: World) -> Seen:
    """Of keys that are still held."""
    found = {
        (name, key): world.chats.state_of(device, key) for name, device in world.honest() for key in world.chats.keys
    }
    return {names: state[0] > 0 for names, state in found.items() if state}


@observes(Groups.sealed)
def sealed(world: World) -> Seen:
    return {(message,): message in world.chats.said for message in world.chats.messages}


@observes(Groups.under)
def under(world: World) -> Seen:
    chats = world.chats
    return {(m, key): m in chats.said and chats.said[m].key == key for m in chats.messages for key in chats.keys}


@observes(Groups.signed)
def signed(world: World) -> Seen:
    return {(message,): verifies(world, message) for message in world.chats.messages}


def verifies(world: World, message: str) -> bool:
    """Whether the signature is that of the key's maker."""
    said = world.chats.said.get(message)
    key = world.chats.key_of(said.key) if said else None
    if said is None or key is None:
        return False
    frame = SenderKeyMessage.decode(said.body)
    return xeddsa.verify(key.signing.public, frame.signed(), frame.signature)


@observes(Groups.meant)
def meant(world: World) -> Seen:
    """For whom the author has sealed it."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for message, spec in world.chats.messages.items():
        if message in world.chats.said and not world.specs[spec.author].rogue:
            sent = world.peek(spec.author).sent.get(world.chats.message_id(message))
            targets = {world.name_at(address) for address in sent.targets} if sent else set()
            seen |= {(message, device): device in targets for device in world.specs}
    return seen


@observes(Groups.reached)
def reached(world: World) -> Seen:
    """Where their key is held, of messages whose place in the chain nothing that was accepted has taken.

    Whoever forges one under a chain that he was handed takes the place of what its maker says next.
    """
    seen: dict[tuple[str, ...], bool | str] = {}
    said = world.chats.said.items()
    places = {message: (each.key, SenderKeyMessage.decode(each.body).iteration) for message, each in said}
    for name, device in world.honest():
        taken = {places[message] for message in places if _is_accepted(world, device, message)}
        for message, (key, place) in places.items():
            state = world.chats.state_of(device, key)
            if state and places[message] not in taken:
                try:
                    state[1].receiving.take(place)
                    seen[message, name] = True
                except SessionError:
                    seen[message, name] = False
    return seen


def _is_accepted(world: World, device: Device, message: str) -> bool:
    author = world.address(world.chats.messages[message].author)
    return (world.chats.message_id(message), author) in device.deliveries


@observes(Groups.accepted)
def accepted(world: World) -> Seen:
    return {(d, m, s): count > 0 for d, m, s, count in deliveries(world)}


@observes(Groups.accepted_twice)
def accepted_twice(world: World) -> Seen:
    authors = {message: spec.author for message, spec in world.chats.messages.items()}
    return {(d, m): count > 1 for d, m, s, count in deliveries(world) if s == authors[m]}


def deliveries(world: World) -> list[tuple[str, str, str, int]]:
    ids = {message: world.chats.message_id(message) for message in world.chats.messages}
    return [
        (name, message, sender, counts.get((id, world.address(sender)), 0))
        for name, device in world.honest()
        for counts in [device.deliveries]
        for message, id in ids.items()
        for sender in world.specs
    ]
