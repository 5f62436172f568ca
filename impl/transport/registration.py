"""How a new device introduces itself to the server, and what the server makes sure of before it stores anything.

A companion does it inside the handshake, `store/clientpayload.go` of tulir/whatsmeow; a phone before its first one.
"""

from hashlib import md5

from impl.crypto import xeddsa
from impl.crypto.keys import with_type
from impl.kinds import DeviceProps
from impl.refusal import Refused
from impl.sessions import PrekeyBundle
from impl.wire.client_payload import Registration
from impl.wire.phone_registration import PhoneRegistration

Version = tuple[int, int, int]


def introduce(bundle: PrekeyBundle, props: DeviceProps, version: Version) -> Registration:
    """The registration of a companion that runs `version` of its software; one-time prekeys follow after login."""
    build_hash = md5(".".join(map(str, version)).encode(), usedforsecurity=False).digest()
    return Registration(
        bundle.registration_id,
        bundle.identity,
        bundle.signed_prekey_id,
        bundle.signed_prekey,
        bundle.signature,
        build_hash,
        props,
    )


def introduce_phone(user: str, bundle: PrekeyBundle, noise: bytes) -> PhoneRegistration:
    """The registration of a phone that logs in with the Noise key `noise`; one-time prekeys follow after login."""
    return PhoneRegistration(
        user,
        noise,
        bundle.registration_id,
        bundle.identity,
        bundle.signed_prekey_id,
        bundle.signed_prekey,
        bundle.signature,
    )


def bundle(registration: Registration | PhoneRegistration) -> PrekeyBundle:
    """What others get of the device until there are one-time prekeys."""
    return PrekeyBundle(
        registration.registration_id,
        registration.identity,
        registration.signed_prekey_id,
        registration.signed_prekey,
        registration.signature,
    )


def check_signed_prekey(registration: Registration | PhoneRegistration) -> None:
    """Raises Refused "prekey_signature": otherwise every peer would meet a prekey that it must not use."""
    if not xeddsa.verify(registration.identity, with_type(registration.signed_prekey), registration.signature):
        raise Refused("prekey_signature", "the signed prekey is not signed by the identity it came with")
