"""Flaws of linking."""

from collections.abc import Callable

from impl import fanout, linking, vouching
from impl.crypto import xeddsa
from impl.crypto.kdf import hkdf
from impl.crypto.keys import KEY_SIZE
from impl.flaws.flaw import Flaw, dropped
from impl.pairing_code import secrets
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.pairing_code import PairingCode

Vouches = Callable[[SignedDeviceIdentity, bytes, bytes], bool]


def _without_the_code(_: object) -> Callable[[PairingCode, bytes], bytes]:
    """Whoever sees the salt has the key."""
    return lambda code, salt: hkdf(salt, b"", KEY_SIZE)


def _by_either_prefix(account_vouches: Vouches) -> Vouches:
    """The server says which it is."""

    def hosted_too(signed: SignedDeviceIdentity, identity: bytes, account_key: bytes) -> bool:
        hosted = b"\x06\x05" + signed.details + identity
        signature = signed.account_signature
        return account_vouches(signed, identity, account_key) or (
            signature is not None and xeddsa.verify(account_key, hosted, signature)
        )

    return hosted_too


FLAWS = (
    Flaw(
        id="KF-01",
        where="linking",
        change="The companion skips the HMAC under the linking secret.",
        source="white paper, linking step 11",
        breaks=("L4", "L9"),
        needs="N",
        owner=linking,
        name="check_linking_secret",
        flawed=dropped,
    ),
    Flaw(
        id="KF-02",
        where="linking",
        change="The companion skips the account signature.",
        source="white paper, linking",
        breaks=("L3", "L4", "L9"),
        needs="N",
        owner=linking,
        name="check_account_signature",
        flawed=dropped,
    ),
    Flaw(
        id="KF-04",
        where="linking",
        change="A sender encrypts to a device whose account and device signature it did not check.",
        source="white paper, session set-up; several open-source clients",
        breaks=("L5", "D1", "F9"),
        needs="N",
        owner=fanout,
        name="check_vouched",
        flawed=dropped,
    ),
    Flaw(
        id="KF-05",
        where="linking",
        change="The linking secret stays valid after one use.",
        source="by analogy: reused pairing secrets",
        breaks=("L4", "L9"),
        needs="N",
        owner=linking,
        name="spend_secret",
        flawed=dropped,
    ),
    Flaw(
        id="KF-06",
        where="linking",
        change="The phone signs a fifth companion, or a phone as companion.",
        source="announcement",
        breaks=("L1", "L2"),
        needs="N",
        owner=linking,
        name="check_may_join",
        flawed=dropped,
    ),
    Flaw(
        id="KF-08",
        where="linking",
        change="The prefix of an account signature is that of a hosted account where the server says so.",
        source="hosted account types in open-source clients",
        breaks=("L12",),
        needs="N",
        owner=vouching,
        name="account_vouches",
        flawed=_by_either_prefix,
    ),
    Flaw(
        id="KF-09",
        where="linking",
        change="The ephemeral keys of linking by code are not bound to the code.",
        source="pairing by code",
        breaks=("L8", "L9", "L10"),
        needs="N",
        owner=secrets,
        name="wrapping_key",
        flawed=_without_the_code,
    ),
)
