from impl.sessions.record import MAX_ARCHIVED, Record
from tests.impl.sessions.sides import Side, strangers


def test_a_new_session_leads_and_the_former_are_kept_newest_first():
    alice, bob = strangers()
    for _ in range(MAX_ARCHIVED + 3):
        former = alice.record.sessions if alice.record else ()
        alice.start(bob)
        assert alice.record.sessions[1:] == former[:MAX_ARCHIVED]
    assert len(alice.record.sessions) == 1 + MAX_ARCHIVED


def test_a_session_that_returns_to_the_lead_is_kept_once():
    alice, bob = strangers()
    for _ in range(3):
        alice.start(bob)
    newest, middle, oldest = alice.record.sessions
    assert Record.led_by(oldest, alice.record).sessions == (oldest, newest, middle)


def test_sessions_of_another_identity_are_dropped():
    alice, bob = strangers()
    alice.start(bob)
    alice.start(Side.named("bob, installed anew"))
    assert len(alice.record.sessions) == 1
    assert alice.record.identity == Side.named("bob, installed anew").local.identity.public


def test_a_session_is_found_by_identity_and_base_key():
    alice, bob = strangers()
    alice.start(bob)
    session = alice.record.current
    assert alice.record.find(session.peer, session.base_key) is session
    assert alice.record.find(bytes(32), session.base_key) is None
    assert alice.record.find(session.peer, bytes(32)) is None
