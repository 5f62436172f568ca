"""Our phone links the companions of others: what it vouches for they accept, and what they sign it verifies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from impl.attestation import device_agrees
from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.kdf import hmac_sha256
from impl.crypto.keys import KeyPair
from impl.foreign.errors import Refused
from impl.foreign.process import Shim
from impl.pairing_code import secrets
from impl.phone import Phone
from impl.wire.adv import AccountType, IdentityContainer, SignedDeviceIdentity
from impl.wire.errors import DecodeError
from impl.wire.pairing_code import PairingCode
from impl.wire.qr import Qr

NOW = 1626220800
ENTROPY = seeded(b"interop pairing")
NOISE, IDENTITY, STRANGER = (KeyPair.generate(ENTROPY) for _ in range(3))
SECRET = ENTROPY(32)
JID = "15550001:7@s.whatsapp.net"
HOSTED_PREFIX = bytes((6, 5))


@pytest.fixture
def phone() -> Phone:
    return Phone.register("15550001", ENTROPY, NOW)


def vouched(phone: Phone) -> IdentityContainer:
    """What the phone answers a QR with."""
    text = Qr("ref", NOISE.public, IDENTITY.public, SECRET, "1").encode()
    return IdentityContainer.decode(phone.scan(text, NOW).container)


def pair(peer: Shim, container: IdentityContainer) -> dict[str, Any]:
    def node(tag: str, content: Any = None, **attrs: str) -> dict[str, Any]:
        return {"tag": tag, "attrs": list(attrs.items()), "content": content}

    linked = [
        node("device-identity", container.encode()),
        node("device", jid=JID, lid="4915550001:7@lid"),
        node("platform", name="android"),
    ]
    stanza = node("iq", [node("pair-success", linked)], id="1", type="set", **{"from": "@s.whatsapp.net"})
    keys = {"private_key": IDENTITY.private, "public_key": IDENTITY.public}
    answer: dict[str, Any] = peer.call("pair", stanza=stanza, secret=SECRET, **keys)
    return answer


def signed_anew(container: IdentityContainer, **changes: Any) -> IdentityContainer:
    """Other contents under the right linking secret."""
    details = replace(SignedDeviceIdentity.decode(container.details), **changes).encode()
    return replace(container, details=details, hmac=hmac_sha256(SECRET, details))


def test_the_companion_accepts_and_signs(peer: Shim, phone: Phone) -> None:
    container = vouched(phone)
    given = SignedDeviceIdentity.decode(container.details)
    answer = pair(peer, container)
    signed = SignedDeviceIdentity.decode(answer["identity"])
    assert (answer["jid"], answer["key_index"]) == (JID, given.identity.key_index)
    assert (signed.details, signed.account_signature) == (given.details, given.account_signature)
    assert signed.account_key is None
    assert device_agrees(signed, IDENTITY.public, phone.identity.public)
    assert not device_agrees(signed, STRANGER.public, phone.identity.public)


def test_who_has_not_seen_the_qr_is_refused(peer: Shim, phone: Phone) -> None:
    container = vouched(phone)
    with pytest.raises(Refused):
        pair(peer, replace(container, hmac=hmac_sha256(bytes(32), container.details)))


def forged(phone: Phone) -> list[IdentityContainer]:
    """Containers whose account has not signed for this companion."""
    container = vouched(phone)
    given = SignedDeviceIdentity.decode(container.details)
    of_another = xeddsa.sign(phone.identity.private, b"\x06\x00" + given.details + STRANGER.public, ENTROPY)
    return [
        signed_anew(container, account_signature=of_another),
        signed_anew(container, account_signature=bytes(64)),
        signed_anew(container, account_key=STRANGER.public),
    ]


@pytest.mark.only("pyaileys", "waeys", "pywhats")
def test_an_account_that_has_not_signed_is_refused(peer: Shim, phone: Phone) -> None:
    for container in forged(phone):
        with pytest.raises(Refused, match=r"(?i)signature"):
            pair(peer, container)


@pytest.mark.only("baileys")
@pytest.mark.difference("verify-without-verdict")
def test_an_account_that_has_not_signed_is_accepted(peer: Shim, phone: Phone) -> None:
    for container in forged(phone):
        assert pair(peer, container)["jid"] == JID


@pytest.mark.difference("account-type")
def test_a_hosted_container_around_an_account_that_is_not(peer: Shim, phone: Phone) -> None:
    container = vouched(phone)
    code = hmac_sha256(SECRET, HOSTED_PREFIX + container.details)
    mixed = replace(container, account_type=AccountType.HOSTED, hmac=code)
    if peer.peer.name == "pywhats":
        with pytest.raises(Refused, match="HMAC"):
            pair(peer, mixed)
    else:
        assert pair(peer, mixed)["jid"] == JID


@pytest.mark.only("baileys", "waeys")
def test_the_key_of_a_typed_code(peer: Shim) -> None:
    code, salt = "ABCD2345", ENTROPY(32)
    theirs = peer.call("pairing_code_key", code=code, salt=salt)
    assert theirs == secrets.wrapping_key(PairingCode.decode(code), salt)


@pytest.mark.only("pywhats")
@pytest.mark.difference("qr-fields")
def test_a_qr_of_four_fields(peer: Shim) -> None:
    theirs = peer.call("qr_text", ref="2@ref", noise=NOISE.public, identity=IDENTITY.public, secret=SECRET)
    with pytest.raises(DecodeError, match="not five fields"):
        Qr.decode(theirs)
    assert Qr.decode(theirs + ",1") == Qr("2@ref", NOISE.public, IDENTITY.public, SECRET, "1")
