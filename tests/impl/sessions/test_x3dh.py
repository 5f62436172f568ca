from dataclasses import replace

import pytest

from impl.crypto.entropy import seeded
from impl.crypto.keys import InvalidKey, KeyPair
from impl.sessions.x3dh import as_initiator, as_responder
from tests.impl.sessions.sides import Side

BASE = KeyPair.generate(seeded(b"base"))


def secrets(one_time_id, alice=None, base=BASE):
    alice, bob = alice or Side.named("alice"), Side.named("bob")
    prekeys = bob.local.prekeys
    theirs = as_initiator(alice.local.identity, base, bob.local.bundle(one_time_id))
    ours = as_responder(
        bob.local.identity,
        prekeys.current.pair,
        None if one_time_id is None else prekeys.one_time[one_time_id],
        Side.named("alice").local.identity.public,
        BASE.public,
    )
    return theirs, ours


@pytest.mark.parametrize("one_time_id", [None, 1])
def test_both_sides_agree(one_time_id):
    theirs, ours = secrets(one_time_id)
    assert theirs == ours
    root, chain_key = ours
    assert len(root) == len(chain_key) == 32 and root != chain_key


def test_every_key_takes_part():
    without, with_first, with_second = (secrets(each)[1] for each in (None, 1, 2))
    assert len({without, with_first, with_second}) == 3
    for theirs, ours in (
        secrets(1, alice=Side.named("mallory")),
        secrets(1, base=KeyPair.generate(seeded(b"!"))),
    ):
        assert theirs != ours


@pytest.mark.parametrize("name", ["identity", "signed_prekey", "one_time"])
def test_a_bundle_with_a_small_order_key_is_refused(name):
    bundle = replace(Side.named("bob").local.bundle(1), **{name: bytes(32)})
    with pytest.raises(InvalidKey):
        as_initiator(Side.named("alice").local.identity, BASE, bundle)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_private_key_of_another_length_is_refused(length):
    """A damaged store must not make libsodium read beyond a key."""
    broken = replace(BASE, private=bytes(length))
    with pytest.raises(InvalidKey, match="32 bytes"):
        as_initiator(Side.named("alice").local.identity, broken, Side.named("bob").local.bundle())
