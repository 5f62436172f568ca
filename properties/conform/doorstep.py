"""Linking by code in a world: companions that show codes, phones they are typed on, and the adversary's guesses.

How slowly keys are derived from a code, and how often one may guess, is nothing that the model speaks of: here the one
is quick and the other without limit. So the adversary can try every code that there is, at once, on all it has seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from impl.address import Address
from impl.attestation import account_message
from impl.companion import Companion
from impl.crypto import xeddsa
from impl.crypto.kdf import hmac_sha256
from impl.crypto.keys import KeyPair
from impl.linking import Approval
from impl.pairing_code import checks, secrets
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.adv import DeviceIdentity, IdentityContainer, SignedDeviceIdentity
from impl.wire.pairing_code import (
    SECRET_SIZE,
    WRAPPED_BUNDLE_SIZE,
    CompanionFinish,
    CompanionHello,
    KeyBundle,
    PairingCode,
    PrimaryHello,
    WrappedBundle,
    WrappedKey,
)
from model.kinds import HelloSpec, PairingSpec

if TYPE_CHECKING:
    from properties.conform.world import World

UNLIMITED = 1_000


class Doorstep:
    """By the names of the scope. The adversary keeps every hello and every answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        more, beginning = world.scope.more, world.time_of(world.scope.lists[0][0])
        self.pairings: dict[str, PairingSpec] = {row.name: row for row in more["pairings"]}
        self.specs: dict[str, HelloSpec] = {row.name: row for row in more["hellos"]}
        self.codes = {row.name: PairingCode.draw(world.entropy) for row in more["short_codes"]}
        self.phones = {row.name: Phone.register(row.name, world.entropy, beginning) for row in more["primaries"]}
        self.companions = {row.name: Companion.create(world.entropy, beginning) for row in more["newcomers"]}
        self.posing = {row.name for row in more["primaries"] if row.posing}
        self.strange = {row.name for row in more["newcomers"] if row.strange}
        self.ephemeral: dict[str, KeyPair] = {}  # the adversary's, by pairing or hello
        self.asked: dict[str, CompanionHello] = {}  # by pairing
        self.hellos: dict[str, PrimaryHello] = {}
        self.answers: dict[tuple[str, str, str], CompanionFinish] = {}  # by pairing, hello and the account in its name
        self.made_up: dict[str, bytes] = {}  # what the adversary's companion and a phone agree on, by hello
        self.secrets: dict[tuple[str, str], bytes] = {}  # that the adversary has found out, by pairing and hello
        self.approvals: dict[tuple[str, str], Approval] = {}  # by hello and companion
        self.vouchers: dict[tuple[str, str], bytes] = {}  # the adversary's, by its phone and companion
        self.joined: dict[str, str] = {}  # a companion by the pairing that it joined through

    def companion(self, pairing: str) -> Companion:
        return self.companions[self.pairings[pairing].newcomer]

    def key(self, primary: str) -> bytes:
        return self.phones[primary].identity.public

    @staticmethod
    def reference(pairing: str) -> bytes:
        return f"2@{pairing}".encode()

    def show(self, pairing: str) -> None:
        companion, reference = self.companion(pairing), self.reference(pairing)
        with quick():
            _, wrapped = companion.show_code(self.world.now, self.codes[self.pairings[pairing].code])
        companion.pairing_named(reference)
        self.asked[pairing] = CompanionHello(reference, wrapped, companion.noise.public)

    def pose(self, pairing: str) -> None:
        wrapped = self._guess(pairing, self.pairings[pairing].code)
        self.asked[pairing] = CompanionHello(self.reference(pairing), wrapped, self.companion(pairing).noise.public)

    def type_code(self, hello: str) -> None:
        spec = self.specs[hello]
        phone = self.phones[spec.primary]
        with quick():
            phone.pairing_asked(self.asked[spec.pairing], self.world.now)
            phone.type_code(self.codes[spec.code].encode(), self.world.now)
        assert phone.hello is not None
        self.hellos[hello] = phone.hello

    def guess(self, hello: str) -> None:
        spec = self.specs[hello]
        wrapped = self._guess(hello, spec.code)
        self.hellos[hello] = PrimaryHello(self.reference(spec.pairing), wrapped, self.key(spec.primary))

    def _guess(self, name: str, code: str) -> bytes:
        """A key of the adversary's own, wrapped under the code that it takes a chance on."""
        self.ephemeral[name] = KeyPair.generate(self.world.entropy)
        with quick():
            return secrets.wrap(self.codes[code], self.ephemeral[name].public, self.world.entropy).encode()

    def said(self, pairing: str, hello: str, named: str) -> PrimaryHello:
        """The hello as the server gives it to a companion: reference and account key are under no key."""
        return PrimaryHello(self.reference(pairing), self.hellos[hello].ephemeral, self.key(named))

    def answer(self, pairing: str, hello: str, named: str) -> None:
        companion = self.companion(pairing)
        with quick():
            finish = companion.answer_pairing(self.said(pairing, hello, named), self.world.now)
        self.answers[pairing, hello, named] = finish
        for secret in self._found(pairing, hello, finish):
            if secret == companion.secret:
                self.secrets[pairing, hello] = secret

    def _found(self, pairing: str, hello: str, finish: CompanionFinish) -> Iterator[bytes]:
        """What the adversary takes for the linking secret, trying every code and all its keys."""
        sent = (self.asked[pairing].ephemeral, self.hellos[hello].ephemeral)
        for code in self.codes.values():
            for wrapped in map(WrappedKey.decode, sent):
                with quick():
                    public = secrets.unwrap(code, wrapped)
                for own in self.ephemeral.values():
                    yield from self._opened(own, public, finish)

    def _opened(self, own: KeyPair, public: bytes, finish: CompanionFinish) -> Iterator[bytes]:
        try:
            shared = secrets.agree(own.private, public)
            bundle = secrets.open_(WrappedBundle.decode(finish.bundle), shared)
        except (Refused, ValueError):
            return
        for name in self.posing:
            identities = secrets.agree(self.phones[name].identity.private, bundle.companion)
            yield secrets.linking_secret(shared, identities, bundle.secret)

    def make_up(self, hello: str) -> None:
        spec = self.specs[hello]
        with quick():
            public = secrets.unwrap(
                self.codes[self.pairings[spec.pairing].code], WrappedKey.decode(self.hellos[hello].ephemeral)
            )
        self.made_up[hello] = secrets.agree(self.ephemeral[spec.pairing].private, public)

    def finish(self, hello: str, named: str, claimed: str) -> CompanionFinish:
        """The answer to a hello that names an account, as from a companion; where there is none, another or noise."""
        pairing = self.specs[hello].pairing
        answer = self.answers.get((pairing, hello, named))
        if answer is not None:
            bundle = answer.bundle
        elif hello in self.made_up:
            made_up = KeyBundle(self.companion(pairing).identity.public, self.key(named), bytes(SECRET_SIZE))
            bundle = secrets.seal(made_up, self.made_up[hello], self.world.entropy).encode()
        else:
            others = (other.bundle for (p, h, _), other in self.answers.items() if h == hello and p != pairing)
            bundle = next(others, self.world.entropy(WRAPPED_BUNDLE_SIZE))
        return CompanionFinish(self.reference(pairing), bundle, self.companions[claimed].identity.public)

    def take(self, hello: str, claimed: str, finish: CompanionFinish) -> None:
        """The phone gets an answer."""
        phone = self.phones[self.specs[hello].primary]
        self.approvals[hello, claimed] = phone.finish_pairing(finish, self.world.now)

    def vouch(self, primary: str, newcomer: str) -> None:
        phone = self.phones[primary]
        self.vouchers[primary, newcomer] = self.voucher(phone, newcomer, phone.identity)

    def voucher(self, phone: Phone, newcomer: str, signer: KeyPair) -> bytes:
        """An account signature over a companion in the name of a phone, by whoever signs."""
        details = DeviceIdentity(phone.raw_id, self.world.now, 1).encode()
        message = account_message(details, self.companions[newcomer].identity.public)
        signature = xeddsa.sign(signer.private, message, self.world.entropy)
        return SignedDeviceIdentity(details, phone.identity.public, signature).encode()

    def approval(self, pairing: str, hello: str, primary: str) -> bytes:
        """The best container that the server can show: real parts where there are any, else forged ones."""
        newcomer, spec = self.pairings[pairing].newcomer, self.specs[hello]
        real = self.approvals.get((hello, newcomer))
        if real and (spec.primary, spec.pairing) == (primary, pairing):
            return real.container
        signed = self.vouchers.get((primary, newcomer)) or self._signed_by(primary, newcomer)
        signed = signed or self.voucher(self.phones[primary], newcomer, self.world.adversary.key)
        secret = self.secrets.get((pairing, hello))
        mac = hmac_sha256(secret, signed) if secret else self.world.entropy(32)
        return IdentityContainer(signed, mac).encode()

    def _signed_by(self, primary: str, newcomer: str) -> bytes | None:
        """What the phone signed for the companion, whatever code that was for."""
        for (hello, claimed), approval in self.approvals.items():
            if (self.specs[hello].primary, claimed) == (primary, newcomer):
                return IdentityContainer.decode(approval.container).details
        return None

    def confirm(self, pairing: str, primary: str, container: bytes) -> None:
        number = 1 + list(self.companions).index(self.pairings[pairing].newcomer)
        self.companion(pairing).confirm(container, Address(primary, number), self.world.now)
        self.joined[pairing] = primary


@contextmanager
def quick() -> Iterator[None]:
    """Keys are derived from codes at once, and nobody counts who tries how often."""
    with patch.object(secrets, "ITERATIONS", 1), patch.object(checks, "TRIES", UNLIMITED):
        yield
