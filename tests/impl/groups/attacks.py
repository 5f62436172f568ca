"""What each flaw of groups lets somebody do; true if the harm was done."""

from __future__ import annotations

from dataclasses import replace

from impl.groups import OwnSenderKey
from impl.groups.senderkey import open_
from impl.sessions import SessionError
from impl.stanza import GroupStanza
from impl.wire import content, padding
from impl.wire.content import KeyDistribution, Message, Text
from tests.impl.groups.scene import ALICE, BOB, CAROL, DESKTOP, GROUP, MALLORY, Scene
from tests.impl.household import NOW


def read_after_leaving(_: object) -> bool:
    """Carol keeps Alice's key when she has left, and sees every ciphertext."""
    scene = Scene()
    scene.say(ALICE, "before")
    kept = scene.devices[CAROL].sender_keys[GROUP, ALICE].record
    scene.change(("alice", "bob"))
    try:
        open_(kept, scene.seal(ALICE, "after")[BOB].body)
    except SessionError:
        return False
    return True


def read_after_being_unlinked(_: object) -> bool:
    """Alice's desktop keeps Bob's key when it was unlinked, and Bob knows that it was."""
    scene = Scene()
    scene.say(BOB, "before")
    kept = scene.devices[DESKTOP].sender_keys[GROUP, BOB].record
    signed_list = scene.phones["alice"].unlink(scene.indexes[DESKTOP], NOW)
    scene.devices[BOB].learn_list("alice", signed_list, NOW)
    try:
        open_(kept, scene.seal(BOB, "after")[ALICE].body)
    except SessionError:
        return False
    return True


def speak_without_being_a_member(_: object) -> bool:
    scene = Scene()
    key = OwnSenderKey.generate(scene.entropy)
    message = Message(None, distribution=KeyDistribution(GROUP, key.distribution().encode()))
    handed = scene.devices[MALLORY].seal(BOB, padding.pad(content.encode(message), scene.entropy), "id", "message", NOW)
    _, frame = key.seal(padding.pad(content.encode(Text("let me in")), scene.entropy), scene.entropy)
    stanza = GroupStanza("id", MALLORY, BOB, GROUP, frame, handed)
    scene.deliver(BOB, stanza)
    return scene.texts(BOB) == ["let me in"]


def speak_for_another_member(_: object) -> bool:
    """Carol has Alice's chain, as every member does; she signs with a key of her own."""
    scene = Scene()
    stanza = scene.seal(ALICE, "I stay")[BOB]
    scene.devices[BOB].receive_sender_key(stanza)
    state = scene.devices[BOB].sender_keys[GROUP, ALICE].record.states[0]
    forger = replace(OwnSenderKey.generate(scene.entropy), id=state.id, chain=state.receiving.chain)
    _, frame = forger.seal(padding.pad(content.encode(Text("I quit")), scene.entropy), scene.entropy)
    scene.devices[BOB].receive_from_group(replace(stanza, body=frame), NOW)
    return scene.texts(BOB) == ["I quit"]
