"""A group message that comes over a session alone, as Baileys and whatsmeow send one again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impl.address import Address
from impl.groups import OwnSenderKey
from impl.refusal import Refused
from impl.retry import curable
from impl.stanza import GroupStanza
from impl.wire import content, padding
from impl.wire.content import Body, KeyDistribution, Message, Text
from tests.impl.groups.scene import ALICE, BOB, DESKTOP, GROUP, MALLORY, OTHER_GROUP, Scene
from tests.impl.household import NOW
from tests.impl.refusals import refused

HI = Text("hi")


@pytest.fixture
def scene() -> Scene:
    return Scene()


def again(scene: Scene, body: Body | None = HI, group: str | None = GROUP, sender: Address = ALICE) -> GroupStanza:
    """What `sender` said in the group, sealed once more, for Bob."""
    key = KeyDistribution(group, OwnSenderKey.generate(scene.entropy).distribution().encode()) if group else None
    plaintext = padding.pad(content.encode(Message(body, distribution=key)), scene.entropy)
    return GroupStanza("id", sender, BOB, GROUP, b"", scene.devices[sender].seal(BOB, plaintext, "id", "message", NOW))


def test_it_joins_the_conversation_of_the_group(scene: Scene) -> None:
    scene.devices[BOB].receive_from_group(again(scene), NOW)
    (message,) = scene.devices[BOB].conversation
    assert (message.author, message.chat, message.text) == (ALICE, GROUP, "hi")


def test_its_key_opens_what_follows(scene: Scene) -> None:
    key = OwnSenderKey.generate(scene.entropy)
    _, frame = key.seal(padding.pad(content.encode(Text("more")), scene.entropy), scene.entropy)
    distribution = KeyDistribution(GROUP, key.distribution().encode())
    plaintext = padding.pad(content.encode(Message(Text("hi"), distribution=distribution)), scene.entropy)
    sealed = scene.devices[ALICE].seal(BOB, plaintext, "id", "message", NOW)
    scene.devices[BOB].receive_from_group(GroupStanza("id", ALICE, BOB, GROUP, b"", sealed), NOW)
    scene.devices[BOB].receive_from_group(GroupStanza("more", ALICE, BOB, GROUP, frame), NOW)
    assert scene.texts(BOB) == ["hi", "more"]


def test_it_is_accepted_once(scene: Scene) -> None:
    scene.devices[BOB].receive_from_group(again(scene), NOW)
    with refused(scene.devices[BOB], "fresh"):
        scene.devices[BOB].receive_from_group(again(scene), NOW)


def test_what_was_said_to_one_is_not_shown_as_said_to_all(scene: Scene) -> None:
    """The server puts a direct message, or one of another group, under the name of this group."""
    with refused(scene.devices[BOB], "content"):
        scene.devices[BOB].receive_from_group(again(scene, group=None), NOW)
    with refused(scene.devices[BOB], "key_of_group"):
        scene.devices[BOB].receive_from_group(again(scene, group=OTHER_GROUP), NOW)


def test_neither_a_key_alone_nor_nothing_is_a_message(scene: Scene) -> None:
    for stanza in (again(scene, body=None), GroupStanza("id", ALICE, BOB, GROUP, b"")):
        with refused(scene.devices[BOB], "content"):
            scene.devices[BOB].receive_from_group(stanza, NOW)


def test_only_members_speak_and_each_for_itself(scene: Scene) -> None:
    with refused(scene.devices[BOB], "member"):
        scene.devices[BOB].receive_from_group(again(scene, sender=MALLORY), NOW)
    with refused(scene.devices[BOB], "one_sender"):
        scene.devices[BOB].receive_from_group(replace(again(scene), sender=DESKTOP), NOW)


def test_each_damaged_one_is_asked_for_anew(scene: Scene) -> None:
    bob, stanza = scene.devices[BOB], again(scene)
    assert stanza.distribution is not None
    counts = []
    whole = stanza.distribution.body
    for cut in (1, 2, 2):
        sealed = replace(stanza.distribution, body=whole[:-cut])
        damaged = replace(stanza, distribution=sealed)
        with pytest.raises(Refused, match="intact") as refusal:
            bob.receive_from_group(damaged, NOW)
        assert curable(bob, damaged, refusal.value)
        request = bob.want(damaged, refusal.value, GROUP)
        assert request is not None and request.chat == GROUP
        counts.append(request.count)
    assert counts == [1, 2, 2]
