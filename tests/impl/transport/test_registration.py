"""A companion introduces itself, and a server looks before it stores."""

from dataclasses import replace
from hashlib import md5

import pytest

from impl.kinds import DeviceProps, Platform
from impl.refusal import Refused
from impl.sessions import PrekeyBundle
from impl.sessions.prekeys import generate_signed
from impl.transport.registration import check_signed_prekey, introduce
from impl.wire.client_payload import decode, encode
from tests.impl.transport.sides import CLIENT, ENTROPY, STRANGER

SIGNED = generate_signed(CLIENT, 7, 0, ENTROPY)
BUNDLE = PrekeyBundle(1, CLIENT.public, SIGNED.id, SIGNED.pair.public, SIGNED.signature)
PROPS = DeviceProps(Platform.FIREFOX, "Linux")
REGISTRATION = introduce(BUNDLE, PROPS, (2, 3000, 1))


def test_an_introduction_arrives_and_holds() -> None:
    assert decode(encode(REGISTRATION)) == REGISTRATION
    assert (REGISTRATION.identity, REGISTRATION.signed_prekey_id, REGISTRATION.props) == (CLIENT.public, 7, PROPS)
    assert REGISTRATION.build_hash == md5(b"2.3000.1").digest()
    check_signed_prekey(REGISTRATION)


@pytest.mark.parametrize(
    "changed",
    [
        {"identity": STRANGER.public},
        {"signed_prekey": STRANGER.public},
        {"signature": generate_signed(STRANGER, 7, 0, ENTROPY).signature},
    ],
)
def test_a_prekey_that_the_identity_has_not_signed_is_refused(changed: dict[str, bytes]) -> None:
    with pytest.raises(Refused, match="prekey_signature"):
        check_signed_prekey(replace(REGISTRATION, **changed))
