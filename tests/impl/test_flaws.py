"""Each flaw of the gallery lets its attack succeed; without it, the attack meets the check it needs gone."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from unittest.mock import patch

import pytest

from impl import attachments
from impl.address import Address
from impl.attestation import device_message
from impl.companion import Companion
from impl.crypto import xeddsa
from impl.crypto.kdf import hmac_sha256
from impl.device import Device
from impl.dialogue import Acknowledge, Delivery
from impl.durations import DAY
from impl.flaws import GALLERY, Flaw
from impl.kinds import DeviceProps, Platform
from impl.list_validity import EXPIRY
from impl.pairing_code import secrets
from impl.phone import Phone
from impl.receiving import opened_stanza
from impl.refusal import Refused
from impl.server import Server
from impl.stanza import Stanza
from impl.wire import content, padding
from impl.wire.adv import DeviceIdentity, IdentityContainer, SignedDeviceIdentity
from impl.wire.content import DeviceSent, HistoryNotice, Text, Timer
from impl.wire.history import History
from impl.wire.pairing_code import CompanionHello
from impl.wire.qr import Qr
from tests.impl.appstate.attacks import (
    leave_a_record_out,
    put_a_patch_in_place_of_another,
    read_settings_after_being_unlinked,
    roll_back,
    share_a_key_as_a_stranger,
)
from tests.impl.groups.attacks import (
    read_after_being_unlinked,
    read_after_leaving,
    speak_for_another_member,
    speak_without_being_a_member,
)
from tests.impl.household import NOW, Household, notice_from

ALICE, WEB, BOB = Address("alice", 0), Address("alice", 1), Address("bob", 0)


class Scene(Household):
    """Alice with two companions, and Bob, have met; Mallory has a phone, and Victor a companion to link."""

    def __init__(self) -> None:
        super().__init__()
        self.alice, self.bob = self.phone("alice"), self.phone("bob")
        self.web, self.desktop = self.companion(self.alice), self.companion(self.alice)
        self.introduce()
        self.mallory = Phone.register("mallory", self.entropy, NOW)
        self.victor = Companion.create(self.entropy, NOW)


def stanza_for(address: Address, stanzas: list[Stanza]) -> Stanza:
    return next(stanza for stanza in stanzas if stanza.recipient == address)


Attack = Callable[[Scene], bool]


def join_without_having_seen_the_qr(scene: Scene) -> bool:
    guessed = replace(Qr.decode(scene.victor.show_qr("ref")), secret=bytes(32))
    approval = scene.mallory.scan(guessed.encode(), NOW)
    scene.victor.confirm(approval.container, Address("mallory", 1), NOW)
    return scene.victor.pins == {"mallory": scene.mallory.identity.public}


def join_an_account_that_did_not_sign(scene: Scene) -> bool:
    secret = Qr.decode(scene.victor.show_qr("ref")).secret
    details = DeviceIdentity(scene.alice.raw_id, NOW, 3).encode()
    forged = SignedDeviceIdentity(details, scene.alice.identity.public, bytes(64)).encode()
    container = IdentityContainer(forged, hmac_sha256(secret, forged)).encode()
    scene.victor.confirm(container, Address("alice", 3), NOW)
    return scene.victor.links == 1


def read_as_a_ghost_device(scene: Scene) -> bool:
    ghost = Companion.create(scene.entropy, NOW)
    bundle = replace(ghost.bundle(), device_identity=scene.web.device_identity)
    scene.bob.meet(Address("alice", 9), 1, bundle, NOW)
    stanzas = scene.bob.send("id", "alice", Text("for Alice only"), NOW)
    return b"for Alice only" in opened_stanza(ghost, stanzas[-1]).plaintext


def join_twice_with_one_secret(scene: Scene) -> bool:
    container = scene.mallory.scan(scene.victor.show_qr("ref"), NOW).container
    scene.victor.confirm(container, Address("mallory", 1), NOW)
    scene.victor.confirm(container, Address("mallory", 1), NOW)
    return scene.victor.links == 2


def join_as_the_fifth(scene: Scene) -> bool:
    for _ in range(3):
        scene.alice.scan(Companion.create(scene.entropy, NOW).show_qr("ref"), NOW)
    return len(scene.alice.live) == 5


def join_as_a_phone(scene: Scene) -> bool:
    scene.alice.scan(Companion.create(scene.entropy, NOW, DeviceProps(Platform.ANDROID_PHONE)).show_qr("ref"), NOW)
    return len(scene.alice.live) == 3


def meet_a_hosted_device(scene: Scene) -> bool:
    """Alice's phone has signed for a device at the provider, whose QR it has not read."""
    details = DeviceIdentity(scene.alice.raw_id, NOW, 1).encode()
    identity, account = scene.victor.identity, scene.alice.identity
    hosted = xeddsa.sign(account.private, b"\x06\x05" + details + identity.public, scene.entropy)
    own = xeddsa.sign(identity.private, device_message(details, identity.public, account.public), scene.entropy)
    proof = SignedDeviceIdentity(details, account.public, hosted, own).encode()
    scene.bob.meet(Address("alice", 9), 1, replace(scene.victor.bundle(), device_identity=proof), NOW)
    return scene.bob.peers.holder(identity.public) == Address("alice", 9)


def take_over_with_a_wrong_code(scene: Scene) -> bool:
    with patch.object(secrets, "ITERATIONS", 1):  # how long it takes matters to nobody here
        code, wrapped = scene.victor.show_code(NOW)
        scene.victor.pairing_named(b"ref")
        scene.mallory.pairing_asked(CompanionHello(b"ref", wrapped, scene.victor.noise.public), NOW)
        scene.mallory.type_code("1111-1111" if code != "1111-1111" else "2222-2222", NOW)
        assert scene.mallory.hello is not None
        approval = scene.mallory.finish_pairing(scene.victor.answer_pairing(scene.mallory.hello, NOW), NOW)
    scene.victor.confirm(approval.container, Address("mallory", 1), NOW)
    return scene.victor.pins == {"mallory": scene.mallory.identity.public}


def show_an_old_list(scene: Scene) -> bool:
    old = scene.alice.signed_list
    scene.bob.learn_list("alice", scene.alice.unlink(1, NOW), NOW)
    scene.bob.learn_list("alice", old, NOW)
    scene.bob.meet(WEB, 1, scene.web.bundle(), NOW)
    return WEB in {stanza.recipient for stanza in scene.bob.send("id", "alice", Text("hi"), NOW)}


def keep_a_newer_list_back(scene: Scene) -> bool:
    scene.alice.unlink(1, NOW)
    scene.bob.receive(scene.alice.send("id", "bob", Text("hi"), NOW)[-1], NOW)
    return not scene.bob.lists_to_query(NOW)


def wait_until_a_list_is_old(scene: Scene) -> bool:
    scene.bob.begin_list_check(NOW)
    for device in (scene.alice, scene.web, scene.desktop):  # a session that nobody answers would end before
        scene.bob.receive(stanza_for(BOB, device.send("id", "bob", Text("hi"), NOW)), NOW)
    later = NOW + DAY + EXPIRY
    scene.bob.begin_list_check(later)
    scene.bob.lists_queried(scene.bob.lists_to_query(later), later)
    scene.bob.end_list_check(later)
    return WEB in {stanza.recipient for stanza in scene.bob.send("id", "alice", Text("hi"), later)}


def speak_for_the_recipient(scene: Scene) -> bool:
    forged = padding.pad(content.encode(DeviceSent("carol", Text("I quit"))), scene.entropy)
    scene.alice.receive(scene.bob.seal(ALICE, forged, "id", "message", NOW), NOW)
    return [message.chat for message in scene.alice.conversation] == ["carol"]


def tell_a_stranger_history(scene: Scene) -> bool:
    stanza, blob = notice_from(scene.bob, WEB)
    return scene.web.import_history(stanza, blob, NOW) == 0


def forget_the_own_devices(scene: Scene) -> bool:
    return [stanza.recipient for stanza in scene.alice.send("id", "bob", Text("hi"), NOW)] == [BOB]


def deliver_twice(scene: Scene) -> bool:
    stanza = scene.alice.send("id", "bob", Text("hi"), NOW)[-1]
    scene.bob.receive(stanza, NOW)
    scene.bob.receive(stanza, NOW)
    return scene.bob.deliveries == {("id", ALICE): 2}


def keep_what_was_delivered(scene: Scene) -> bool:
    server = Server()
    stanza = scene.alice.send("id", "bob", Text("hi"), NOW)[-1]
    with server.store.transaction():
        server.mailboxes.post(BOB, Delivery(stanza))
    server.answer(BOB, Acknowledge((1,)))
    return [entry.event for entry in server.mailboxes.waiting(BOB)] == [Delivery(stanza)]


def tell_history_as_a_companion(scene: Scene) -> bool:
    stanza, blob = notice_from(scene.desktop, WEB)
    return scene.web.import_history(stanza, blob, NOW) == 0


def take_the_history_of_an_unanswered_scan(scene: Scene) -> bool:
    scene.alice.send("id", "bob", Text("long ago"), NOW)
    scene.alice.scan(scene.victor.show_qr("ref"), NOW)
    stanza = scene.alice.share_history(Address("alice", 3), None, scene.victor.bundle(), NOW)
    notice = content.decode(padding.unpad(opened_stanza(scene.victor, stanza).plaintext)).body
    assert isinstance(notice, HistoryNotice)
    assert isinstance(notice.content, bytes)
    return History.decode(notice.content).conversations[0].messages[0].body == Text("long ago")


def become_known_by_being_refused(scene: Scene) -> bool:
    mallory = Address("mallory", 0)
    scene.mallory.pin("bob", scene.bob.identity.public)
    scene.mallory.meet(BOB, 0, scene.bob.bundle(), NOW)
    stranger = scene.mallory.seal(BOB, padding.pad(content.encode(Text("hi")), scene.entropy), "id", "message", NOW)
    with suppress(Refused):
        scene.bob.receive(stranger, NOW)
    return mallory in scene.bob.peers


def speak_under_a_key_that_nobody_told_of(scene: Scene) -> bool:
    scene.bob.meet_phone("alice", Phone.register("alice", scene.entropy, NOW).bundle(), NOW)
    return bool(scene.bob.send("id", "alice", Text("hi"), NOW)) and not scene.bob.notices


def use_a_prekey_twice(scene: Scene) -> bool:
    """The server gives it to Bob as well, who is new to Mallory."""
    bundle = scene.mallory.bundle()
    for device in (scene.alice, scene.bob):
        for one, other in ((device, scene.mallory), (scene.mallory, device)):
            one.pin(other.address.user, other.identity.public)
            one.learn_list(other.address.user, other.signed_list, NOW)
        device.meet(Address("mallory", 0), 0, bundle, NOW)
        sent = device.send(f"id {device.address}", "mallory", Text("hi"), NOW)
        scene.mallory.receive(stanza_for(Address("mallory", 0), sent), NOW)
    return len(scene.mallory.conversation) == 2


def tell_once_more(scene: Scene) -> bool:
    """The phone tells its companion on demand what that has got itself."""
    for id in ("one", "two"):
        sent = scene.bob.send(id, "alice", Text(id), NOW)
        scene.alice.receive(stanza_for(ALICE, sent), NOW)
        scene.web.receive(stanza_for(WEB, sent), NOW)
    before = scene.web.conversation[-1]
    id = scene.web.request_history(before.key, 5, NOW)
    scene.alice.answer_history_request(scene.web.outbox[id].stanzas[0], NOW)
    (notice,) = (each for answer in scene.alice.outbox.values() for each in answer.stanzas if each.category == "peer")
    path = scene.web.history_path(notice)
    scene.web.import_history(notice, scene.alice.uploads[path] if path else None, NOW)
    return any(message.source == "history" for message in scene.web.conversation)


def speak_from_an_old_copy(scene: Scene) -> bool:
    """Alice starts again, and what she says is under keys that Bob has used up."""
    old = scene.alice.snapshot()
    for stanza in scene.alice.send("before", "bob", Text("hi"), NOW):
        if stanza.recipient == BOB:
            scene.bob.receive(stanza, NOW)
    again = Device.restore(old)
    again.begin_anew()
    sent = stanza_for(BOB, again.send("after", "bob", Text("hello"), NOW))
    with pytest.raises(Refused, match="fresh"):
        scene.bob.receive(sent, NOW)
    return True


def read_on_from_a_copy(scene: Scene) -> bool:
    for id in ("one", "two"):
        copied = Device.restore(scene.bob.snapshot(), scene.entropy)
        scene.bob.receive(scene.alice.send(id, "bob", Text("hi"), NOW)[-1], NOW)
        scene.alice.receive(stanza_for(ALICE, scene.bob.send(id, "alice", Text("ho"), NOW)), NOW)
    return opened_stanza(copied, scene.alice.send("id", "bob", Text("secret"), NOW)[-1]).plaintext != b""


def see_what_has_expired(scene: Scene) -> bool:
    sent = scene.bob.send("id", "alice", Text("soon gone", Timer(DAY, NOW)), NOW)
    scene.web.receive(stanza_for(WEB, sent), NOW)
    scene.web.sweep(NOW + DAY)
    return [message.text for message in scene.web.conversation] == ["soon gone"]


def view_on_a_companion(scene: Scene) -> bool:
    photo = attachments.attach(BytesIO(b"a photo"), BytesIO(), "image", "image/png", scene.entropy, view_once=True)
    scene.web.receive(scene.bob.seal(WEB, padding.pad(content.encode(photo), scene.entropy), "id", "message", NOW), NOW)
    return [message.media for message in scene.web.conversation] == [photo]


ATTACKS: list[tuple[str, Attack, str | bool]] = [
    ("KF-01", join_without_having_seen_the_qr, "linking_secret"),
    ("KF-02", join_an_account_that_did_not_sign, "account_signature"),
    ("KF-04", read_as_a_ghost_device, "account_signature"),
    ("KF-05", join_twice_with_one_secret, "secret_unused"),
    ("KF-06", join_as_the_fifth, "seat_free"),
    ("KF-06", join_as_a_phone, "not_a_phone"),
    ("KF-08", meet_a_hosted_device, "account_signature"),
    ("KF-09", take_over_with_a_wrong_code, "code"),
    ("KF-11", show_an_old_list, "not_older"),
    ("KF-13", keep_a_newer_list_back, False),
    ("KF-14", wait_until_a_list_is_old, False),
    ("KF-17", speak_for_the_recipient, "own_copy"),
    ("KF-18", tell_a_stranger_history, "from_own_account"),
    ("KF-19", forget_the_own_devices, False),
    ("KF-21", deliver_twice, "fresh"),
    ("KF-22", keep_what_was_delivered, False),
    ("KF-36", read_after_leaving, False),
    ("KF-37", read_after_being_unlinked, False),
    ("KF-38", speak_without_being_a_member, "member"),
    ("KF-39", speak_for_another_member, "signature"),
    ("KF-50", put_a_patch_in_place_of_another, "patch_mac"),
    ("KF-51", leave_a_record_out, "snapshot_mac"),
    ("KF-52", roll_back, "version"),
    ("KF-53", read_settings_after_being_unlinked, False),
    ("KF-55", share_a_key_as_a_stranger, "from_own_account"),
    ("KF-43", tell_history_as_a_companion, "from_the_phone"),
    ("KF-68", become_known_by_being_refused, False),
    ("KF-26", use_a_prekey_twice, "intact"),
    ("KF-33", speak_from_an_old_copy, "met"),
    ("KF-34", speak_under_a_key_that_nobody_told_of, False),
    ("KF-35", read_on_from_a_copy, "intact"),
    ("KF-57", see_what_has_expired, False),
    ("KF-58", view_on_a_companion, "view_once"),
    ("KF-49", tell_once_more, False),
    ("KF-44", take_the_history_of_an_unanswered_scan, "device_signature"),
]


def outcome(attack: Attack) -> str | bool:
    """The check that refused, or else whether the harm was done."""
    try:
        return attack(Scene())
    except Refused as refusal:
        return refusal.check


def test_every_flaw_has_its_attack() -> None:
    assert {flaw_id for flaw_id, _, _ in ATTACKS} == set(GALLERY)
    assert all(flaw.id == flaw_id for flaw_id, flaw in GALLERY.items())


@pytest.mark.parametrize(("flaw_id", "attack", "answer"), ATTACKS)
def test_an_attack_needs_its_flaw(flaw_id: str, attack: Attack, answer: str | bool) -> None:
    assert outcome(attack) == answer
    with GALLERY[flaw_id].active():
        assert outcome(attack) is True
    assert outcome(attack) == answer


ALSO = {("KF-18", "KF-55"), ("KF-04", "KF-08")}
"""One check stands before all peer messages: where it lacks, a stranger shares keys as he tells history.

And who looks at no signature does not look at its prefix.
"""


@pytest.mark.parametrize("flaw", GALLERY.values(), ids=GALLERY)
def test_a_flaw_helps_no_other_attack(flaw: Flaw) -> None:
    with flaw.active():
        for flaw_id, attack, answer in ATTACKS:
            assert flaw_id == flaw.id or (flaw.id, flaw_id) in ALSO or outcome(attack) == answer
