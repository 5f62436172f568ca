"""Keys of app state: who gets them, who asks for them, and what is left to those who leave (A1, A3)."""

from __future__ import annotations

import pytest

from impl import peer_messages
from impl.appstate import effects, syncing
from impl.appstate.actions import KeyExpired, Pin
from impl.appstate.keys import newest
from impl.appstate.mutation import decrypt
from impl.appstate.writing import make_snapshot
from impl.client import Client, outbox
from impl.companion import Companion
from impl.device import Device
from impl.dialogue import Delivery
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.appstate import CollectionName, KeyId, Operation, Patch
from impl.wire.content import KEY_LIMIT, KeyRequest, KeyShare, PeerBody, SyncKey
from impl.wire.pb.syncaction_pb2 import SyncActionValue
from tests.impl.client.states import BOB, CAROL, agree, change, remove
from tests.impl.client.town import Town

DAY = 86400
LOW = CollectionName.REGULAR_LOW
INJECTED = SyncKey(KeyId(0, 9).encode(), b"x" * 32)


def tell(town: Town, sender: Client, to: Client, body: PeerBody) -> list[str]:
    """Seals any peer message for any device; answers with the checks that refused it there."""
    assert to.device.address is not None
    before = len(to.refusals)
    with sender.device.store.transaction():
        peer_messages.put(sender.device, to.device.address, body, town.time)
    town.network.run(sender, outbox.flush(sender.device, town.time))
    town.network.settle()
    return [refusal.check for refusal in to.refusals[before:]]


def keys(client: Client) -> dict[KeyId, SyncKey]:
    return dict(client.device.sync_keys)


def peer_mail(town: Town, client: Client) -> int:
    events = [entry.event for entry in town.server.mailboxes.waiting(client.name)]
    return sum(isinstance(event, Delivery) and event.stanza.category == "peer" for event in events)


def test_linking_shares_every_key_and_makes_none() -> None:
    town = Town()
    phone = town.phone("alice")
    first, second = town.companion(phone), town.companion(phone)
    assert len(keys(phone)) == 1
    assert keys(first) == keys(second) == keys(phone)


def test_once_a_companion_is_removed_a_new_key_is_used_by_all_others() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, gone = town.companion(phone), town.companion(phone)
    change(town, desktop, Pin(BOB, False))
    change(town, desktop, Pin(CAROL, False))
    at = syncing.head(gone.device, LOW).version
    remove(town, phone, gone)
    change(town, desktop, Pin(BOB, True))
    change(town, phone, Pin(CAROL, True))
    agree(phone, desktop)
    assert len(keys(phone)) == 2 and len(keys(gone)) == 1
    held = syncing.keyring(gone.device)
    for data in town.server.store.table(f"patches of alice in {LOW}", int, bytes).values():
        patch = Patch.decode(data)
        if patch.version is None or patch.version <= at:
            continue
        assert patch.key_id not in held
        for mutation in patch.mutations:
            if mutation.record.key_id in held:
                told = decrypt(mutation, held[mutation.record.key_id]).entry.action
                assert SyncActionValue.FromString(told.value).ListFields()[0][0].name == "timestamp"
                assert len(SyncActionValue.FromString(told.value).ListFields()) == 1


def test_every_collection_says_that_the_key_is_over() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, gone = town.companion(phone), town.companion(phone)
    remove(town, phone, gone)
    for name in CollectionName:
        assert effects.find(desktop.device, KeyExpired, name) == KeyExpired(name, 1)
        assert syncing.head(desktop.device, name).epoch == 2


def test_who_joined_after_the_key_was_made_leaves_with_it_too() -> None:
    town = Town()
    phone = town.phone("alice")
    for epochs in (1, 2, 3):
        assert len(keys(phone)) == epochs
        remove(town, phone, town.companion(phone))


def test_who_was_there_when_the_key_was_made_leaves_with_it_too() -> None:
    town = Town()
    phone = town.phone("alice")
    first, second, third = (town.companion(phone) for _ in range(3))
    remove(town, phone, third)
    remove(town, phone, first)
    assert len(keys(phone)) == 3
    assert keys(second) == keys(phone)


def test_a_companion_writes_nothing_with_a_key_that_somebody_left_with() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, gone = town.companion(phone), town.companion(phone)
    assert isinstance(phone.device, Phone)
    town.network.clients.remove(gone)
    (*_, index) = phone.device.live
    desktop.device.learn_list("alice", phone.device.unlink(index, town.time), town.time)
    town.network.run(desktop, desktop.change(Pin(BOB, True)))
    assert desktop.device.intents and not town.server.collections.versions
    town.network.connect(phone)
    town.network.settle()
    agree(phone, desktop)
    assert effects.chat_view(phone.device, "bob").pinned
    assert {entry.key_id.epoch for entry in phone.device.entries.values()} == {2}


def test_who_was_removed_writes_nothing_even_with_the_servers_help() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, gone = town.companion(phone), town.companion(phone)
    remove(town, phone, gone)
    state = syncing.collection(desktop.device, LOW)
    with gone.device.store.transaction():
        gone.device.collections[LOW] = syncing.Head(state.version, state.hash, 1)
        for index_mac, entry in state.entries.items():
            gone.device.entries[LOW, index_mac] = entry
    gone.device.intend(Pin(BOB, True), Operation.SET, town.time)
    patch = gone.device.propose(LOW)
    assert patch is not None
    with pytest.raises(Refused) as refusal:
        desktop.device.take_patch(LOW, patch)
    assert refusal.value.check == "retired_key"
    with pytest.raises(Refused) as refusal:
        desktop.device.take_snapshot(LOW, make_snapshot(None, patch, state.version + 1))
    assert refusal.value.check == "retired_key"
    base = None
    for version, data in town.server.store.table(f"patches of alice in {LOW}", int, bytes).items():
        base = make_snapshot(base, Patch.decode(data), version)
    as_new(desktop.device)
    with pytest.raises(Refused) as refusal:
        desktop.device.take_snapshot(LOW, make_snapshot(base, patch, state.version + 1))
    assert refusal.value.check == "retired_key", "one who has seen nothing yet finds the newer key in the records"


def as_new(device: Device) -> None:
    """It has its keys, and no app state yet."""
    with device.store.transaction():
        device.collections.clear()
        device.entries.clear()


def test_a_missing_key_is_asked_for_and_the_phone_answers() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, web = town.companion(phone), town.companion(phone)
    forget_keys(desktop)
    change(town, web, Pin(BOB, True))
    assert [refusal.check for refusal in desktop.refusals] == ["missing_key"]
    desktop.refusals.clear()
    assert not desktop.device.key_requests  # type: ignore[union-attr]
    agree(phone, desktop, web)


def test_each_key_is_asked_for_once_a_day() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop, web = town.companion(phone), town.companion(phone)
    forget_keys(desktop)
    town.network.clients.remove(phone)
    for asked in (1, 1, 2):
        town.time += DAY // 2
        change(town, web, Pin(BOB, True))
        assert peer_mail(town, phone) == asked
    assert len(desktop.refusals) == 3


def test_the_server_cannot_have_a_companion_ask_without_end() -> None:
    town = Town()
    desktop = town.companion(town.phone("alice"))
    assert isinstance(desktop.device, Companion)
    for start in (0, 50, 1000):
        desktop.device.request_keys([KeyId(7, start + each) for each in range(80)], town.time)
    assert len(desktop.device.key_requests) == KEY_LIMIT


def test_the_phone_says_so_when_it_lacks_a_key() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    assert tell(town, desktop, phone, KeyRequest((KeyId(7, 7).encode(),))) == []
    assert keys(desktop) == keys(phone) and not desktop.refusals


@pytest.mark.parametrize(("who", "check"), [("bob", "from_own_account"), ("web", "from_the_phone")])
def test_a_key_of_anybody_but_the_own_phone_is_refused(who: str, check: str) -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    desktop, web = town.companion(alice), town.companion(alice)
    town.say(bob, "alice", "hello")
    sender = {"bob": bob, "web": web}[who]
    before = keys(desktop)
    assert tell(town, sender, desktop, KeyShare((INJECTED,))) == [check]
    assert keys(desktop) == before


def test_no_key_is_ever_replaced() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    before = keys(desktop)
    (known,) = before
    other = SyncKey(known.encode(), b"x" * 32)
    assert tell(town, phone, desktop, KeyShare((INJECTED, other))) == ["key_replaced"]
    assert keys(desktop) == before


def test_a_stranger_who_asks_gets_nothing() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(bob, "alice", "hello")
    key_id = newest(keys(alice))
    assert key_id is not None
    assert tell(town, bob, alice, KeyRequest((key_id.encode(),))) == ["from_own_account"]
    assert keys(bob).keys() == keys(alice).keys() and keys(bob) != keys(alice)


def test_a_key_share_that_comes_twice_is_confirmed_twice_and_learned_once() -> None:
    town = Town()
    phone = town.phone("alice")
    desktop = town.companion(phone)
    with phone.device.store.transaction():
        phone.device.keys_sent.clear()  # type: ignore[union-attr]
    town.network.connect(phone)
    (entry,) = town.server.mailboxes.waiting(desktop.name)
    town.network.run(desktop, desktop.handle(entry))
    town.network.run(desktop, desktop.handle(entry))
    town.network.settle()
    agree(phone, desktop)


def forget_keys(client: Client) -> None:
    """The key is replaced by one that nobody writes with, so that the companion still has a reason to sync."""
    with client.device.store.transaction():
        client.device.sync_keys.clear()
        client.device.sync_keys[KeyId(0, 0)] = SyncKey(KeyId(0, 0).encode(), b"0" * 32)
