"""What is shown, typed and signed when devices link, and when people compare security codes."""

from __future__ import annotations

from fuzz.targets.spelling import as_bytes, as_it_is, text, without
from fuzz.targets.target import Target
from impl.address import Address
from impl.wire.adv import (
    DeviceIdentity,
    IdentityContainer,
    KeyIndexList,
    SignedDeviceIdentity,
    SignedKeyIndexList,
)
from impl.wire.pairing_code import PairingCode, WrappedBundle, WrappedKey
from impl.wire.qr import PREFIX, Qr
from impl.wire.security_code import CombinedFingerprints


def _with_url(data: bytes) -> bytes:
    """A QR text may leave out the URL."""
    return PREFIX.encode() + data.removeprefix(PREFIX.encode())


TARGETS = (
    Target(
        "qr",
        lambda data: Qr.decode(text(data)),
        lambda qr: as_bytes(qr.encode()),
        "qr",
        600,
        spelling=_with_url,
    ),
    Target(
        "address",
        lambda data: Address.parse(text(data)),
        lambda address: as_bytes(str(address)),
        "address",
        100,
        spelling=as_it_is,
    ),
    Target(
        "identity-container",
        IdentityContainer.decode,
        IdentityContainer.encode,
        "adv",
        600,
        spelling=without("1800"),
    ),
    Target(
        "signed-identity",
        SignedDeviceIdentity.decode,
        SignedDeviceIdentity.encode,
        "adv",
        600,
        spelling=as_it_is,
    ),
    Target(
        "device-identity",
        DeviceIdentity.decode,
        DeviceIdentity.encode,
        "adv",
        600,
        spelling=without("2000", "2800"),
    ),
    Target(
        "signed-key-index-list",
        SignedKeyIndexList.decode,
        SignedKeyIndexList.encode,
        "adv",
        5000,
        spelling=as_it_is,
    ),
    Target(
        "key-index-list",
        KeyIndexList.decode,
        KeyIndexList.encode,
        "adv",
        5000,
        spelling=without("2800"),
    ),
    Target(
        "pairing-code",
        lambda data: PairingCode.decode(text(data)),
        lambda code: as_bytes(code.encode()),
        "pairing",
        100,
    ),
    Target("wrapped-key", WrappedKey.decode, WrappedKey.encode, "pairing", 200, spelling=as_it_is),
    Target("wrapped-bundle", WrappedBundle.decode, WrappedBundle.encode, "pairing", 300, spelling=as_it_is),
    Target(
        "security-code",
        CombinedFingerprints.decode,
        CombinedFingerprints.encode,
        "adv",
        200,
        spelling=as_it_is,
    ),
)
