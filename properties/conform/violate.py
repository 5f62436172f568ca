"""violate: for a guard of an accepting action, the bytes that break exactly that guard, made with the attacker's means.

Guards without an entry here speak of the state alone (a list that was overtaken, a seat that is taken); they
are broken where the walk meets a state in which nothing else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from msgspec import structs

from impl.crypto.kdf import hmac_sha256
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire.adv import IdentityContainer, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.frames import PreKeySignalMessage
from impl.wire.qr import Qr
from model.devicelist import DeviceLists
from model.fanout import Fanout
from model.history import History
from model.linking import Linking
from properties.conform.perform import PHONE_CLIENT, confirm_container, scan_text
from properties.conform.registry import violates
from properties.conform.world import World


def damaged(stanza: Stanza) -> Stanza:
    """One bit of the MAC is flipped: the outer fields of a first message (registration id, key ids) are under none."""
    if stanza.enc_type == "msg":
        return replace(stanza, body=flipped(stanza.body))
    frame = PreKeySignalMessage.decode(stanza.body)
    return replace(stanza, body=structs.replace(frame, message=flipped(frame.message)).encode())


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@violates(Linking.scan, "not_a_phone", breaks="L2")
def a_phone_asks(world: World, phone: str, companion: str, next: str) -> None:
    """The QR names a phone as the kind of client."""
    qr = Qr.decode(world.qr[companion])
    scan_text(world, phone, companion, next, replace(qr, client_type=PHONE_CLIENT).encode())


@violates(Linking.confirm, "linking_secret", breaks="L4")
def another_secret(world: World, companion: str, user: str) -> None:
    """The HMAC is under a secret that is not in the QR."""
    container = IdentityContainer.decode(world.adversary.approval(companion, user))
    confirm_container(world, companion, user, replace(container, hmac=world.entropy(32)).encode())


@violates(Linking.confirm, "account_signature", breaks="L4")
def signed_by_a_stranger(world: World, companion: str, user: str) -> None:
    """Who has seen the QR makes the HMAC, but signs with a key that is not the account's."""
    signed = world.adversary.voucher(user, companion).encode()
    secret = Qr.decode(world.qr[companion]).secret
    confirm_container(world, companion, user, IdentityContainer(signed, hmac_sha256(secret, signed)).encode())


@violates(DeviceLists.show, "signature", breaks="D1")
def the_same_list_signed_by_a_stranger(world: World, device: str, user: str, list: str) -> None:
    content = SignedKeyIndexList.decode(world.lists[list]).list
    world.device(device).learn_list(user, world.adversary.list_of(user, list, content), world.now)


@violates(Fanout.meet, "account_signature", breaks="L5")
def vouched_for_by_a_stranger(world: World, device: str, other: str) -> bool | None:
    """Another key has signed for the same identity; a phone comes with another identity."""
    user = world.account(other)
    bundle = world.bundle(other)
    if world.specs[other].phone:
        bundle = world.adversary.local.bundle()
    else:
        forged = world.adversary.voucher(user, other)
        proof = world.adversary.countersigned(forged, world.peek(other).identity)
        bundle = replace(bundle, device_identity=proof.encode())
    world.device(device).meet(world.address(other), world.number(user, other), bundle, world.now)
    return None


@violates(Fanout.meet, "device_signature", breaks="L5")
def not_signed_by_the_device(world: World, device: str, other: str) -> bool | None:
    """The device signature is the adversary's."""
    bundle = world.bundle(other)
    if bundle.device_identity is None:
        return False
    signed = SignedDeviceIdentity.decode(bundle.device_identity)
    forged = replace(bundle, device_identity=world.adversary.countersigned(signed, world.adversary.key).encode())
    world.device(device).meet(world.address(other), world.number(world.account(other), other), forged, world.now)
    return None


@violates(Fanout.receive, "intact", breaks="F4")
def one_bit_is_flipped(world: World, device: str, message: str, addressee: str) -> None:
    world.device(device).receive(damaged(world.captured[message, addressee].stanza), world.now)


@violates(Fanout.receive, "signatures", breaks="F4", refusals=("account_signature", "identity"))
def a_stranger_speaks(world: World, device: str, message: str, addressee: str) -> None:
    """With a device signature of the adversary's; then sealed by it, with a proof that it has signed throughout."""
    receiver, author = world.device(device), world.spec_of(message).author
    unsigned = signed_by_another(world, device, world.captured[message, addressee].stanza)
    if unsigned and gets_in(lambda: receiver.receive(unsigned, world.now)):
        return
    receiver.receive(world.adversary.impersonate(author, device, message), world.now)


def signed_by_another(world: World, device: str, stanza: Stanza) -> Stanza | None:
    """The device signature is not the sender's. None where it is not looked at: the sender is known, or a phone."""
    if stanza.device_identity is None or stanza.sender in world.peek(device).peers:
        return None
    signed = SignedDeviceIdentity.decode(stanza.device_identity)
    proof = world.adversary.countersigned(signed, world.adversary.key).encode()
    return replace(stanza, device_identity=proof)


def gets_in(attempt: Callable[[], object]) -> bool:
    """Whether what nobody has signed for is taken."""
    try:
        attempt()
    except Refused as refused:
        if refused.check != "device_signature":
            raise
        return False
    return True


@violates(History.share, "account_signature", breaks="H1")
def the_bundle_of_a_stranger(world: World, phone: str, companion: str) -> bool | None:
    """The server gives the bundle of another device in the place of the companion's."""
    user = world.specs[phone].owner
    bundle = world.adversary.local.bundle()
    world.phone(phone).share_history(world.address(companion, user), world.answers[user, companion], bundle, world.now)
    return None


@violates(History.share, "device_signature", breaks="H1")
def the_companion_has_not_answered(world: World, phone: str, companion: str) -> None:
    """The answer is signed by the adversary."""
    user = world.specs[phone].owner
    answer = SignedDeviceIdentity.decode(world.answers[user, companion])
    named = replace(answer, account_key=world.account_key(user))
    forged = replace(world.adversary.countersigned(named, world.adversary.key), account_key=None).encode()
    world.phone(phone).share_history(world.address(companion, user), forged, world.bundle(companion), world.now)


@violates(History.import_, "intact", breaks="H4")
def the_notification_is_damaged(world: World, companion: str, sender: str) -> None:
    history = world.histories[sender, companion]
    world.companion(companion).import_history(damaged(history.stanza), history.blob, world.now)


@violates(History.import_, "blob_intact", breaks="H4")
def the_blob_is_damaged(world: World, companion: str, sender: str) -> None:
    history = world.histories[sender, companion]
    blob = bytes([history.blob[0] ^ 1]) + history.blob[1:]
    world.companion(companion).import_history(history.stanza, blob, world.now)
