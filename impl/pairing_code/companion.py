"""The companion's side of linking by code: show a code, then answer whoever claims to have been told it.

Order of checks as in `pair-code.go` of tulir/whatsmeow, with the limits of zapo. The companion cannot tell a wrong
code: it learns from the HMAC of pair-success whether the phone had the right one.
"""

from dataclasses import dataclass, field, replace

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.pairing_code import secrets
from impl.pairing_code.checks import check_alive, check_reference, check_tries
from impl.refusal import Refused, refused_as
from impl.wire.pairing_code import (
    SECRET_SIZE,
    CompanionFinish,
    KeyBundle,
    PairingCode,
    PrimaryHello,
    WrappedKey,
)


@dataclass(frozen=True, slots=True)
class CompanionPairing:
    """A code on show since `since` (seconds); `ref` is None until the server has named the pairing.

    `answered` keeps the wrapped keys of the primary_hellos that were answered: one for every try.
    """

    code: PairingCode
    ephemeral: KeyPair
    since: int
    ref: bytes | None = None
    answered: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What pair-success must keep: the HMAC under `secret` (32 bytes), and the account key announced before."""

    secret: bytes = field(repr=False)
    account_key: bytes


def begin(entropy: Entropy, now: int, code: PairingCode | None = None) -> tuple[CompanionPairing, bytes]:
    """A pairing with a code to show, drawn unless chosen, and the wrapped key of its companion_hello (80 bytes)."""
    pairing = CompanionPairing(code or PairingCode.draw(entropy), KeyPair.generate(entropy), now)
    return pairing, secrets.wrap(pairing.code, pairing.ephemeral.public, entropy).encode()


def named(pairing: CompanionPairing | None, ref: bytes) -> CompanionPairing:
    """The server has answered companion_hello with its reference. Raises Refused."""
    pending = _pending(pairing)
    if pending.ref is not None:
        raise Refused("once", "the pairing has a reference")
    if not ref:
        raise Refused("well_formed", "an empty reference")
    return replace(pending, ref=ref)


def answer(
    pairing: CompanionPairing | None, hello: PrimaryHello, identity: KeyPair, entropy: Entropy, now: int
) -> tuple[CompanionPairing, CompanionFinish, Expectation]:
    """Somebody claims to be the phone and to know the code. Raises Refused.

    Every answer has a secret of its own: what was expected of pair-success before is void.
    """
    pending = _pending(pairing)
    if pending.ref is None:
        raise Refused("pairing_pending", "the server has not named this pairing")
    check_alive(pending.since, now)
    check_reference(pending.ref, hello.ref)
    with refused_as("well_formed"):
        wrapped = WrappedKey.decode(hello.ephemeral)
    check_once(pending, hello)
    check_tries(len(pending.answered))
    shared = secrets.agree(pending.ephemeral.private, secrets.unwrap(pending.code, wrapped))
    identities = secrets.agree(identity.private, hello.identity)
    bundle = KeyBundle(identity.public, hello.identity, entropy(SECRET_SIZE))
    return (
        replace(pending, answered=(*pending.answered, hello.ephemeral)),
        CompanionFinish(hello.ref, secrets.seal(bundle, shared, entropy).encode(), identity.public),
        Expectation(secrets.linking_secret(shared, identities, bundle.secret), hello.identity),
    )


def check_once(pairing: CompanionPairing, hello: PrimaryHello) -> None:
    if hello.ephemeral in pairing.answered:
        raise Refused("once", "this primary_hello was answered before")


def check_account_key(expected: bytes, account_key: bytes) -> None:
    """The account key in pair-success must be the one that the code was typed for. Raises Refused.

    None of the clients that were read compares them; the HMAC alone leaves the phone free to name another account.
    """
    if account_key != expected:
        raise Refused("identity", "another account vouches than the one that knew the code")


def _pending(pairing: CompanionPairing | None) -> CompanionPairing:
    if pairing is None:
        raise Refused("pairing_pending", "no code is on show")
    return pairing
