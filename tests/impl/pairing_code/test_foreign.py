"""Both sides against Baileys as companion, byte for byte."""

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.pairing_code import companion, primary, secrets
from impl.pairing_code.companion import CompanionPairing
from impl.wire.pairing_code import (
    CompanionFinish,
    CompanionHello,
    KeyBundle,
    PairingCode,
    PrimaryHello,
    WrappedBundle,
    WrappedKey,
)
from tests.impl.pairing_code.dialogue import NOW
from tests.vectors import load

FOREIGN = load("pairing")
DERIVED = load("foreign")["pairing_code"]


def foreign(name: str) -> bytes:
    return bytes.fromhex(FOREIGN[name])


def scripted(*draws: bytes) -> Entropy:
    """Entropy that draws what the other implementation drew."""
    rest = iter(draws)

    def draw(length: int) -> bytes:
        drawn = next(rest)
        assert len(drawn) == length
        return drawn

    return draw


CODE = PairingCode.decode(FOREIGN["code"])
REF = foreign("ref")
COMPANION = KeyPair.of(foreign("companion_identity_private"))
EPHEMERAL = KeyPair.of(foreign("companion_ephemeral_private"))
ACCOUNT = KeyPair.of(foreign("primary_identity_private"))
PRIMARY = KeyPair.of(foreign("primary_ephemeral_private"))
HELLO = CompanionHello(REF, foreign("wrapped_companion_ephemeral"), foreign("companion_noise_public"))
PRIMARY_HELLO = PrimaryHello(REF, foreign("wrapped_primary_ephemeral"), ACCOUNT.public)
FINISH = CompanionFinish(REF, foreign("wrapped_key_bundle"), foreign("companion_identity_public"))


def test_the_foreign_wrapping_key() -> None:
    key = secrets.wrapping_key(PairingCode.decode(DERIVED["code"]), bytes.fromhex(DERIVED["salt"]))
    assert key.hex() == DERIVED["key"]


def test_a_phone_understands_the_foreign_companion() -> None:
    asked = primary.asked(HELLO, NOW)
    wrapped = WrappedKey.decode(PRIMARY_HELLO.ephemeral)
    entropy = scripted(PRIMARY.private, wrapped.salt, wrapped.counter)
    pairing, hello = primary.answer(asked, FOREIGN["code"].lower(), ACCOUNT.public, entropy, NOW)
    assert hello == PRIMARY_HELLO

    proven = primary.finish(pairing, FINISH, ACCOUNT, NOW)
    assert (proven.ref, proven.noise, proven.identity) == (REF, HELLO.noise, COMPANION.public)
    assert proven.secret == foreign("linking_secret")


def test_a_companion_begins_as_the_foreign_one() -> None:
    wrapped = WrappedKey.decode(HELLO.ephemeral)
    entropy = scripted(CODE.value, EPHEMERAL.private, wrapped.salt, wrapped.counter)
    pairing, hello = companion.begin(entropy, NOW)
    assert pairing == CompanionPairing(CODE, EPHEMERAL, NOW)
    assert hello == HELLO.ephemeral


def test_a_companion_answers_as_the_foreign_one() -> None:
    wrapped = WrappedBundle.decode(FINISH.bundle)
    shared = secrets.agree(PRIMARY.private, EPHEMERAL.public)
    bundle = secrets.open_(wrapped, shared)
    assert bundle == KeyBundle(COMPANION.public, ACCOUNT.public, bundle.secret)

    pairing = CompanionPairing(CODE, EPHEMERAL, NOW, REF)
    entropy = scripted(bundle.secret, wrapped.salt, wrapped.nonce)
    _, finish, expectation = companion.answer(pairing, PRIMARY_HELLO, COMPANION, entropy, NOW)
    assert finish == FINISH
    assert expectation.secret == foreign("linking_secret")
    assert expectation.account_key == ACCOUNT.public
