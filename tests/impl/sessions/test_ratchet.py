from dataclasses import replace

import pytest

from impl.crypto.keys import InvalidKey
from impl.sessions import Record, SessionError
from impl.sessions.ratchet import MAX_CHAINS, MAX_COUNTER
from impl.wire.frames import SignalMessage
from tests.impl.sessions.sides import acquainted


def turn(alice, bob):
    """One exchange, after which both have a new sending chain."""
    bob.hears(alice.says(b"ping"))
    alice.hears(bob.says(b"pong"))


def test_every_answer_brings_new_keys():
    alice, bob = acquainted()
    seen = set()
    for _ in range(4):
        turn(alice, bob)
        ratchet = alice.record.current.ratchet
        seen |= {ratchet.own.public, ratchet.own.private, ratchet.root, ratchet.sending.key}
    assert len(seen) == 16


def test_late_messages_open_while_their_chain_is_kept():
    alice, bob = acquainted()
    late = [alice.says(b"late"), alice.says(b"too late")]
    turn(alice, bob)
    for _ in range(MAX_CHAINS - 1):
        turn(alice, bob)
    assert len(bob.record.current.ratchet.receiving) == MAX_CHAINS
    assert bob.hears(late[0]) == b"late"
    turn(alice, bob)
    assert len(bob.record.current.ratchet.receiving) == MAX_CHAINS
    with pytest.raises(SessionError) as refusal:
        bob.hears(late[1])
    assert refusal.value.reason == "bad_mac"


def test_the_previous_counter_is_the_last_one_used():
    alice, bob = acquainted()
    first = SignalMessage.decode(alice.says(b"0")[1])
    for text in (b"1", b"2"):
        bob.hears(alice.says(text))
    alice.hears(bob.says(b"answer"))
    second = SignalMessage.decode(alice.says(b"3")[1])
    assert (first.previous_counter, second.previous_counter, second.counter) == (0, 2, 0)


def test_a_sending_chain_ends_with_its_counter():
    alice, _ = acquainted()
    session = alice.record.current
    last = replace(session.ratchet.sending, index=MAX_COUNTER)
    alice.record = Record((replace(session, ratchet=replace(session.ratchet, sending=last)),))
    assert SignalMessage.decode(alice.says(b"last")[1]).counter == MAX_COUNTER
    with pytest.raises(SessionError) as refusal:
        alice.says(b"one more")
    assert refusal.value.reason == "chain_exhausted"


def test_a_ratchet_key_of_small_order_is_refused():
    alice, _ = acquainted()
    with pytest.raises(InvalidKey):
        alice.record.current.ratchet.seed_of(bytes(32), 0)
