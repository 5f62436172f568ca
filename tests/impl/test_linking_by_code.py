"""Linking by code on the two devices, without a network: what each refuses, and that a refusal changes nothing."""

from dataclasses import replace

import pytest

from impl.address import Address
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.linking import Candidate, approve
from impl.pairing_code.checks import LIFETIME
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PrimaryHello
from tests.impl.household import NOW
from tests.impl.refusals import refused

REF = b"2@ref"
ADDRESS = Address("alice", 1)


class Pair:
    """Alice's phone, and a companion whose code was typed on it."""

    def __init__(self) -> None:
        entropy = seeded(b"linking by code")
        self.phone, self.companion = Phone.register("alice", entropy, NOW), Companion.create(entropy, NOW)
        code, wrapped = self.companion.show_code(NOW)
        self.companion.pairing_named(REF)
        self.phone.pairing_asked(CompanionHello(REF, wrapped, self.companion.noise.public), NOW)
        self.phone.type_code(code, NOW)
        assert self.phone.hello is not None
        self.hello: PrimaryHello = self.phone.hello

    def answered(self) -> CompanionFinish:
        return self.companion.answer_pairing(self.hello, NOW)


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_the_same_hello_gets_the_same_answer(pair: Pair) -> None:
    first = pair.answered()
    secret = pair.companion.secret
    assert pair.answered() == first
    assert pair.companion.secret == secret


def test_the_same_companion_hello_does_not_void_the_code(pair: Pair) -> None:
    assert pair.phone.pairing is not None
    before = pair.phone.snapshot()
    pair.phone.pairing_asked(pair.phone.pairing.hello, NOW + 1)
    assert pair.phone.snapshot() == before


def test_another_companion_hello_voids_what_the_server_was_not_told(pair: Pair) -> None:
    pair.phone.pairing_asked(CompanionHello(b"2@other", bytes(80), bytes(32)), NOW)
    assert pair.phone.hello is None
    with refused(pair.phone, "pairing_pending"):
        pair.phone.finish_pairing(pair.answered(), NOW)


def test_a_phone_approves_once(pair: Pair) -> None:
    finish = pair.answered()
    pair.phone.finish_pairing(finish, NOW)
    with refused(pair.phone, "pairing_pending"):
        pair.phone.finish_pairing(finish, NOW)


def test_late_on_either_side(pair: Pair) -> None:
    with refused(pair.companion, "expired"):
        pair.companion.answer_pairing(pair.hello, NOW + LIFETIME + 1)
    finish = pair.answered()
    with refused(pair.phone, "expired"):
        pair.phone.finish_pairing(finish, NOW + LIFETIME + 1)


def test_another_account_vouches_than_the_one_that_knew_the_code(pair: Pair) -> None:
    """Who typed the code gives the linking secret away to an account that the user does not mean."""
    finish = pair.answered()
    pair.phone.finish_pairing(finish, NOW)
    mallory = Phone.register("mallory", pair.phone.entropy, NOW)
    assert pair.companion.secret is not None
    candidate = Candidate(pair.companion.noise.public, finish.identity, pair.companion.secret, "1")
    with mallory.store.transaction():
        approval = approve(mallory, candidate, NOW)
    with refused(pair.companion, "identity"):
        pair.companion.confirm(approval.container, Address("mallory", 1), NOW)


def test_the_limits_of_linking_are_those_of_a_qr(pair: Pair) -> None:
    for _ in range(4):
        pair.phone.scan(Companion.create(pair.phone.entropy, NOW).show_qr("ref"), NOW)
    with refused(pair.phone, "seat_free"):
        pair.phone.finish_pairing(pair.answered(), NOW)


def test_what_was_linked_shows_no_code(pair: Pair) -> None:
    approval = pair.phone.finish_pairing(pair.answered(), NOW)
    pair.companion.confirm(approval.container, ADDRESS, NOW)
    with refused(pair.companion, "fresh"):
        pair.companion.show_code(NOW)
    with refused(pair.companion, "fresh"):
        pair.companion.answer_pairing(replace(pair.hello, ref=b"2@again"), NOW)


def test_a_former_answer_is_void(pair: Pair) -> None:
    former = pair.phone.finish_pairing(pair.answered(), NOW)
    pair.companion.show_code(NOW)
    with refused(pair.companion, "secret_unused"):
        pair.companion.confirm(former.container, ADDRESS, NOW)


def test_secrets_are_not_printed(pair: Pair) -> None:
    secret = bytes(range(32))
    assert repr(secret) not in repr(Candidate(bytes(32), bytes(32), secret, "1"))


def test_a_code_is_no_key_by_itself() -> None:
    """A guess that is wrong shows at the phone, whoever makes it."""
    pair = Pair()
    pair.phone.type_code("1111-1111", NOW)
    assert pair.phone.hello is not None
    finish = pair.companion.answer_pairing(pair.phone.hello, NOW)
    with pytest.raises(Refused) as refusal:
        pair.phone.finish_pairing(finish, NOW)
    assert refusal.value.check == "code"
