"""What the server says of a group is taken, in order, and kept for the user to see."""

import pytest

from impl.groups.membership import MEMBER_LIMIT, Change, Group
from tests.impl.groups.scene import ALICE, BOB, CAROL, GROUP, MEMBERS, OTHER_GROUP, Scene
from tests.impl.household import NOW
from tests.impl.refusals import refused


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_changes_are_noted(scene: Scene) -> None:
    scene.change(("alice", "bob", "dave"))
    assert dict(scene.devices[BOB].group_changes) == {
        (GROUP, 1): Change(("alice", "bob", "carol"), (), NOW),
        (GROUP, 2): Change(("dave",), ("carol",), NOW),
    }


def test_an_older_version_changes_nothing(scene: Scene) -> None:
    scene.change(("alice", "bob"))
    bob = scene.devices[BOB]
    before = bob.snapshot()
    for version in (1, 2):
        bob.learn_group(GROUP, version, MEMBERS, NOW)
    assert bob.snapshot() == before
    assert bob.groups[GROUP] == Group(2, ("alice", "bob"))


@pytest.mark.parametrize("name", ["bob", "x@g.us", "@g.us", "1@s.whatsapp.net"])
def test_a_group_has_the_name_of_a_group(scene: Scene, name: str) -> None:
    with refused(scene.devices[BOB], "well_formed"):
        scene.devices[BOB].learn_group(name, 1, MEMBERS, NOW)


def test_too_many_members(scene: Scene) -> None:
    users = [f"user{number}" for number in range(MEMBER_LIMIT + 1)]
    scene.devices[BOB].learn_group(OTHER_GROUP, 1, users[:-1], NOW)
    with refused(scene.devices[BOB], "well_formed"):
        scene.devices[BOB].learn_group(OTHER_GROUP, 2, users, NOW)


def test_keys_go_with_the_membership(scene: Scene) -> None:
    for sender in (ALICE, BOB, CAROL):
        scene.say(sender, "hi")
    scene.change(("alice", "bob"))
    assert scene.devices[BOB].sender_keys.keys() == {(GROUP, ALICE)}
    carol = scene.devices[CAROL]
    assert not (carol.sender_keys or carol.own_sender_keys or carol.served)


def test_who_comes_back_starts_anew(scene: Scene) -> None:
    for sender in (ALICE, CAROL):
        scene.say(sender, "before")
    scene.change(("alice", "bob"))
    scene.say(ALICE, "without Carol")
    scene.change(MEMBERS)
    for sender in (ALICE, CAROL):
        scene.say(sender, "after")
    assert scene.texts(CAROL) == ["before", "before", "after", "after"]
    assert scene.texts(BOB) == ["before", "before", "without Carol", "after", "after"]
