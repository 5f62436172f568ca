import pytest
from msgspec.structs import replace

from impl.crypto.keys import InvalidKey
from impl.sessions import Record, SessionError
from impl.sessions.ratchet import MAX_CHAINS, MAX_COUNTER, MAX_SKIPPED
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


def test_the_skipped_seeds_of_all_chains_are_bounded_and_the_oldest_chain_loses_first():
    alice, bob = acquainted()
    old = [alice.says(b"old") for _ in range(3)]
    turn(alice, bob)
    between = alice.says(b"between")
    turn(alice, bob)
    sent = [alice.says(b"new") for _ in range(MAX_SKIPPED - 2)]
    bob.hears(sent[-2])
    assert kept(bob) == [3, 1, MAX_SKIPPED - 4]  # as many as there may be
    *_, last = (alice.says(b"new") for _ in range(3))
    bob.hears(last)
    assert kept(bob) == [0, 1, MAX_SKIPPED - 1]
    for lost in old:
        with pytest.raises(SessionError, match="duplicate"):
            bob.hears(lost)
    assert bob.hears(between) == b"between"
    assert bob.hears(sent[0]) == b"new"


def kept(side):
    """How many skipped seeds each chain has that had any to skip, the oldest first."""
    return [len(chain.skipped) for chain in side.record.current.ratchet.receiving.values()][-3:]


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
