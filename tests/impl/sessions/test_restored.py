"""What the other side sees of a device that was restored from an old copy of itself."""

from copy import copy

import pytest

from impl.sessions import SessionError
from tests.impl.sessions.sides import Sent, Side, acquainted


def refusal(side: Side, sent: Sent) -> str:
    before = side.state()
    with pytest.raises(SessionError) as refused:
        side.opens(sent)
    assert side.state() == before
    return refused.value.reason


def restored() -> tuple[Side, Side]:
    """Alice in the state before her last two messages, and Bob who has read them."""
    alice, bob = acquainted()
    backup = copy(alice)
    for _ in range(2):
        bob.hears(alice.says(b"before the loss"))
    return backup, bob


def test_counters_used_again_are_duplicates_until_they_pass_those_of_the_lost_state():
    alice, bob = restored()
    assert [refusal(bob, alice.says(b"after it")) for _ in range(2)] == ["duplicate", "duplicate"]
    assert bob.hears(alice.says(b"a counter not used before")) == b"a counter not used before"


def test_a_counter_used_again_for_a_message_that_was_lost_opens_once():
    alice, bob = acquainted()
    backup = copy(alice)
    lost = alice.says(b"lost on the way")
    assert bob.hears(backup.says(b"in its place")) == b"in its place"
    assert refusal(bob, lost) == "duplicate"


def test_an_answer_to_the_lost_state_does_not_open():
    alice, bob = acquainted()
    backup = copy(alice)
    alice.hears(bob.says(b"ping"))
    for _ in range(2):
        bob.hears(alice.says(b"a turn"))
        answer = bob.says(b"its answer")
        alice.hears(answer)
    assert refusal(backup, answer) == "bad_mac"


def test_what_was_read_before_the_loss_opens_again():
    """Nothing in a session tells the past from the present: whoever stores it must not go back."""
    alice, bob = acquainted()
    backup = copy(alice)
    sent = bob.says(b"once")
    assert alice.hears(sent) == b"once"
    assert refusal(alice, sent) == "duplicate"
    assert backup.hears(sent) == b"once"


def test_who_knows_that_it_was_restored_says_nothing_in_a_session_from_before():
    alice, bob = restored()
    assert alice.record is not None
    alice.record = alice.record.in_doubt()
    with pytest.raises(SessionError, match="stale"):
        alice.says(b"under a key that was used")
    assert alice.hears(bob.says(b"still opened")) == b"still opened"
    assert bob.hears(alice.says(b"under keys drawn since")) == b"under keys drawn since"


def test_doubt_stays_until_the_ratchet_turns():
    alice, bob = acquainted()
    first, second = bob.says(b"in a chain"), bob.says(b"in the same chain")
    alice.hears(first)
    assert alice.record is not None
    alice.record = alice.record.in_doubt()
    assert alice.hears(second) == b"in the same chain"
    assert alice.record.current.doubtful


def test_a_new_session_heals():
    alice, bob = restored()
    assert refusal(bob, alice.says(b"after the loss")) == "duplicate"
    alice.start(bob)
    for speaker, listener in ((alice, bob), (bob, alice), (alice, bob)):
        assert listener.hears(speaker.says(b"healed")) == b"healed"
    assert alice.record.current.base_key == bob.record.current.base_key
