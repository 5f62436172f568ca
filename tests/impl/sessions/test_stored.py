"""Sessions and prekeys as a store keeps them: msgpack of their values."""

import msgspec
import pytest

from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.sessions import Record, SignedPrekey
from impl.sessions.chain import Chain, ReceivingChain
from impl.sessions.prekeys import generate_signed
from impl.sessions.ratchet import Ratchet
from impl.sessions.session import Pending, Session
from tests.impl.sessions.sides import Side, acquainted, strangers


def stored(value):
    """What comes back from a store."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type(value))


def busy() -> tuple[Side, Side]:
    """Two archived sessions, skipped messages in two chains, and a session that waits for its answer."""
    alice, bob = acquainted()
    for _ in range(2):
        bob.says(b"skipped")
        alice.hears(bob.says(b"heard"))
        bob.hears(alice.says(b"turn"))
    alice.hears(bob.says(b"turn"))
    alice.start(bob)
    alice.start(bob)
    return alice, bob


def values():
    alice, _ = busy()
    pending, session = alice.record.current, alice.record.sessions[-1]
    chain = next(iter(session.ratchet.receiving.values()))
    pair = KeyPair.generate(seeded(b"pair"))
    return [
        alice.record,
        session,
        pending,
        pending.pending,
        Pending(1, None, 1_700_000_000),
        session.ratchet,
        chain,
        ReceivingChain(chain.chain, {0: bytes(32), 4_294_967_295: b"\xff" * 32}),
        chain.chain,
        generate_signed(pair, 7, 1_700_000_000, seeded(b"signed")),
        pair,
    ]


@pytest.mark.parametrize("value", values(), ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_was(value):
    assert stored(value) == value
    assert type(stored(value)) in (Record, Session, Pending, Ratchet, ReceivingChain, Chain, SignedPrekey, KeyPair)


def test_chains_and_seeds_come_back_in_their_order():
    """What is given up first is told by the order."""
    alice, _ = busy()
    ratchet = alice.record.sessions[-1].ratchet
    after = stored(ratchet)
    assert list(after.receiving) == list(ratchet.receiving) and len(after.receiving) > 1
    assert [list(chain.skipped) for chain in after.receiving.values()] == [
        list(chain.skipped) for chain in ratchet.receiving.values()
    ]


def test_a_conversation_goes_on_from_the_store():
    alice, bob = strangers()
    alice.start(bob)
    for number in range(6):
        speaker, listener = (bob, alice) if number % 3 == 2 else (alice, bob)
        assert listener.hears(speaker.says(b"text")) == b"text"
        for side in (alice, bob):
            side.record = stored(side.record)


@pytest.mark.parametrize("broken", [b"", b"\xc0", b"\x91", msgspec.msgpack.encode({"sessions": [{"peer": 1}]})])
def test_other_bytes_are_no_record(broken):
    with pytest.raises(msgspec.MsgspecError):
        msgspec.msgpack.decode(broken, type=Record)
