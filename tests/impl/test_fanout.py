"""Meeting, sending and receiving among two accounts of five devices, then check by check."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from impl.address import Address
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.device import Device
from impl.phone import Phone
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza
from impl.wire import content, padding
from impl.wire.content import Body, DeviceSent, KeyDistribution, Message, Text
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused

STRANGER = KeyPair.generate(seeded(b"stranger"))
ALICE, WEB, BOB = Address("alice", 0), Address("alice", 1), Address("bob", 0)


@pytest.fixture
def home() -> Household:
    """Alice with her companion `WEB`, Bob; all have met."""
    home = Household()
    home.companion(home.phone("alice"))
    home.phone("bob")
    home.introduce()
    return home


@pytest.fixture
def strangers() -> Household:
    """The same people, who have learned each other's lists but have not met."""
    home = Household()
    home.companion(home.phone("alice"))
    home.phone("bob")
    home.learn()
    return home


def deliver(home: Household, stanzas: list[Stanza]) -> None:
    for stanza in stanzas:
        home.devices[stanza.recipient].receive(stanza, NOW)


def sealed(device: Device, to: Address, message: Body | Message) -> Stanza:
    return device.seal(to, padding.pad(content.encode(message), seeded(b"")), "id", "message", NOW)


def test_every_device_gets_a_ciphertext_of_its_own() -> None:
    home = Household()
    for user in ("alice", "bob"):
        phone = home.phone(user)
        for _ in range(4):
            home.companion(phone)
    home.introduce()
    for sender in home.devices:
        other = {"alice": "bob", "bob": "alice"}[sender.user]
        stanzas = home.devices[sender].send(f"from {sender}", other, Text("hi"), NOW)
        assert {stanza.recipient for stanza in stanzas} == set(home.devices) - {sender}
        assert len({stanza.body for stanza in stanzas}) == 9
        deliver(home, stanzas)
    for user in ("alice", "bob"):
        conversations = [set(home.devices[at].conversation) for at in home.devices if at.user == user]
        assert len(conversations[0]) == 10
        assert all(each == conversations[0] for each in conversations)


def test_a_copy_keeps_author_and_chat(home: Household) -> None:
    deliver(home, home.devices[WEB].send("id", "bob", Text("hi"), NOW))
    for address, chat, source in (
        (ALICE, "bob", "received"),
        (WEB, "bob", "own"),
        (BOB, "alice", "received"),
    ):
        (message,) = home.devices[address].conversation
        assert (message.id, message.author, message.text) == ("id", WEB, "hi")
        assert (message.chat, message.source) == (chat, source)


def test_a_note_to_oneself_reaches_the_own_devices(home: Household) -> None:
    stanzas = home.devices[ALICE].send("id", "alice", Text("note"), NOW)
    assert [stanza.recipient for stanza in stanzas] == [WEB]
    deliver(home, stanzas)
    assert home.devices[WEB].conversation[0].chat == "alice"


def test_the_first_messages_prove_the_companion(strangers: Household) -> None:
    web, bob = strangers.devices[WEB], strangers.devices[BOB]
    web.meet(BOB, 0, bob.bundle(), NOW)
    (first,) = web.send("1", "bob", Text("hi"), NOW)
    assert (first.enc_type, first.device_identity) == ("pkmsg", web.device_identity)
    bob.receive(first, NOW)
    (answer,) = bob.send("2", "alice", Text("ho"), NOW)
    assert (answer.recipient, answer.enc_type, answer.device_identity) == (WEB, "msg", None)
    web.receive(answer, NOW)
    (second,) = web.send("3", "bob", Text("ha"), NOW)
    assert (second.enc_type, second.device_identity) == ("msg", None)


def test_an_unlinked_device_is_left_out_and_not_heard(home: Household) -> None:
    alice, web, bob = (home.devices[at] for at in (ALICE, WEB, BOB))
    assert isinstance(alice, Phone)
    bob.learn_list("alice", alice.unlink(1, NOW), NOW)
    assert [stanza.recipient for stanza in bob.send("id", "alice", Text("hi"), NOW)] == [ALICE]
    assert [stanza.recipient for stanza in alice.send("id", "bob", Text("hi"), NOW)] == [BOB]
    with refused(bob, "author_listed"):
        bob.receive(web.send("id", "bob", Text("still here?"), NOW)[-1], NOW)


def test_any_order_of_delivery(home: Household) -> None:
    alice, bob = home.devices[ALICE], home.devices[BOB]
    stanzas = [alice.send(str(i), "bob", Text(str(i)), NOW)[-1] for i in range(3)]
    before = bob.snapshot()
    for order in permutations(stanzas):
        clone = Device.restore(before, seeded(b"clone"))
        for stanza in order:
            clone.receive(stanza, NOW)
        assert {message.text for message in clone.conversation} == {"0", "1", "2"}


def test_bundles_never_share_a_one_time_prekey() -> None:
    device = Companion.create(seeded(b"companion"), NOW)
    assert len({device.bundle().one_time for _ in range(20)}) == 20


def test_a_used_one_time_prekey_is_gone(strangers: Household) -> None:
    alice, bob = strangers.devices[ALICE], strangers.devices[BOB]
    bundle = bob.bundle()
    alice.meet(BOB, 0, bundle, NOW)
    assert bundle.one_time_id in bob.one_time_prekeys
    bob.receive(alice.send("id", "bob", Text("hi"), NOW)[-1], NOW)
    assert bundle.one_time_id not in bob.one_time_prekeys


def test_meeting_again_keeps_the_session(home: Household) -> None:
    alice, bob = home.devices[ALICE], home.devices[BOB]
    bundle = bob.bundle()
    before = alice.snapshot()
    alice.meet(BOB, 0, bundle, NOW)
    assert alice.snapshot() == before


def test_an_unlinked_companion_does_not_send() -> None:
    companion = Companion.create(seeded(b"companion"), NOW)
    with refused(companion, "linked"):
        companion.send("id", "bob", Text("hi"), NOW)


def test_nothing_is_sealed_for_a_device_not_met(strangers: Household) -> None:
    alice = strangers.devices[ALICE]
    with refused(alice, "met"):
        sealed(alice, BOB, Text("hi"))


Change = Callable[[PrekeyBundle], PrekeyBundle]


@pytest.mark.parametrize(
    ("address", "index", "change", "check"),
    [
        (WEB, 2, lambda bundle: bundle, "listed"),
        (WEB, 0, lambda bundle: bundle, "listed"),
        (ALICE, 1, lambda bundle: bundle, "listed"),
        (ALICE, 0, lambda bundle: replace(bundle, identity=STRANGER.public), "account_signature"),
        (Address("carol", 0), 0, lambda bundle: bundle, "account_signature"),
        (WEB, 1, lambda bundle: replace(bundle, identity=STRANGER.public), "account_signature"),
        (WEB, 1, lambda bundle: replace(bundle, device_identity=None), "account_signature"),
        (WEB, 1, lambda bundle: replace(bundle, device_identity=b"\xff"), "well_formed"),
        (WEB, 1, lambda bundle: replace(bundle, signature=bytes(64)), "prekey_signature"),
        (WEB, 1, lambda bundle: replace(bundle, signed_prekey=STRANGER.public), "prekey_signature"),
    ],
)
def test_each_check_of_a_bundle(strangers: Household, address: Address, index: int, change: Change, check: str) -> None:
    bob = strangers.devices[BOB]
    bundle = change(strangers.devices[WEB if address == WEB else ALICE].bundle())
    with refused(bob, check):
        bob.meet(address, index, bundle, NOW)


def test_one_address_one_identity(home: Household) -> None:
    """The account's second companion is genuine, and listed; but the server gives it a taken address."""
    bob = home.devices[BOB]
    other = home.companion(home.phones["alice"])
    home.learn()
    with refused(bob, "identity"):
        bob.meet(WEB, 2, other.bundle(), NOW)
    bob.meet(Address("alice", 2), 2, other.bundle(), NOW)
    with refused(bob, "identity"):
        bob.meet(Address("alice", 3), 2, other.bundle(), NOW)


def test_nobody_meets_himself(home: Household) -> None:
    web = home.devices[WEB]
    bundle = web.bundle()
    with refused(web, "identity"):
        web.meet(Address("alice", 3), 1, bundle, NOW)


def test_another_key_index_of_the_list_is_not_enough(strangers: Household) -> None:
    strangers.companion(strangers.phones["alice"])
    strangers.learn()
    bob = strangers.devices[BOB]
    with refused(bob, "account_signature"):
        bob.meet(WEB, 2, strangers.devices[WEB].bundle(), NOW)


def test_a_replay_is_refused(home: Household) -> None:
    bob = home.devices[BOB]
    stanza = home.devices[ALICE].send("id", "bob", Text("hi"), NOW)[-1]
    bob.receive(stanza, NOW)
    with refused(bob, "fresh"):
        bob.receive(stanza, NOW)
    with refused(bob, "fresh"):
        bob.receive(replace(stanza, id="other"), NOW)
    assert bob.deliveries == {("id", ALICE): 1}


def test_a_replay_without_one_time_prekey_is_refused_under_any_name(strangers: Household) -> None:
    """The server withholds one-time prekeys, so that only sessions stand against a replay."""
    web, bob = strangers.devices[WEB], strangers.devices[BOB]
    web.meet(BOB, 0, replace(bob.bundle(), one_time=None, one_time_id=None), NOW)
    stanza = web.send("id", "bob", Text("hi"), NOW)[-1]
    bob.receive(stanza, NOW)
    with refused(bob, "fresh"):
        bob.receive(stanza, NOW)
    with refused(bob, "identity"):
        bob.receive(replace(stanza, sender=Address("alice", 9)), NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda stanza: replace(stanza, body=stanza.body[:-1] + bytes([stanza.body[-1] ^ 1])),
        lambda stanza: replace(stanza, body=b""),
        lambda stanza: replace(stanza, enc_type="msg"),
        lambda stanza: replace(stanza, enc_type="plain"),
    ],
)
def test_a_changed_stanza_is_refused(home: Household, change: Callable[[Stanza], Stanza]) -> None:
    bob = home.devices[BOB]
    stanza = home.devices[ALICE].send("id", "bob", Text("hi"), NOW)[-1]
    with refused(bob, "intact"):
        bob.receive(change(stanza), NOW)
    bob.receive(stanza, NOW)


def test_a_ciphertext_opens_on_one_device_only(home: Household) -> None:
    web = home.devices[WEB]
    to_alice, to_web = home.devices[BOB].send("id", "alice", Text("hi"), NOW)
    assert (to_alice.recipient, to_web.recipient) == (ALICE, WEB)
    with refused(web, "intact"):
        web.receive(to_alice, NOW)
    with refused(web, "intact"):
        web.receive(replace(to_alice, recipient=WEB), NOW)
    web.receive(replace(to_web, recipient=ALICE), NOW)


def test_a_ciphertext_is_of_its_sender_only(home: Household) -> None:
    bob = home.devices[BOB]
    stanza = home.devices[ALICE].send("id", "bob", Text("hi"), NOW)[-1]
    deliver(home, home.devices[WEB].send("first", "bob", Text("hi"), NOW))
    with refused(bob, "account_signature"):
        bob.receive(replace(stanza, sender=WEB), NOW)
    with refused(bob, "account_signature"):
        bob.receive(replace(stanza, sender=Address("carol", 0)), NOW)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda stanza: replace(stanza, device_identity=None), "account_signature"),
        (lambda stanza: replace(stanza, device_identity=b"\xff"), "well_formed"),
    ],
)
def test_an_unknown_sender_proves_its_account(
    strangers: Household, change: Callable[[Stanza], Stanza], check: str
) -> None:
    web, bob = strangers.devices[WEB], strangers.devices[BOB]
    web.meet(BOB, 0, bob.bundle(), NOW)
    stanza = web.send("id", "bob", Text("hi"), NOW)[-1]
    with refused(bob, check):
        bob.receive(change(stanza), NOW)
    bob.receive(stanza, NOW)


def test_an_unknown_sender_is_in_the_list(strangers: Household) -> None:
    web, bob = strangers.devices[WEB], strangers.devices[BOB]
    web.meet(BOB, 0, bob.bundle(), NOW)
    with bob.store.transaction():
        bob.views.pop("alice")
    with refused(bob, "author_listed"):
        bob.receive(web.send("id", "bob", Text("hi"), NOW)[-1], NOW)


@pytest.mark.parametrize(
    ("sender", "recipient", "message", "check"),
    [
        (BOB, ALICE, DeviceSent("bob", Text("I said so")), "own_copy"),
        (WEB, ALICE, Text("not a copy"), "own_copy"),
    ],
)
def test_copies_come_from_own_devices(
    home: Household, sender: Address, recipient: Address, message: Body, check: str
) -> None:
    stanza = sealed(home.devices[sender], recipient, message)
    with refused(home.devices[recipient], check):
        home.devices[recipient].receive(stanza, NOW)


@pytest.mark.parametrize(
    ("sender", "message"),
    [
        (WEB, DeviceSent("120363@g.us", Text("hi"))),
        (BOB, Message(None, distribution=KeyDistribution("120363@g.us", b"key"))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_conversation_holds_direct_messages(home: Household, sender: Address, message: Body | Message) -> None:
    stanza = sealed(home.devices[sender], ALICE, message)
    with refused(home.devices[ALICE], "content"):
        home.devices[ALICE].receive(stanza, NOW)


@pytest.mark.parametrize(
    ("plaintext", "check"),
    [(b"", "padding"), (b"text\x00", "padding"), (b"\xff\x01", "content"), (b"\x01" * 2, "content")],
)
def test_what_was_sealed_is_well_formed(home: Household, plaintext: bytes, check: str) -> None:
    bob = home.devices[BOB]
    stanza = home.devices[ALICE].seal(BOB, plaintext, "id", "message", NOW)
    with refused(bob, check):
        bob.receive(stanza, NOW)


def test_a_clone_reads_what_the_device_could(home: Household) -> None:
    alice, bob = home.devices[ALICE], home.devices[BOB]
    clone = Device.restore(bob.snapshot(), seeded(b"clone"))
    stanza = alice.send("id", "bob", Text("hi"), NOW)[-1]
    assert clone.receive(stanza, NOW).text == "hi"
    assert bob.conversation == []
    assert bob.receive(stanza, NOW).text == "hi"
    late = Device.restore(bob.snapshot(), seeded(b"clone"))
    with refused(late, "fresh"):
        late.receive(stanza, NOW)
