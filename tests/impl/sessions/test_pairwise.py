import dataclasses
from collections.abc import Iterator
from copy import copy, deepcopy

import pytest
from msgspec.structs import replace

from impl.crypto.entropy import seeded
from impl.sessions import SessionError, initiate, open_, seal
from impl.sessions.chain import MAX_FORWARD, MessageKeys
from impl.sessions.session import MAX_UNANSWERED
from impl.wire.errors import DecodeError
from impl.wire.frames import MAC_SIZE, PreKeySignalMessage, SignalMessage
from tests.impl.sessions.sides import Sent, Side, acquainted, strangers


def refused(side: Side, sent: Sent) -> str:
    """The reason; whatever the reason, the side must be what it was."""
    before = deepcopy(side.state())
    with pytest.raises(SessionError) as refusal:
        side.opens(sent)
    assert side.state() == before
    return refusal.value.reason


def test_a_conversation():
    alice, bob = strangers()
    alice.start(bob)
    kinds = []
    for speaker, listener in [(alice, bob), (alice, bob), (bob, alice), (alice, bob), (bob, alice)]:
        sent = speaker.says(b"text")
        kinds.append(sent[0])
        assert listener.hears(sent) == b"text"
    assert kinds == ["pkmsg", "pkmsg", "msg", "msg", "msg"]
    assert alice.record.identity == bob.local.identity.public
    assert bob.record.identity == alice.local.identity.public


def test_messages_open_in_any_order_and_some_are_lost():
    alice, bob = acquainted()
    sent = [alice.says(bytes([number])) for number in range(8)]
    for number in (7, 0, 3, 1, 5):
        assert bob.hears(sent[number]) == bytes([number])


@pytest.mark.parametrize("text", [b"", b"x" * 16, b"x" * 5000])
def test_any_length_is_carried(text):
    alice, bob = acquainted()
    assert bob.hears(alice.says(text)) == text


def test_the_first_message_names_its_sender_and_uses_up_a_prekey():
    alice, bob = strangers()
    alice.start(bob)
    opened = bob.opens(alice.says(b"first"))
    assert (opened.identity, opened.used_one_time) == (alice.local.identity.public, 1)
    again = bob.opens(alice.says(b"second"))
    assert (again.identity, again.used_one_time) == (alice.local.identity.public, None)
    assert bob.opens(bob_answered(alice, bob)).identity == alice.local.identity.public


def bob_answered(alice: Side, bob: Side) -> Sent:
    alice.hears(bob.says(b"answer"))
    return alice.says(b"third")


def test_without_one_time_prekeys_a_session_still_starts():
    alice, bob = Side.named("alice"), Side.named("bob", one_time=0)
    alice.start(bob)
    assert bob.opens(alice.says(b"first")).used_one_time is None


def test_a_replay_is_a_duplicate():
    alice, bob = strangers()
    alice.start(bob)
    first, second = alice.says(b"first"), alice.says(b"second")
    for sent in (second, first):
        bob.hears(sent)
    answer = bob.says(b"answer")
    alice.hears(answer)
    third = alice.says(b"third")
    bob.hears(third)
    assert {refused(bob, sent) for sent in (first, second, third)} == {"duplicate"}
    assert refused(alice, answer) == "duplicate"


def test_a_replay_is_a_duplicate_in_an_archived_session_too():
    alice, bob = acquainted()
    old = alice.says(b"old")
    bob.hears(old)
    first = None
    for _ in range(2):
        alice.start(bob)
        first = first or alice.says(b"first of a new session")
        bob.hears(alice.says(b"more"))
    assert refused(bob, old) == "duplicate"
    assert bob.hears(first) == b"first of a new session"
    assert refused(bob, first) == "duplicate"


def test_a_first_message_under_the_other_encoding_of_its_base_key_is_not_new():
    alice, bob = Side.named("alice"), Side.named("bob", one_time=0)
    alice.start(bob)
    enc_type, body = alice.says(b"text")
    bob.hears((enc_type, body))
    frame = PreKeySignalMessage.decode(body)
    twin = replace(frame, base_key=frame.base_key[:31] + bytes([frame.base_key[31] | 0x80]))
    assert refused(bob, (enc_type, twin.encode())) == "invalid_key"


@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_no_byte_of_a_message_is_loose(mask):
    alice, bob = acquainted()
    enc_type, body = alice.says(b"text")
    for changed in flipped(body, mask):
        assert_refused(bob, (enc_type, changed))
    assert bob.hears((enc_type, body)) == b"text"


@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_no_byte_of_a_first_message_is_loose_but_the_registration_identifier(mask):
    alice, bob = strangers()
    alice.start(bob)
    enc_type, body = alice.says(b"text")
    genuine = PreKeySignalMessage.decode(body)
    unnoticed = 0
    for changed in flipped(body, mask):
        if differs_in_registration_only(genuine, changed):
            unnoticed += 1
            assert open_(bob.local, None, enc_type, changed, seeded(b"")) == open_(
                bob.local, None, enc_type, body, seeded(b"")
            )
        else:
            assert_refused(bob, (enc_type, changed))
    assert unnoticed == (mask == 0x01)
    assert bob.hears((enc_type, body)) == b"text"


def flipped(body: bytes, mask: int) -> Iterator[bytes]:
    for position in range(len(body)):
        yield body[:position] + bytes([body[position] ^ mask]) + body[position + 1 :]


def differs_in_registration_only(genuine: PreKeySignalMessage, body: bytes) -> bool:
    try:
        changed = PreKeySignalMessage.decode(body)
    except DecodeError:
        return False
    return replace(changed, registration_id=genuine.registration_id) == genuine


def assert_refused(side: Side, sent: Sent) -> None:
    before = deepcopy(side.state())
    with pytest.raises((SessionError, DecodeError)):
        side.opens(sent)
    assert side.state() == before


def test_forged_messages_do_not_ruin_a_session():
    alice, bob = acquainted()
    sent = alice.says(b"genuine")
    genuine = SignalMessage.decode(sent[1])
    stranger = Side.named("mallory").local.identity.public
    forgeries = {
        "bad_mac": replace(genuine, mac=bytes(MAC_SIZE)),
        "a chain driven forward": replace(genuine, counter=MAX_FORWARD),
        "a new ratchet key": replace(genuine, ratchet_key=stranger, counter=MAX_FORWARD),
        "the same, beyond the limit": replace(genuine, ratchet_key=stranger, counter=MAX_FORWARD + 1),
    }
    reasons = [refused(bob, ("msg", forged.encode())) for forged in forgeries.values()]
    assert reasons == ["bad_mac", "bad_mac", "bad_mac", "too_far"]
    assert refused(bob, ("msg", replace(genuine, ratchet_key=bytes(32)).encode())) == "invalid_key"
    assert bob.hears(sent) == b"genuine"
    assert alice.hears(bob.says(b"answer")) == b"answer"


def test_a_session_that_nobody_answers_goes_stale():
    alice, bob = strangers()
    begun = 1_700_000_000
    alice.record = initiate(alice.local, bob.local.bundle(1), alice.entropy, None, begun)
    record, _, body = seal(alice.local, alice.record, b"in time", begun + MAX_UNANSWERED)
    with pytest.raises(SessionError) as refusal:
        seal(alice.local, record, b"too late", begun + MAX_UNANSWERED + 1)
    assert refusal.value.reason == "stale"
    again = initiate(alice.local, bob.local.bundle(2), alice.entropy, record, begun + MAX_UNANSWERED + 1)
    seal(alice.local, again, b"in a new session", begun + MAX_UNANSWERED + 1)
    alice.record = record
    bob.hears(("pkmsg", body))
    alice.hears(bob.says(b"an answer at last"))
    assert seal(alice.local, alice.record, b"at any time", begun + 10 * MAX_UNANSWERED)[1] == "msg"


def test_padding_is_checked_under_a_valid_mac():
    alice, bob = acquainted()
    session = alice.record.current
    _, seed = session.ratchet.next_seed()
    keys = MessageKeys.derive(seed)
    message = SignalMessage.decode(alice.says(b"text")[1])
    unpadded = replace(message, ciphertext=keys.encrypt(bytes(16))[:16])
    mac = keys.code(alice.local.identity.public, bob.local.identity.public, unpadded.authenticated())
    assert refused(bob, ("msg", replace(unpadded, mac=mac).encode())) == "bad_padding"


def test_both_sides_step_forward_by_the_same_bound():
    alice, bob = acquainted()
    for _ in range(MAX_FORWARD):
        alice.says(b"lost")
    within, beyond = alice.says(b"within"), alice.says(b"beyond")
    assert refused(bob, beyond) == "too_far"
    assert bob.hears(within) == b"within"
    assert bob.hears(beyond) == b"beyond"
    for _ in range(MAX_FORWARD + 1):
        bob.says(b"lost")
    assert refused(alice, bob.says(b"beyond")) == "too_far"


def test_a_message_opens_only_between_its_two_identities():
    alice, bob = acquainted()
    sent = alice.says(b"to bob")
    assert refused(alice, sent) == "bad_mac"
    # the whole session of bob under another name: only the identity in the MAC differs
    session = bob.record.current
    bob.record = replace(bob.record, sessions=(replace(session, peer=Side.named("mallory").local.identity.public),))
    assert refused(bob, sent) == "bad_mac"


def test_a_stranger_s_first_message_shows_the_stranger_s_identity():
    alice, bob = acquainted()
    mallory = Side.named("mallory")
    mallory.start(bob)
    opened = open_(bob.local, bob.record, *mallory.says(b"as alice"), bob.entropy)
    assert opened.identity == mallory.local.identity.public
    assert all(session.peer == opened.identity for session in opened.record.sessions)
    assert bob.hears(alice.says(b"still here")) == b"still here"


def test_an_identity_cannot_be_put_on_another_s_first_message():
    alice, bob = strangers()
    alice.start(bob)
    genuine = PreKeySignalMessage.decode(alice.says(b"text")[1])
    forged = replace(genuine, identity=Side.named("mallory").local.identity.public)
    assert refused(bob, ("pkmsg", forged.encode())) == "bad_mac"


def test_a_used_prekey_starts_no_second_session():
    alice, bob, carol = *strangers(), Side.named("carol")
    alice.start(bob)
    bob.hears(alice.says(b"text"))
    bob.one_time_ids = [1]
    bundle = dataclasses.replace(bob.local.bundle(2), one_time_id=1)
    carol.record = initiate(carol.local, bundle, carol.entropy, None, 0)
    bob.record = None
    assert refused(bob, carol.says(b"text")) == "invalid_key_id"


def test_an_unknown_signed_prekey_is_refused():
    alice, bob = strangers()
    alice.start(bob)
    genuine = PreKeySignalMessage.decode(alice.says(b"text")[1])
    assert refused(bob, ("pkmsg", replace(genuine, signed_prekey_id=2).encode())) == "invalid_key_id"


def test_a_signed_prekey_must_be_signed_by_its_identity():
    alice, bob = strangers()
    mallory = Side.named("mallory").local
    for changed in (
        {"signed_prekey": mallory.prekeys.current.pair.public},
        {"identity": mallory.identity.public},
        {"signature": mallory.prekeys.current.signature},
    ):
        with pytest.raises(SessionError) as refusal:
            initiate(alice.local, dataclasses.replace(bob.local.bundle(1), **changed), alice.entropy, None, 0)
        assert refusal.value.reason == "prekey_signature"


def test_a_one_time_prekey_of_small_order_is_refused():
    alice, bob = strangers()
    with pytest.raises(SessionError) as refusal:
        initiate(alice.local, dataclasses.replace(bob.local.bundle(1), one_time=bytes(32)), alice.entropy, None, 0)
    assert refusal.value.reason == "invalid_key"


def test_a_base_key_of_small_order_is_refused():
    alice, bob = strangers()
    alice.start(bob)
    genuine = PreKeySignalMessage.decode(alice.says(b"text")[1])
    assert refused(bob, ("pkmsg", replace(genuine, base_key=bytes(32)).encode())) == "invalid_key"


def test_a_message_without_a_session_is_refused():
    alice, _ = acquainted()
    assert refused(Side.named("bob"), alice.says(b"text")) == "no_session"


@pytest.mark.parametrize("enc_type", ["", "skmsg", "MSG"])
def test_another_type_is_refused(enc_type):
    alice, bob = acquainted()
    with pytest.raises(DecodeError, match="unknown type"):
        bob.opens((enc_type, alice.says(b"text")[1]))


def test_a_message_of_an_archived_session_brings_it_back():
    alice, bob = acquainted()
    late = bob.says(b"late")
    former = alice.record.current
    alice.start(bob)
    assert alice.record.current.base_key != former.base_key
    assert alice.hears(late) == b"late"
    assert alice.record.current.base_key == former.base_key
    assert bob.hears(alice.says(b"back")) == b"back"


def test_crossing_initiations_work_in_every_order():
    alice, bob = strangers()
    alice.start(bob)
    bob.start(alice)
    ends = list(every_order((alice, bob), (2, 2), ()))
    assert len(ends) == 630
    for sides in ends:
        for speaker, listener in (sides, sides[::-1], sides):
            assert listener.hears(speaker.says(b"settled")) == b"settled"


Flight = tuple[tuple[int, Sent, bytes], ...]


def every_order(sides: tuple[Side, Side], left: tuple[int, int], flight: Flight) -> Iterator[tuple[Side, Side]]:
    """Let each side send what it has `left`, and deliver in every possible order; yields both at the end."""
    if not any(left) and not flight:
        yield sides
    for speaker in (0, 1):
        if left[speaker]:
            after = copy(sides[0]), copy(sides[1])
            text = b"%d of %d" % (left[speaker], speaker)
            sent = 1 - speaker, after[speaker].says(text), text
            fewer = left[0] - (speaker == 0), left[1] - (speaker == 1)
            yield from every_order(after, fewer, (*flight, sent))
    for at, (listener, sent, text) in enumerate(flight):
        after = copy(sides[0]), copy(sides[1])
        assert after[listener].hears(sent) == text
        yield from every_order(after, left, flight[:at] + flight[at + 1 :])
