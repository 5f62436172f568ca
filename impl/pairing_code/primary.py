"""The phone's side of linking by code: somebody types a code, and the companion that shows it proves itself.

Order of checks as in `companion-host.ts` and `WaMobileCoordinator.ts` of zapo.
"""

from dataclasses import dataclass, field, replace

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KEY_SIZE, KeyPair
from impl.pairing_code import secrets
from impl.pairing_code.checks import check_alive, check_reference, check_tries
from impl.refusal import Refused, refused_as
from impl.wire.pairing_code import (
    CompanionFinish,
    CompanionHello,
    KeyBundle,
    PairingCode,
    PrimaryHello,
    WrappedBundle,
    WrappedKey,
    exact,
)


@dataclass(frozen=True, slots=True)
class PrimaryPairing:
    """A companion that has asked to be linked at `since` (seconds), and the codes typed for it.

    `shared` is what the newest pair of ephemeral keys agrees on, None before the first code.
    """

    hello: CompanionHello
    since: int
    tries: int = 0
    shared: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Proven:
    """A companion that knows the code, as the phone goes on with it: what a QR text would have told, 32 bytes each.

    The client type is not among it: the server does not pass it on.
    """

    ref: bytes
    noise: bytes
    identity: bytes
    secret: bytes = field(repr=False)


def asked(hello: CompanionHello, now: int) -> PrimaryPairing:
    """A companion_hello has come: it waits for a code. Raises Refused."""
    with refused_as("well_formed"):
        WrappedKey.decode(hello.ephemeral)
        exact(hello.noise, KEY_SIZE, "companion Noise key")
    return PrimaryPairing(hello, now)


def answer(
    pairing: PrimaryPairing | None, typed: str, account_key: bytes, entropy: Entropy, now: int
) -> tuple[PrimaryPairing, PrimaryHello]:
    """Somebody types a code. The phone cannot tell yet whether it is right. Raises Refused.

    A code that cannot be one costs no try. A further code replaces the former, whose companion_finish is void.
    """
    if pairing is None:
        raise Refused("pairing_pending", "no companion asks to be linked")
    check_alive(pairing.since, now)
    check_tries(pairing.tries)
    with refused_as("well_formed"):
        code = PairingCode.decode(typed)
    hello = pairing.hello
    ephemeral = KeyPair.generate(entropy)
    shared = secrets.agree(ephemeral.private, secrets.unwrap(code, WrappedKey.decode(hello.ephemeral)))
    return (
        replace(pairing, tries=pairing.tries + 1, shared=shared),
        PrimaryHello(hello.ref, secrets.wrap(code, ephemeral.public, entropy).encode(), account_key),
    )


def finish(pairing: PrimaryPairing | None, message: CompanionFinish, account: KeyPair, now: int) -> Proven:
    """The companion proves that it shows the code that was typed. The pairing is over then. Raises Refused."""
    if pairing is None or pairing.shared is None:
        raise Refused("pairing_pending", "no code was typed")
    check_alive(pairing.since, now)
    check_reference(pairing.hello.ref, message.ref)
    with refused_as("well_formed"):
        wrapped = WrappedBundle.decode(message.bundle)
        exact(message.identity, KEY_SIZE, "companion identity key")
    bundle = opened(wrapped, pairing.shared)
    check_identities(bundle, account.public, message.identity)
    identities = secrets.agree(account.private, message.identity)
    secret = secrets.linking_secret(pairing.shared, identities, bundle.secret)
    return Proven(message.ref, pairing.hello.noise, message.identity, secret)


def opened(wrapped: WrappedBundle, shared: bytes) -> KeyBundle:
    """The tag of the bundle is where a wrong code shows."""
    with refused_as("code", ValueError):
        return secrets.open_(wrapped, shared)


def check_identities(bundle: KeyBundle, account_key: bytes, identity: bytes) -> None:
    """The stanzas travel in the clear: only the bundle says who spoke to whom."""
    if bundle.primary != account_key:
        raise Refused("identity", "the companion was shown another account key")
    if bundle.companion != identity:
        raise Refused("identity", "the stanza names another identity than the companion's own")
