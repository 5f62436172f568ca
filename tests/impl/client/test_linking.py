"""Linking, unlinking, linking again and registering anew between clients and a server, with a crash anywhere."""

from typing import Any

import pytest

from impl.address import Address
from impl.client.linking import leave, scan, show_qr, unlink
from impl.dialogue import (
    Acknowledge,
    ApproveLinking,
    AskReference,
    ConfirmLinking,
    Declined,
    PublishList,
    PublishPrekeys,
    Request,
    Unlink,
)
from impl.kinds import DeviceProps, Kind, Platform
from impl.linking import SEATS, LinkedDevice
from impl.refusal import Refused
from impl.wire.adv import SignedKeyIndexList
from impl.wire.content import Text
from tests.impl.client.crashes import NOW, Crash, FragileTown
from tests.impl.client.town import texts

Kinds = type[Request[Any]]
ALICE = Address("alice", 0)


def devices(town: FragileTown, user: str) -> tuple[Address, ...]:
    return town.server.directory.addresses(user)


def everybody_agrees(town: FragileTown, user: str) -> None:
    """The phone, the server and the list that it publishes name the same companions."""
    phone = town.phone_of(user)
    directory = town.server.directory.lookup(user)
    assert directory.signed_list == phone.signed_list
    linked = {each.address: each.key_index for each in phone.linked_devices}
    assert {each.address: each.key_index for each in directory.devices} == {phone.address: 0} | linked
    assert SignedKeyIndexList.decode(phone.signed_list).list.valid_indexes == (0, *linked.values())


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("at", [ApproveLinking, ConfirmLinking, Acknowledge, PublishPrekeys])
def test_linking_outlives_a_crash(town: FragileTown, at: Kinds, late: bool) -> None:
    town.phone("alice"), town.phone("bob")
    town.companion("web")
    town.crash_at(at, late)
    town.link("alice", "web")
    assert town.crashes == 1
    everybody_agrees(town, "alice")
    assert town.phone_of("alice").vouched.keys() == {1}
    assert town.companion_of("web").address == Address("alice", 1)
    town.say("bob", "alice", "hi")
    assert texts(town.clients["web"]) == texts(town.clients["alice"]) == ["hi"]


def test_a_companion_joins_before_its_phone_is_back(town: FragileTown) -> None:
    """The phone does not know that the server has its approval, and says it again: it is no other companion."""
    alice = town.phone("alice")
    web = town.companion("web")
    text = town.run("web", show_qr(web))
    town.crash_at(ApproveLinking, late=True)
    with pytest.raises(Crash) as crash:
        town.run("alice", scan(alice, text, NOW))
    town.network.clients.remove(crash.value.client)
    town.settle()
    assert web.address == Address("alice", 1) and not web.joining
    town.network.clients.append(crash.value.client)
    town.restart("alice")
    town.settle()
    everybody_agrees(town, "alice")
    assert town.phone_of("alice").live == (1,)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("at", [Unlink, PublishList])
def test_unlinking_by_the_phone_outlives_a_crash(town: FragileTown, at: Kinds, late: bool) -> None:
    alice = town.phone("alice")
    town.companion("web")
    town.link("alice", "web")
    town.crash_at(at, late)
    town.once("alice", lambda: unlink(alice, 1, NOW))
    everybody_agrees(town, "alice")
    assert devices(town, "alice") == (ALICE,)
    assert town.companion_of("web").address is None


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("at", [Unlink, PublishList])
def test_a_companion_leaves_and_a_crash_changes_nothing(town: FragileTown, at: Kinds, late: bool) -> None:
    town.phone("alice")
    web = town.companion("web")
    town.link("alice", "web")
    town.crash_at(at, late)
    town.once("web", lambda: leave(web, NOW))
    if town.companion_of("web").address is not None:  # it crashed before anybody knew: its user asks again
        town.once("web", lambda: leave(town.companion_of("web"), NOW))
    assert town.crashes == 1
    everybody_agrees(town, "alice")
    assert devices(town, "alice") == (ALICE,)
    assert town.companion_of("web").address is None


def test_what_left_links_again_as_another_device(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    identities, noises = set(), set()
    for number in (1, 2, 3):
        town.link("alice", "web")
        assert web.address == Address("alice", number)
        assert alice.live == (number,)
        identities.add(web.identity.public)
        noises.add(web.noise.public)
        town.once("alice", lambda: unlink(alice, alice.live[0], NOW))
        assert web.address is None and not town.server.linking.joined
    assert len(identities) == len(noises) == 3
    town.restart("web")
    town.link("alice", "web")
    assert town.companion_of("web").address == Address("alice", 4)


def test_a_companion_that_was_away_is_logged_out_when_it_connects(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    town.link("alice", "web")
    away = town.clients.pop("web")
    town.network.clients.remove(away)
    town.once("alice", lambda: unlink(alice, 1, NOW))
    former = web.identity
    town.network.connect(away)
    assert web.address is None
    assert web.identity != former


def test_nothing_is_sealed_for_or_opened_from_an_unlinked_device(town: FragileTown) -> None:
    alice, bob, web = town.phone("alice"), town.phone("bob"), town.companion("web")
    town.companion("desktop")
    town.link("alice", "web"), town.link("alice", "desktop")
    town.say("bob", "alice", "hi"), town.say("web", "bob", "hello")
    assert web.address is not None
    gone = web.address
    late = web.send("id", "bob", Text("late"), NOW)
    town.once("alice", lambda: unlink(alice, 1, NOW))
    for device in (bob, town.companion_of("desktop"), alice):
        assert gone in device.peers
        assert gone not in device.records
    assert gone not in {stanza.recipient for stanza in bob.send("id", "alice", Text("still there?"), NOW)}
    with pytest.raises(Refused):
        bob.receive(next(stanza for stanza in late if stanza.recipient == bob.address), NOW)


def test_the_phone_shows_what_is_linked(town: FragileTown) -> None:
    alice = town.phone("alice")
    shown = [
        (Platform.FIREFOX, "Linux", Kind.WEB),
        (Platform.DESKTOP, "Windows", Kind.DESKTOP),
        (Platform.IPAD, "iPad", Kind.TABLET),
        (Platform.ALOHA, "Portal", Kind.PORTAL),
    ]
    for platform, os, _ in shown:
        town.companion(os, DeviceProps(platform, os))
        town.link("alice", os)
    assert alice.linked_devices == tuple(
        LinkedDevice(i, Address("alice", i), kind, os) for i, (_, os, kind) in enumerate(shown, 1)
    )
    town.once("alice", lambda: unlink(alice, 2, NOW))
    assert [each.name for each in alice.linked_devices] == ["Linux", "iPad", "Portal"]


@pytest.mark.parametrize("platform", [Platform.ANDROID_PHONE, Platform.IOS_PHONE, Platform.UNKNOWN])
def test_the_server_registers_no_phone_as_companion(town: FragileTown, platform: Platform) -> None:
    companion = town.companion("phone", DeviceProps(platform))
    with pytest.raises(Declined):
        town.run("phone", show_qr(companion))


def test_an_approval_that_reaches_nobody_takes_no_seat(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    for number in range(SEATS + 1):
        with pytest.raises(Refused) as refusal:
            town.run("alice", scan(alice, town.companion(f"nobody {number}").show_qr("ref"), NOW))
        assert refusal.value.check == "waiting"
    assert alice.live == () and not alice.approvals
    town.link("alice", "web")
    assert web.address == Address("alice", 1)
    assert alice.live == (SEATS + 2,)


def test_the_first_of_two_phones_has_the_companion(town: FragileTown) -> None:
    alice, bob, web = town.phone("alice"), town.phone("bob"), town.companion("web")
    text = town.run("web", show_qr(web))
    town.run("alice", scan(alice, text, NOW))
    with pytest.raises(Refused):
        town.run("bob", scan(bob, text, NOW))
    town.settle()
    assert web.address == Address("alice", 1)
    assert bob.live == ()
    assert town.server.directory.addresses("bob") == (bob.address,)


def test_a_companion_whose_phone_has_thought_better_of_it(town: FragileTown) -> None:
    """The account is registered anew between approval and confirmation."""
    alice, web = town.phone("alice"), town.companion("web")
    text = town.run("web", show_qr(web))
    town.run("alice", scan(alice, text, NOW))
    town.network.clients.remove(town.clients.pop("alice"))
    town.phone("alice", "second phone")
    town.settle()
    assert web.address is None and not web.joining
    assert [refusal.check for refusal in town.clients["web"].refusals] == ["waiting"]
    town.link("second phone", "web")
    assert web.address is not None and web.address.user == "alice"


def test_a_qr_is_shown_again_after_a_crash(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    town.crash_at(AskReference, late=True)
    town.once("web", lambda: show_qr(web))
    town.link("alice", "web")
    assert town.companion_of("web").address == Address("alice", 1)
    assert alice.live == (1,)
