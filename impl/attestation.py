"""The three signatures of multi-device linking, each over its own prefix.

White paper, "Linking"; prefixes as in `pair.go` of tulir/whatsmeow and `signal/attestation` of zapo. Only the
prefixes of end-to-end accounts are used, whatever an account type says, so that nothing made for a hosted
account verifies here.
"""

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.wire.adv import SignedDeviceIdentity, SignedKeyIndexList

ACCOUNT_PREFIX = b"\x06\x00"
DEVICE_PREFIX = b"\x06\x01"
LIST_PREFIX = b"\x06\x02"


def account_message(details: bytes, identity: bytes) -> bytes:
    """What the account signs about the companion that holds `identity`."""
    return ACCOUNT_PREFIX + details + identity


def device_message(details: bytes, identity: bytes, account_key: bytes) -> bytes:
    """What the companion signs about the account that it joins."""
    return DEVICE_PREFIX + details + identity + account_key


def list_message(details: bytes) -> bytes:
    """What the account signs about its devices."""
    return LIST_PREFIX + details


def sign_list(account: KeyPair, details: bytes, entropy: Entropy) -> SignedKeyIndexList:
    return SignedKeyIndexList(details, xeddsa.sign(account.private, list_message(details), entropy))


def account_vouches(signed: SignedDeviceIdentity, identity: bytes, account_key: bytes) -> bool:
    """Whether the account that holds `account_key`, named in `signed`, signed for the device `identity`."""
    return (
        signed.account_key == account_key
        and signed.account_signature is not None
        and xeddsa.verify(account_key, account_message(signed.details, identity), signed.account_signature)
    )


def device_agrees(signed: SignedDeviceIdentity, identity: bytes, account_key: bytes) -> bool:
    """Whether the device that holds `identity` signed that it joins the account of `account_key`."""
    return signed.device_signature is not None and xeddsa.verify(
        identity, device_message(signed.details, identity, account_key), signed.device_signature
    )
