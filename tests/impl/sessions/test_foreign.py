"""Sessions of another implementation, byte for byte."""

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair, with_type
from impl.sessions import Local, PrekeyBundle, Prekeys, SessionError, SignedPrekey, initiate, open_
from tests.impl.sessions.sides import Side
from tests.vectors import load


def pair(private: str) -> KeyPair:
    return KeyPair.of(bytes.fromhex(private))


def local(side: dict[str, str | int]) -> Local:
    """A side of a transcript; who only initiates needs no prekeys of its own."""
    identity = pair(side["identity_private"])
    if "signed_prekey_private" not in side:
        return Local(identity, side["registration_id"], Prekeys.generate(identity, seeded(b"")))
    one_time = {side["one_time_prekey_id"]: pair(side["one_time_prekey_private"])}
    signature = bytes.fromhex(side.get("signature", ""))
    signed = SignedPrekey(side["signed_prekey_id"], pair(side["signed_prekey_private"]), signature, created=0)
    return Local(identity, side["registration_id"], Prekeys({signed.id: signed}, one_time))


def drawing(privates: list[str]):
    """Entropy that hands out the private keys the other implementation drew."""
    left = iter(privates)

    def entropy(length: int) -> bytes:
        private = bytes.fromhex(next(left))
        assert length == len(private)
        return private

    return entropy


def test_a_whole_session_is_reproduced_to_the_byte():
    transcript = load("session")
    alice, bob = (Side(local(transcript[name]), drawing(transcript[name]["drawn"])) for name in ("alice", "bob"))
    alice.record = initiate(alice.local, bob.local.bundle(77), alice.entropy, None, 0)
    sides = {"alice": alice, "bob": bob}
    for step in transcript["steps"]:
        side = sides[step["by"]]
        if step["do"] == "seal":
            assert side.says(step["plaintext"].encode()) == (step["type"], bytes.fromhex(step["body"]))
        else:
            sealed = transcript["steps"][step["step"]]
            sent = sealed["type"], bytes.fromhex(sealed["body"])
            assert side.hears(sent) == sealed["plaintext"].encode()


def captured() -> tuple[Local, list[dict[str, str]]]:
    """Bob of the older vectors, and what he can open: later messages hang on a pair that was not kept."""
    session = load("foreign")["session"]
    bob = {name.removeprefix("bob_"): value for name, value in session.items()}
    return local(bob), [each for each in session["messages"] if each["type"] == "pkmsg"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_captured_first_messages_open_in_any_order(order):
    bob, messages = captured()
    record, used = None, []
    for index in order:
        body = bytes.fromhex(messages[index]["body"])
        opened = open_(bob, record, "pkmsg", body, seeded(b"bob"))
        assert opened.plaintext == messages[index]["plaintext"].encode()
        assert opened.identity.hex() == load("foreign")["session"]["alice_identity_public"]
        record, used = opened.record, [*used, opened.used_one_time]
    assert used == [77, None]


def test_captured_messages_of_an_unknown_ratchet_key_are_refused():
    bob, messages = captured()
    record = open_(bob, None, "pkmsg", bytes.fromhex(messages[0]["body"]), seeded(b"bob")).record
    later = [each for each in load("foreign")["session"]["messages"] if each["plaintext"] == "third"]
    with pytest.raises(SessionError) as refusal:
        open_(bob, record, "msg", bytes.fromhex(later[0]["body"]), seeded(b"bob"))
    assert refusal.value.reason == "bad_mac"


def test_a_foreign_signed_prekey_is_accepted_only_with_its_signature():
    bob = local(load("session")["bob"])
    bundle = bob.bundle(77)
    assert isinstance(bundle, PrekeyBundle)
    assert xeddsa.verify(bundle.identity, with_type(bundle.signed_prekey), bundle.signature)
