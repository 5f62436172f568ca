"""Whose group message is accepted; each check alone, against a message that is right in all but one thing."""

from dataclasses import replace

import pytest

from impl.address import Address
from impl.crypto import xeddsa
from impl.groups import OwnSenderKey
from impl.groups.receiving import HeldKey
from impl.stanza import GroupStanza, Stanza
from impl.wire import content, padding
from impl.wire.content import Body, DeviceSent, KeyDistribution, Message, Text
from impl.wire.senderkeys import SenderKeyMessage
from tests.impl.groups.scene import ALICE, BOB, CAROL, DESKTOP, GROUP, MALLORY, OTHER_GROUP, WEB, Scene
from tests.impl.household import NOW
from tests.impl.refusals import refused


@pytest.fixture
def scene() -> Scene:
    return Scene()


def handed_out(scene: Scene, sender: Address, key: OwnSenderKey, body: Body | None = None) -> Stanza:
    """A sender key as `sender` would give it to Bob."""
    message = Message(body, distribution=KeyDistribution(GROUP, key.distribution().encode()))
    plaintext = padding.pad(content.encode(message), scene.entropy)
    return scene.devices[sender].seal(BOB, plaintext, "key", "message", NOW)


def under(scene: Scene, key: OwnSenderKey, body: Body, sender: Address = ALICE) -> GroupStanza:
    """A message under any key, with that key."""
    _, frame = key.seal(padding.pad(content.encode(body), scene.entropy), scene.entropy)
    return GroupStanza("id", sender, BOB, GROUP, frame, handed_out(scene, sender, key))


def test_author_and_chat(scene: Scene) -> None:
    scene.say(DESKTOP, "hi")
    for address in (ALICE, BOB, WEB, CAROL):
        (message,) = scene.devices[address].conversation
        assert (message.author, message.chat, message.text, message.source) == (DESKTOP, GROUP, "hi", "received")


def test_a_key_from_a_stranger_is_refused(scene: Scene) -> None:
    """Mallory has a session with Bob, but is in no group with him. CVE-2022-39246 to -39251 (Matrix)."""
    stanza = under(scene, OwnSenderKey.generate(scene.entropy), Text("hi"), MALLORY)
    with refused(scene.devices[BOB], "member"):
        scene.devices[BOB].receive_sender_key(stanza)


def test_a_key_of_one_group_is_none_of_another(scene: Scene) -> None:
    scene.change(("alice", "bob", "mallory"), OTHER_GROUP)
    key = OwnSenderKey.generate(scene.entropy)
    stanza = under(scene, key, Text("hi"))
    with refused(scene.devices[BOB], "key_of_group"):
        scene.devices[BOB].receive_sender_key(replace(stanza, group=OTHER_GROUP))
    scene.devices[BOB].receive_sender_key(stanza)
    with refused(scene.devices[BOB], "no_sender_key"):
        scene.devices[BOB].receive_from_group(replace(stanza, group=OTHER_GROUP), NOW)


def test_a_key_is_for_messages_of_the_device_that_gave_it(scene: Scene) -> None:
    """Mallory's own key, under Alice's name; then Alice's message, under her desktop's."""
    key = handed_out(scene, MALLORY, OwnSenderKey.generate(scene.entropy))
    with refused(scene.devices[BOB], "one_sender"):
        scene.devices[BOB].receive_sender_key(GroupStanza("id", ALICE, BOB, GROUP, b"", key))
    stanza = scene.say(ALICE, "hi")[BOB]
    with refused(scene.devices[BOB], "no_sender_key"):
        scene.devices[BOB].receive_from_group(replace(stanza, id="other", sender=DESKTOP), NOW)


def test_a_key_comes_alone(scene: Scene) -> None:
    both = handed_out(scene, ALICE, OwnSenderKey.generate(scene.entropy), Text("hi"))
    neither = next(each for each in scene.devices[ALICE].send("id", "bob", Text("hi"), NOW) if each.recipient == BOB)
    for distribution in (both, neither, None):
        with refused(scene.devices[BOB], "content"):
            scene.devices[BOB].receive_sender_key(GroupStanza("id", ALICE, BOB, GROUP, b"", distribution))


def test_a_key_opens_its_session_once(scene: Scene) -> None:
    stanza = scene.say(ALICE, "hi")[BOB]
    with refused(scene.devices[BOB], "fresh"):
        scene.devices[BOB].receive_sender_key(stanza)


def test_a_forged_signature_is_refused(scene: Scene) -> None:
    """Carol knows Alice's chain, as every member does, and not the key that signs."""
    stanza = scene.seal(ALICE, "I stay")[BOB]
    bob = scene.devices[BOB]
    bob.receive_sender_key(stanza)
    forger = OwnSenderKey.generate(scene.entropy)
    chain = scene.devices[ALICE].own_sender_keys[GROUP]
    state = bob.sender_keys[GROUP, ALICE].record.states[0]
    forger = replace(forger, id=chain.id, chain=state.receiving.chain)
    _, frame = forger.seal(padding.pad(content.encode(Text("I quit")), scene.entropy), scene.entropy)
    with refused(bob, "signature"):
        bob.receive_from_group(replace(stanza, body=frame), NOW)
    bob.receive_from_group(stanza, NOW)
    assert scene.texts(BOB) == ["I stay"]


def test_a_key_that_was_replaced_opens_nothing_more(scene: Scene) -> None:
    """Whoever stole Alice's former key, with what signs, speaks for her no longer once she has a new one."""
    scene.say(ALICE, "one")
    stolen = scene.devices[ALICE].own_sender_keys[GROUP]
    scene.change(("alice", "bob"))
    scene.say(ALICE, "two")
    _, frame = stolen.seal(padding.pad(content.encode(Text("I quit")), scene.entropy), scene.entropy)
    with refused(scene.devices[BOB], "newest_key"):
        scene.devices[BOB].receive_from_group(GroupStanza("id", ALICE, BOB, GROUP, frame), NOW)


def test_a_key_handed_out_again_does_not_rewind(scene: Scene) -> None:
    key = OwnSenderKey.generate(scene.entropy)
    first = under(scene, key, Text("hi"))
    scene.deliver(BOB, first)
    again = replace(first, id="again", distribution=handed_out(scene, ALICE, key))
    scene.devices[BOB].receive_sender_key(again)
    with refused(scene.devices[BOB], "fresh"):
        scene.devices[BOB].receive_from_group(again, NOW)


def test_a_message_is_accepted_once(scene: Scene) -> None:
    stanza = scene.say(ALICE, "hi")[BOB]
    with refused(scene.devices[BOB], "fresh"):
        scene.devices[BOB].receive_from_group(stanza, NOW)
    scene.devices[ALICE].submitted("id1")
    scene.devices[ALICE].resend_to_group("id1", (BOB,), NOW)
    again = scene.devices[ALICE].outbox["id1"].body
    assert again is not None and again != stanza.body
    with refused(scene.devices[BOB], "fresh"):
        scene.devices[BOB].receive_from_group(replace(stanza, body=again), NOW)


def test_without_its_key_a_message_waits_for_one(scene: Scene) -> None:
    stanza = scene.seal(ALICE, "hi")[BOB]
    with refused(scene.devices[BOB], "no_sender_key"):
        scene.devices[BOB].receive_from_group(stanza, NOW)
    scene.deliver(BOB, stanza)
    assert scene.texts(BOB) == ["hi"]


def test_messages_may_overtake_each_other(scene: Scene) -> None:
    first, second, third = (scene.seal(ALICE, text)[BOB] for text in ("one", "two", "three"))
    scene.devices[BOB].receive_sender_key(first)
    for stanza in (third, first, second):
        scene.devices[BOB].receive_from_group(stanza, NOW)
    assert sorted(scene.texts(BOB)) == ["one", "three", "two"]


def test_a_companion_that_was_unlinked_speaks_no_longer(scene: Scene) -> None:
    scene.say(DESKTOP, "hi")
    late = scene.seal(DESKTOP, "still here")[BOB]
    scene.devices[BOB].learn_list("alice", scene.phones["alice"].unlink(scene.indexes[DESKTOP], NOW), NOW)
    with refused(scene.devices[BOB], "author_listed"):
        scene.devices[BOB].receive_from_group(late, NOW)


def test_a_member_who_was_removed_speaks_no_longer(scene: Scene) -> None:
    scene.say(CAROL, "hi")
    late = scene.seal(CAROL, "still here")[BOB]
    scene.change(("alice", "bob"))
    with refused(scene.devices[BOB], "member"):
        scene.devices[BOB].receive_from_group(late, NOW)


def test_keys_of_a_former_identity_count_for_nothing(scene: Scene) -> None:
    scene.say(CAROL, "hi")
    bob, late = scene.devices[BOB], scene.seal(CAROL, "still here")[BOB]
    held = bob.sender_keys[GROUP, CAROL]
    with bob.store.transaction():
        bob.sender_keys[GROUP, CAROL] = HeldKey(bytes(32), held.record)
    with refused(bob, "no_sender_key"):
        bob.receive_from_group(late, NOW)


def test_a_new_identity_begins_with_no_keys(scene: Scene) -> None:
    scene.say(CAROL, "hi")
    bob = scene.devices[BOB]
    held = bob.sender_keys[GROUP, CAROL]
    with bob.store.transaction():
        bob.sender_keys[GROUP, CAROL] = HeldKey(bytes(32), held.record)
    bob.receive_sender_key(under(scene, OwnSenderKey.generate(scene.entropy), Text("hi"), CAROL))
    assert len(bob.sender_keys[GROUP, CAROL].record.states) == 1


def test_what_is_no_message_of_a_chat_is_refused(scene: Scene) -> None:
    stanza = under(scene, OwnSenderKey.generate(scene.entropy), DeviceSent("carol", Text("I quit")))
    scene.devices[BOB].receive_sender_key(stanza)
    with refused(scene.devices[BOB], "content"):
        scene.devices[BOB].receive_from_group(stanza, NOW)


def test_damaged_frames(scene: Scene) -> None:
    stanza = scene.seal(ALICE, "hi")[BOB]
    bob = scene.devices[BOB]
    bob.receive_sender_key(stanza)
    message = SenderKeyMessage.decode(stanza.body)
    signing = scene.devices[ALICE].own_sender_keys[GROUP].signing
    far = replace(message, iteration=3000)
    far = replace(far, signature=xeddsa.sign(signing.private, far.signed(), scene.entropy))
    for check, body in (
        ("intact", b"\x33" + bytes(70)),
        ("intact", far.encode()),
        ("signature", replace(message, iteration=1).encode()),
        ("no_sender_key", replace(message, id=message.id ^ 1).encode()),
    ):
        with refused(bob, check):
            bob.receive_from_group(replace(stanza, body=body), NOW)
