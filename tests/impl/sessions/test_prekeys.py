import pytest

from impl.crypto import xeddsa
from impl.crypto.keys import with_type
from impl.sessions import PrekeyBundle
from tests.impl.sessions.sides import Side


def test_the_signed_prekey_is_signed_with_its_type():
    side = Side.named("bob")
    bundle = side.local.bundle()
    assert xeddsa.verify(bundle.identity, with_type(bundle.signed_prekey), bundle.signature)
    assert not xeddsa.verify(bundle.identity, bundle.signed_prekey, bundle.signature)


def test_one_time_prekeys_are_distinct_and_leave_one_by_one():
    prekeys = Side.named("bob", one_time=20).local.prekeys
    assert len({pair.public for pair in prekeys.one_time.values()}) == 20
    left = prekeys.without(7)
    assert set(prekeys.one_time) - set(left.one_time) == {7}
    assert left.signed == prekeys.signed


def test_a_bundle_names_the_one_time_prekey_it_carries():
    bundle = Side.named("bob").local.bundle()
    with pytest.raises(ValueError, match="identifier"):
        PrekeyBundle(1, bundle.identity, 1, bundle.signed_prekey, bundle.signature, one_time_id=3)
