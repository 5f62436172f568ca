from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair, with_type
from impl.sessions import Local, PrekeyBundle, Prekeys, SessionError, SignedPrekey, open_
from impl.sessions.prekeys import (
    FIRST_ID,
    GRACE,
    LAST_ID,
    ONE_TIME_BATCH,
    ONE_TIME_MINIMUM,
    ROTATION,
    expired,
    generate_one_time,
    generate_signed,
    rotation_due,
    shortage,
)
from tests.impl.sessions.sides import Side, strangers

IDENTITY = KeyPair.generate(seeded(b"identity"))
NOW = 1_700_000_000


def signed(id: int, created: int) -> SignedPrekey:
    return generate_signed(IDENTITY, id, created, seeded(b"%d" % id))


def holding(*prekeys: SignedPrekey) -> Prekeys:
    return Prekeys({each.id: each for each in prekeys}, {})


def rotated(side: Side, now: int) -> SignedPrekey:
    """What a device does once in a while: a new signed prekey beside the old ones."""
    prekeys = side.local.prekeys
    new = generate_signed(side.local.identity, prekeys.current.id + 1, now, side.entropy)
    side.local = replace(side.local, prekeys=replace(prekeys, signed={**prekeys.signed, new.id: new}))
    return new


def test_the_signed_prekey_is_signed_with_its_type():
    side = Side.named("bob")
    bundle = side.local.bundle()
    assert xeddsa.verify(bundle.identity, with_type(bundle.signed_prekey), bundle.signature)
    assert not xeddsa.verify(bundle.identity, bundle.signed_prekey, bundle.signature)


def test_one_time_prekeys_are_distinct():
    prekeys = Side.named("bob", one_time=20).local.prekeys
    assert len({pair.public for pair in prekeys.one_time.values()}) == 20


def test_a_bundle_names_the_one_time_prekey_it_carries():
    bundle = Side.named("bob").local.bundle()
    with pytest.raises(ValueError, match="identifier"):
        PrekeyBundle(1, bundle.identity, 1, bundle.signed_prekey, bundle.signature, one_time_id=3)


def test_a_signed_prekey_is_due_for_rotation_at_its_time():
    prekeys = holding(signed(1, NOW - 2 * ROTATION), signed(2, NOW))
    assert not rotation_due(prekeys, NOW + ROTATION - 1)
    assert rotation_due(prekeys, NOW + ROTATION)


def test_a_replaced_signed_prekey_is_kept_for_a_grace_time_after_its_successor_came():
    prekeys = holding(signed(3, NOW + ROTATION), signed(1, 0), signed(2, NOW))
    assert expired(prekeys, NOW + GRACE) == ()
    assert expired(prekeys, NOW + GRACE + 1) == (1,)
    assert expired(prekeys, NOW + ROTATION + GRACE + 1) == (1, 2)
    assert expired(prekeys, NOW + 1000 * GRACE) == (1, 2), "the current one never expires"


def test_the_newest_signed_prekey_is_handed_out_and_older_ones_still_open():
    alice, bob = strangers()
    alice.start(bob)
    before = alice.says(b"to the old one")
    new = rotated(bob, NOW)
    bundle = bob.local.bundle()
    assert (bundle.signed_prekey_id, bundle.signed_prekey) == (new.id, new.pair.public) == (2, new.pair.public)
    assert bob.hears(before) == b"to the old one"
    alice.start(bob)
    assert bob.hears(alice.says(b"to the new one")) == b"to the new one"


def test_a_deleted_signed_prekey_starts_no_session():
    alice, bob = strangers()
    alice.start(bob)
    new = rotated(bob, NOW)
    bob.local = replace(bob.local, prekeys=replace(bob.local.prekeys, signed={new.id: new}))
    with pytest.raises(SessionError, match="invalid_key_id"):
        bob.hears(alice.says(b"too late"))


def test_one_time_prekeys_are_replenished_below_the_minimum():
    assert shortage(ONE_TIME_MINIMUM) == 0
    assert shortage(ONE_TIME_MINIMUM - 1) == ONE_TIME_BATCH - ONE_TIME_MINIMUM + 1
    assert shortage(0) == ONE_TIME_BATCH


def test_one_time_prekeys_come_under_rising_identifiers():
    made = generate_one_time(7, 3, seeded(b"one time"))
    assert list(made) == [7, 8, 9]
    assert len({pair.private for pair in made.values()}) == 3
    assert generate_one_time(7, 0, seeded(b"one time")) == {}


def test_identifiers_end_with_three_bytes_and_are_not_given_again():
    entropy = seeded(b"last")
    assert list(generate_one_time(LAST_ID - 1, 2, entropy)) == [LAST_ID - 1, LAST_ID]
    assert generate_signed(IDENTITY, LAST_ID, NOW, entropy).id == LAST_ID
    for make in (
        lambda: generate_one_time(LAST_ID, 2, entropy),
        lambda: generate_signed(IDENTITY, LAST_ID + 1, NOW, entropy),
        lambda: generate_one_time(FIRST_ID - 1, 2, entropy),
        lambda: generate_signed(IDENTITY, FIRST_ID - 1, NOW, entropy),
    ):
        with pytest.raises(SessionError, match="key_ids_exhausted"):
            make()


class Rows(Mapping):
    """A table that only looks up single rows, and counts how often."""

    def __init__(self, rows: dict) -> None:
        self.rows = rows
        self.asked: list[int] = []

    def __getitem__(self, key: int):
        self.asked.append(key)
        return self.rows[key]

    def __iter__(self) -> Iterator[int]:
        raise AssertionError("all rows were read")

    def __len__(self) -> int:
        raise AssertionError("all rows were counted")


def test_opening_looks_up_single_rows():
    alice, bob = strangers()
    alice.start(bob)
    first, second = alice.says(b"first"), alice.says(b"second")
    one_time = Rows(bob.local.prekeys.one_time)
    tables = Prekeys(Rows(bob.local.prekeys.signed), one_time)
    reader = Local(bob.local.identity, 7, tables)
    opened = open_(reader, None, *first, bob.entropy)
    assert opened.plaintext == b"first"
    assert (tables.signed.asked, one_time.asked) == ([1], [opened.used_one_time])
    assert open_(reader, opened.record, *second, bob.entropy).plaintext == b"second"
    assert (tables.signed.asked, one_time.asked) == ([1], [opened.used_one_time]), "the session is known by now"
