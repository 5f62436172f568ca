"""What a code protects, and for how long: whoever learns it late has nothing, and what travels tells little of it."""

from __future__ import annotations

import pytest
from nacl.bindings import crypto_core_ed25519_is_valid_point

from impl.crypto import ctr
from impl.crypto.entropy import seeded
from impl.crypto.keys import FIELD, KeyPair
from impl.pairing_code import secrets
from impl.wire.pairing_code import KeyBundle, PairingCode, WrappedKey

ENTROPY = seeded(b"what a code protects")
CODE, GUESS = PairingCode.draw(ENTROPY), PairingCode.draw(ENTROPY)
TRIED = 2_000


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "ITERATIONS", 1)


def answered(guess: PairingCode) -> tuple[KeyPair, WrappedKey, bytes]:
    """Somebody's ephemeral key, sent under a guess, the companion's hello, and what both agree on by its word."""
    companion, own = KeyPair.generate(ENTROPY), KeyPair.generate(ENTROPY)
    wrapped = secrets.wrap(CODE, companion.public, ENTROPY)
    received = secrets.unwrap(CODE, secrets.wrap(guess, own.public, ENTROPY))
    return own, wrapped, secrets.agree(companion.private, received)


@pytest.mark.parametrize(("guess", "opens"), [(CODE, True), (GUESS, False)], ids=["right", "wrong"])
def test_a_code_that_is_learned_after_the_guess_opens_nothing(guess: PairingCode, opens: bool) -> None:
    own, wrapped, shared = answered(guess)
    sealed = secrets.seal(KeyBundle(bytes(32), bytes(32), bytes(32)), shared, ENTROPY)
    late = secrets.agree(own.private, secrets.unwrap(CODE, wrapped))
    assert (late == shared) == opens
    if not opens:
        with pytest.raises(ValueError):
            secrets.open_(sealed, late)


def test_a_wrapped_key_rules_out_31_of_32_codes() -> None:
    """A wrong code unwraps to any 32 bytes, and one in 32 is a key that a client draws: hence the slow derivation."""
    wrapped = secrets.wrap(CODE, KeyPair.generate(ENTROPY).public, ENTROPY)
    left = sum(is_a_public_key(unwrapped(PairingCode.draw(ENTROPY), wrapped)) for _ in range(TRIED))
    assert TRIED / 50 < left < TRIED / 20
    assert is_a_public_key(unwrapped(CODE, wrapped))


def unwrapped(code: PairingCode, wrapped: WrappedKey) -> bytes:
    """All 32 bytes: `unwrap` clears the highest bit."""
    return ctr.apply(secrets.wrapping_key(code, wrapped.salt), wrapped.counter, wrapped.sealed)


def is_a_public_key(data: bytes) -> bool:
    """Below the field's order, on the curve and not its twist, in the subgroup that the base point generates."""
    u = int.from_bytes(data, "little")
    if u >= FIELD:
        return False
    edwards = (u - 1) * pow(u + 1, -1, FIELD) % FIELD
    return crypto_core_ed25519_is_valid_point(edwards.to_bytes(32, "little"))
