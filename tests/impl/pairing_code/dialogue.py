"""Two sides that link by code, as far as a test wants them to."""

from dataclasses import dataclass

from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.pairing_code import companion, primary
from impl.pairing_code.companion import CompanionPairing
from impl.pairing_code.primary import PrimaryPairing
from impl.wire.pairing_code import CompanionHello, PrimaryHello

NOW = 1_700_000_000
REF = b"2@ref"
ENTROPY = seeded(b"pairing code")
NOISE = KeyPair.generate(ENTROPY).public
COMPANION = KeyPair.generate(ENTROPY)
ACCOUNT = KeyPair.generate(ENTROPY)


@dataclass(frozen=True)
class Typed:
    """The companion shows a code, and the phone has been told one."""

    companion: CompanionPairing
    phone: PrimaryPairing
    hello: PrimaryHello


def shown() -> tuple[CompanionPairing, PrimaryPairing]:
    """The companion shows a code, the phone asks for it."""
    pairing, wrapped = companion.begin(ENTROPY, NOW)
    return companion.named(pairing, REF), primary.asked(CompanionHello(REF, wrapped, NOISE), NOW)


def typed(code: str | None = None) -> Typed:
    """The code that is shown is typed, or another."""
    pairing, asked = shown()
    asked, hello = primary.answer(asked, code or pairing.code.encode(), ACCOUNT.public, ENTROPY, NOW)
    return Typed(pairing, asked, hello)
