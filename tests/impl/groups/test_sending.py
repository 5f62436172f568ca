"""Who can open a group message: the devices of members, each from the message on that brought it the key."""

import pytest

from impl.address import Address
from impl.device import Device
from impl.groups import open_
from impl.groups.receiving import HeldKey
from impl.peers import Peer
from impl.sessions import SessionError
from impl.stanza import GroupStanza
from impl.wire.senderkeys import SenderKeyMessage
from tests.impl.groups.scene import (
    ALICE,
    BOB,
    CAROL,
    DESKTOP,
    GROUP,
    MALLORY,
    MEMBER_DEVICES,
    MEMBERS,
    WEB,
    Scene,
    stanzas,
)
from tests.impl.household import NOW
from tests.impl.refusals import refused


@pytest.fixture
def scene() -> Scene:
    return Scene()


def key_id(stanza: GroupStanza) -> int:
    return SenderKeyMessage.decode(stanza.body).id


def iteration(stanza: GroupStanza) -> int:
    return SenderKeyMessage.decode(stanza.body).iteration


def opens(held: HeldKey, stanza: GroupStanza) -> bool:
    """Whether somebody who keeps this key reads that message, whatever the rules say."""
    try:
        open_(held.record, stanza.body)
    except SessionError:
        return False
    return True


def test_one_ciphertext_for_all_and_a_key_for_each_device(scene: Scene) -> None:
    sealed = scene.say(DESKTOP, "hi")
    assert set(sealed) == set(MEMBER_DEVICES) - {DESKTOP}
    assert len({stanza.body for stanza in sealed.values()}) == 1
    keys = [stanza.distribution for stanza in sealed.values()]
    assert len({key.body for key in keys if key is not None}) == 4
    assert all(scene.texts(each) == ["hi"] for each in MEMBER_DEVICES)


def test_the_key_goes_out_once(scene: Scene) -> None:
    scene.say(ALICE, "one")
    sealed = scene.say(ALICE, "two")
    assert all(stanza.distribution is None for stanza in sealed.values())
    assert [iteration(stanza) for stanza in sealed.values()] == [1] * 4


def test_each_device_of_a_user_has_a_key_of_its_own(scene: Scene) -> None:
    phone, desktop = scene.say(ALICE, "one")[BOB], scene.say(DESKTOP, "two")[BOB]
    assert key_id(phone) != key_id(desktop)
    assert scene.devices[BOB].sender_keys.keys() == {(GROUP, ALICE), (GROUP, DESKTOP)}


def test_who_joins_reads_nothing_earlier(scene: Scene) -> None:
    scene.change(("alice", "bob"))
    before = scene.say(ALICE, "before Carol")[BOB]
    scene.change(MEMBERS)
    after = scene.say(ALICE, "after")
    assert [each for each, stanza in after.items() if stanza.distribution is not None] == [CAROL]
    held = scene.devices[CAROL].sender_keys[GROUP, ALICE]
    assert key_id(after[CAROL]) == key_id(before)
    assert not opens(held, before)
    assert scene.texts(CAROL) == ["after"]


def test_what_a_removed_member_kept_opens_nothing_later(scene: Scene) -> None:
    scene.say(ALICE, "with Carol")
    kept = scene.devices[CAROL].sender_keys[GROUP, ALICE]
    scene.change(("alice", "bob"))
    after = scene.say(ALICE, "without Carol")
    assert CAROL not in after and CAROL.user not in {each.user for each in after}
    assert not opens(kept, after[BOB])
    assert all(stanza.distribution is not None for stanza in after.values())


def test_every_member_s_device_draws_a_new_key_after_a_removal(scene: Scene) -> None:
    kept = {}
    for sender in (ALICE, DESKTOP, BOB, WEB):
        scene.say(sender, "with Carol")
        kept[sender] = scene.devices[CAROL].sender_keys[GROUP, sender]
    scene.change(("alice", "bob"))
    for sender in (ALICE, DESKTOP, BOB, WEB):
        assert not any(opens(kept[sender], stanza) for stanza in scene.say(sender, "without Carol").values())


def test_what_an_unlinked_companion_kept_opens_nothing_later(scene: Scene) -> None:
    scene.say(ALICE, "with Bob's web client")
    kept = scene.devices[WEB].sender_keys[GROUP, ALICE]
    scene.devices[ALICE].learn_list("bob", scene.phones["bob"].unlink(scene.indexes[WEB], NOW), NOW)
    after = scene.seal(ALICE, "without it")
    assert WEB not in after and set(after) == {DESKTOP, BOB, CAROL}
    assert not opens(kept, after[BOB])


def test_a_device_with_another_identity_gets_another_key(scene: Scene) -> None:
    """Whoever decides that an account's new identity is taken changes what is known of the peer."""
    before = scene.say(ALICE, "to the old phone")[CAROL]
    alice = scene.devices[ALICE]
    with alice.store.transaction():
        alice.peers[CAROL] = Peer(scene.devices[MALLORY].identity.public, 0)
    after = scene.seal(ALICE, "to the new phone")
    assert key_id(after[CAROL]) != key_id(before)
    assert all(stanza.distribution is not None for stanza in after.values())


def test_a_message_sent_again_is_the_next_of_the_chain(scene: Scene) -> None:
    """The device it is for reads it, and nothing that was sent before."""
    before = scene.say(ALICE, "before")[BOB]
    sealed = scene.seal(ALICE, "lost")
    alice = scene.devices[ALICE]
    alice.submitted("id2")
    alice.resend_to_group("id2", (WEB, MALLORY), NOW)
    again = stanzas(alice, "id2")
    assert list(again) == [WEB]
    assert iteration(again[WEB]) == iteration(sealed[WEB]) + 1
    assert again[WEB].distribution is not None
    with scene.devices[WEB].store.transaction():
        scene.devices[WEB].sender_keys.clear()
    scene.deliver(WEB, again[WEB])
    assert not opens(scene.devices[WEB].sender_keys[GROUP, ALICE], before)
    assert scene.texts(WEB) == ["before", "lost"]


def test_sending_again_takes_no_key_that_others_hold(scene: Scene) -> None:
    """Carol has another identity, Bob's web client is gone: either alone makes the key one of the past."""
    alice = scene.devices[ALICE]
    before = scene.seal(ALICE, "hi")[BOB]
    alice.submitted("id1")
    twin = Device.restore(alice.snapshot())
    with alice.store.transaction():
        alice.peers[CAROL] = Peer(scene.devices[MALLORY].identity.public, 0)
    alice.resend_to_group("id1", (CAROL,), NOW)
    twin.learn_list("bob", scene.phones["bob"].unlink(scene.indexes[WEB], NOW), NOW)
    twin.resend_to_group("id1", (WEB, BOB), NOW)
    assert key_id(stanzas(alice, "id1")[CAROL]) != key_id(before)
    assert list(stanzas(twin, "id1")) == [BOB] and key_id(stanzas(twin, "id1")[BOB]) != key_id(before)


def test_sending_again_forgets_nobody_who_holds_the_key(scene: Scene) -> None:
    alice = scene.devices[ALICE]
    before = scene.seal(ALICE, "hi")[BOB]
    alice.submitted("id1")
    alice.resend_to_group("id1", (BOB,), NOW)
    alice.learn_list("bob", scene.phones["bob"].unlink(scene.indexes[WEB], NOW), NOW)
    assert key_id(scene.seal(ALICE, "without it")[BOB]) != key_id(before)


def test_nobody_left_to_send_again_to(scene: Scene) -> None:
    alice = scene.devices[ALICE]
    scene.seal(ALICE, "hi")
    alice.submitted("id1", (MALLORY,))
    assert alice.outbox
    alice.resend_to_group("id1", (MALLORY,), NOW)
    assert not alice.outbox


def test_what_waits_for_the_server_goes_there_first(scene: Scene) -> None:
    alice = scene.devices[ALICE]
    scene.seal(ALICE, "hi")
    before = alice.snapshot()
    alice.resend_to_group("id1", (BOB,), NOW)
    assert alice.snapshot() == before


def test_one_stale_session_does_not_silence_the_group(scene: Scene) -> None:
    alice = scene.devices[ALICE]
    with alice.store.transaction():
        del alice.records[CAROL]
    sealed = scene.seal(ALICE, "hi")
    assert [each for each, stanza in sealed.items() if stanza.distribution is None] == [CAROL]


@pytest.mark.parametrize("outsider", [MALLORY, CAROL])
def test_who_is_no_member_does_not_send(scene: Scene, outsider: Address) -> None:
    scene.change(("alice", "bob"))
    with refused(scene.devices[outsider], "member"):
        scene.seal(outsider, "hi")
