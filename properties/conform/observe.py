"""observe: what can be seen of each relation in real devices, on the server and in the adversary's hands.

Left out, because nobody can see them: history variables of the model (`retired`, `learned`), seats, and what
rogue devices believe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from impl.companion import Companion
from impl.device import Device
from impl.lists import check_signature
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.adv import SignedKeyIndexList
from model.accounts import Accounts
from model.compromise import Compromise
from model.devicelist import DeviceLists
from model.fanout import Fanout
from model.history import History
from model.linking import Linking
from properties.conform.registry import observes
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


def companions(world: World) -> Iterator[tuple[str, Companion]]:
    return ((name, d) for name, d in world.honest() if isinstance(d, Companion))


def phones(world: World) -> Iterator[tuple[str, Phone]]:
    return ((name, d) for name, d in world.honest() if isinstance(d, Phone))


@observes(Accounts.linked)
def linked(world: World) -> Seen:
    return {(name,): d.address is not None for name, d in companions(world)}


@observes(Accounts.account)
def account(world: World) -> Seen:
    return {(name,): d.address.user for name, d in companions(world) if d.address}


@observes(DeviceLists.signed)
def signed(world: World) -> Seen:
    """A list counts as signed if it verifies under the account key."""
    judges = {user: world.peek(name) for user, name in world.users.items()}
    return {
        (user, name): verifies(judges[user], user, world.lists[name])
        for name, user in world.scope.lists
        if name in world.lists
    }


_verified: dict[tuple[bytes, bytes], bool] = {}


def verifies(judge: Device, user: str, data: bytes) -> bool:
    key = judge.pins[user], data
    if key not in _verified:
        if len(_verified) > 10_000:
            _verified.clear()
        try:
            check_signature(judge, user, SignedKeyIndexList.decode(data))
        except Refused:
            _verified[key] = False
        else:
            _verified[key] = True
    return _verified[key]


@observes(DeviceLists.names)
def names(world: World) -> Seen:
    """Key indexes that a signed list names, in the numbers of the scope."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for name, user in world.scope.lists:
        if name in world.lists:
            valid = set(SignedKeyIndexList.decode(world.lists[name]).list.valid_indexes)
            seen[name, "0"] = 0 in valid
            for device, spec in world.specs.items():
                if not spec.phone and not spec.rogue:
                    seen[name, str(spec.index)] = world.number(user, device) in valid
    return seen


@observes(DeviceLists.current)
def current(world: World) -> Seen:
    known = {data: name for name, data in world.lists.items()}
    return {(phone.address.user,): known.get(phone.signed_list, "?") for _, phone in phones(world)}


@observes(DeviceLists.view)
def view(world: World) -> Seen:
    known = {data: name for name, data in world.lists.items()}
    return {
        (name, user): known.get(device.views[user].signed, "?")
        for name, device in world.honest()
        for user in world.users
    }


@observes(Linking.shows_qr)
def shows_qr(world: World) -> Seen:
    return {(name,): d.secret is not None for name, d in companions(world)}


@observes(Linking.vouched)
def vouched(world: World) -> Seen:
    seen: dict[tuple[str, ...], bool | str] = {}
    for _, phone in phones(world):
        known = {each.identity for each in phone.vouched.values()}
        for name, device in world.honest():
            seen[phone.address.user, name] = device.identity.public in known
    return seen


@observes(Linking.countersigned)
def countersigned(world: World) -> Seen:
    return {
        (user, name): d.device_identity is not None and d.address is not None and d.address.user == user
        for name, d in companions(world)
        for user in world.users
    }


@observes(Linking.joined_twice)
def joined_twice(world: World) -> Seen:
    return {(name,): d.links > 1 for name, d in companions(world)}


@observes(Fanout.met)
def met(world: World) -> Seen:
    keys = {name: world.peek(name).identity.public for name in world.specs}
    seen: dict[tuple[str, ...], bool | str] = {}
    for name, device in world.honest():
        known = {peer.identity for peer in device.peers.values()}
        seen |= {(name, other): key in known for other, key in keys.items()}
    return seen


@observes(Fanout.sent)
def sent(world: World) -> Seen:
    """An honest author's message is in its conversation, unless it may have disappeared."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for message, spec in world.messages.items():
        if not world.specs[spec.author].rogue and spec.ends != "timer":
            own = (m.id for m in world.peek(spec.author).conversation if m.source == "own")
            seen[(message,)] = world.message_id(message) in own
    return seen


@observes(Fanout.sealed)
def sealed(world: World) -> Seen:
    return {(m, d): (m, d) in world.captured for m in world.messages for d in world.specs}


@observes(Fanout.mailbox)
def mailbox(world: World) -> Seen:
    seen: dict[tuple[str, ...], bool | str] = {}
    for name in world.specs:
        waiting = {s.id for s in world.waiting(name).values() if s.category == "message"}
        seen |= {(m, name): world.message_id(m) in waiting for m in world.messages}
    return seen


def deliveries(world: World) -> Iterator[tuple[str, str, int]]:
    keys = {m: (world.message_id(m), world.address(spec.author)) for m, spec in world.messages.items()}
    for name, device in world.honest():
        deliveries = device.deliveries
        for message, key in keys.items():
            yield name, message, deliveries.get(key, 0)


@observes(Fanout.received)
def received(world: World) -> Seen:
    return {(name, message): count > 0 for name, message, count in deliveries(world)}


@observes(Fanout.received_twice)
def received_twice(world: World) -> Seen:
    return {(name, message): count > 1 for name, message, count in deliveries(world)}


@observes(Fanout.opened_anothers)
def opened_anothers(world: World) -> Seen:
    return {(name, m): (m, name) in world.strays for name, _ in world.honest() for m in world.messages}


@observes(History.shared)
def shared(world: World) -> Seen:
    return pairs(world.users.values(), world, world.shared)


def pairs(senders: Iterable[str], world: World, true: set[tuple[str, str]]) -> Seen:
    return {(s, c): (s, c) in true for s in senders for c, _ in companions(world)}


@observes(History.blob)
def blob(world: World) -> Seen:
    return {pair: history.path in world.server.blobs.files for pair, history in world.histories.items()}


@observes(History.key)
def key(world: World) -> Seen:
    """The key travels in a peer message, and is nowhere once that has left the mailbox."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for (sender, companion), history in world.histories.items():
        waiting = {s.id for s in world.waiting(companion).values()}
        seen[sender, companion] = history.stanza.id in waiting
    return seen


def imports(world: World) -> Iterator[tuple[str, str, int]]:
    for (sender, companion), history in world.histories.items():
        if not world.specs[companion].rogue:
            count = world.peek(companion).deliveries.get((history.stanza.id, history.stanza.sender), 0)
            yield companion, sender, count


@observes(History.imported)
def imported(world: World) -> Seen:
    return {(companion, sender): count > 0 for companion, sender, count in imports(world)}


@observes(History.imported_twice)
def imported_twice(world: World) -> Seen:
    return {(companion, sender): count > 1 for companion, sender, count in imports(world)}


@observes(History.recovered)
def recovered(world: World) -> Seen:
    """Only of messages that the companion has from nowhere else: the live message takes the place of the old."""
    seen: dict[tuple[str, ...], bool | str] = {}
    lasting = [message for message, spec in world.messages.items() if spec.ends != "timer"]
    for name, device in companions(world):
        source = {m.id: m.source for m in device.conversation}
        for message in lasting:
            found = source.get(world.message_id(message), "history")
            if found == "history" and (name, message) not in world.demands.added:
                seen[name, message] = world.message_id(message) in source
    return seen


@observes(History.poisoned)
def poisoned(world: World) -> Seen:
    said = {world.message_id(m) for m in world.messages} | {world.chats.message_id(m) for m in world.chats.messages}
    return {
        (name,): any(m.source == "history" and m.id not in said for m in device.conversation)
        for name, device in companions(world)
    }


@observes(Compromise.knows_secret)
def knows_secret(world: World) -> Seen:
    return {(name,): name in world.copies.secrets for name, _ in companions(world)}


def parted(world: World, device: str, message: str) -> bool:
    """Whether the device had ended its session with the author before anybody copied it.

    What then is still under way opens only if it came first, with a one-time prekey that is there. The model speaks of
    no prekeys here, and says that all of it opens: so it may be that less does.
    """
    return world.spec_of(message).author in world.copies.parted.get(device, ())


@observes(Compromise.unsealed)
def unsealed(world: World) -> Seen:
    seen: dict[tuple[str, ...], bool | str] = {}
    for d in world.copies.compromised:
        for m in world.messages:
            opened = {a: (d, m, a) in world.copies.unsealed for a in world.specs}
            seen |= {(d, m, a): opens for a, opens in opened.items() if opens or not parted(world, d, m)}
    return seen


@observes(Compromise.knows)
def knows(world: World) -> Seen:
    seen = {(d, m): (d, m) in world.copies.texts for d in world.specs for m in world.messages}
    return {(d, m): read for (d, m), read in seen.items() if read or not parted(world, d, m)}


@observes(Compromise.knows_key)
def knows_key(world: World) -> Seen:
    return {pair: pair in world.copies.keys for pair in world.histories}
