"""Linking by code, both sides together, and then check by check."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from impl.crypto.keys import KeyPair
from impl.pairing_code import companion, primary, secrets
from impl.pairing_code.checks import LIFETIME, TRIES
from impl.refusal import Refused
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PairingCode, PrimaryHello, WrappedKey
from tests.impl.pairing_code.dialogue import ACCOUNT, COMPANION, ENTROPY, NOISE, NOW, REF, Typed, shown, typed

STRANGER = KeyPair.generate(ENTROPY)
BEYOND_THE_FIELD = b"\xff" * 32


@contextmanager
def refused(check: str) -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.check == check, refusal.value


@pytest.fixture(scope="module")
def right() -> Typed:
    return typed()


@pytest.fixture(scope="module")
def finish(right: Typed) -> CompanionFinish:
    return companion.answer(right.companion, right.hello, COMPANION, ENTROPY, NOW)[1]


def test_both_sides_end_with_one_secret() -> None:
    """From the code on the companion's screen to what pair-device and pair-success need."""
    pairing, wrapped = companion.begin(ENTROPY, NOW)
    pairing = companion.named(pairing, REF)
    phone = primary.asked(CompanionHello(REF, wrapped, NOISE), NOW)

    phone, hello = primary.answer(phone, pairing.code.encode(), ACCOUNT.public, ENTROPY, NOW)
    pairing, finish, expectation = companion.answer(pairing, hello, COMPANION, ENTROPY, NOW)
    proven = primary.finish(phone, finish, ACCOUNT, NOW)

    assert proven.secret == expectation.secret
    assert (proven.ref, proven.noise, proven.identity) == (REF, NOISE, COMPANION.public)
    companion.check_account_key(expectation.account_key, ACCOUNT.public)


def test_a_code_may_be_chosen() -> None:
    chosen = PairingCode.decode("ABCD-2345")
    assert companion.begin(ENTROPY, NOW, chosen)[0].code == chosen


def test_a_wrong_code_shows_at_the_phone_and_the_right_one_still_serves() -> None:
    wrong = typed("1111-1111")
    pairing, finish, void = companion.answer(wrong.companion, wrong.hello, COMPANION, ENTROPY, NOW)
    with refused("code"):
        primary.finish(wrong.phone, finish, ACCOUNT, NOW)

    phone, hello = primary.answer(wrong.phone, pairing.code.encode(), ACCOUNT.public, ENTROPY, NOW)
    _, again, expectation = companion.answer(pairing, hello, COMPANION, ENTROPY, NOW)
    assert primary.finish(phone, again, ACCOUNT, NOW).secret == expectation.secret != void.secret


def test_no_guess_is_told_wrong_before_the_bundle() -> None:
    """What a wrong code unwraps to is a public key like any other, also where its highest bit was set."""
    code, public = PairingCode(bytes(5)), bytearray(STRANGER.public)
    public[-1] |= 0x80
    wrapped = secrets.wrap(code, bytes(public), ENTROPY)
    assert secrets.unwrap(code, wrapped) == STRANGER.public


def test_each_answer_has_a_secret_of_its_own(right: Typed) -> None:
    answers = [companion.answer(right.companion, right.hello, COMPANION, ENTROPY, NOW)[2] for _ in range(2)]
    assert answers[0].secret != answers[1].secret


def test_each_wrap_has_a_salt_of_its_own() -> None:
    wraps = [WrappedKey.decode(companion.begin(ENTROPY, NOW)[1]) for _ in range(2)]
    assert wraps[0].salt != wraps[1].salt
    assert wraps[0].counter != wraps[1].counter


def test_another_account_than_the_one_that_knew_the_code(right: Typed) -> None:
    expectation = companion.answer(right.companion, right.hello, COMPANION, ENTROPY, NOW)[2]
    with refused("identity"):
        companion.check_account_key(expectation.account_key, STRANGER.public)


def test_a_companion_without_a_code_on_show() -> None:
    with refused("pairing_pending"):
        companion.named(None, REF)
    with refused("pairing_pending"):
        companion.answer(None, PrimaryHello(REF, bytes(80), bytes(32)), COMPANION, ENTROPY, NOW)


def test_a_companion_that_the_server_has_not_answered(right: Typed) -> None:
    with refused("pairing_pending"):
        companion.answer(replace(right.companion, ref=None), right.hello, COMPANION, ENTROPY, NOW)


def test_one_reference(right: Typed) -> None:
    with refused("once"):
        companion.named(right.companion, b"2@other")
    with refused("well_formed"):
        companion.named(replace(right.companion, ref=None), b"")


def test_a_primary_hello_is_answered_once(right: Typed) -> None:
    pairing, _, _ = companion.answer(right.companion, right.hello, COMPANION, ENTROPY, NOW)
    with refused("once"):
        companion.answer(pairing, right.hello, COMPANION, ENTROPY, NOW)


Change = Callable[[PrimaryHello], PrimaryHello]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda hello: replace(hello, ref=b"2@other"), "reference"),
        (lambda hello: replace(hello, ephemeral=hello.ephemeral[:-1]), "well_formed"),
        (lambda hello: replace(hello, ephemeral=hello.ephemeral + b"\0"), "well_formed"),
        (lambda hello: replace(hello, identity=b""), "well_formed"),
        (lambda hello: replace(hello, identity=b"\x05" + hello.identity), "well_formed"),
        (lambda hello: replace(hello, identity=bytes(32)), "well_formed"),
        (lambda hello: replace(hello, identity=BEYOND_THE_FIELD), "well_formed"),
    ],
    ids=["reference", "short", "long", "no key", "typed key", "small order", "beyond the field"],
)
def test_each_check_of_a_primary_hello(right: Typed, change: Change, check: str) -> None:
    with refused(check):
        companion.answer(right.companion, change(right.hello), COMPANION, ENTROPY, NOW)


def test_an_ephemeral_key_of_small_order(right: Typed) -> None:
    wrapped = secrets.wrap(right.companion.code, bytes(32), ENTROPY).encode()
    with refused("well_formed"):
        companion.answer(right.companion, replace(right.hello, ephemeral=wrapped), COMPANION, ENTROPY, NOW)
    asked = primary.asked(CompanionHello(REF, wrapped, NOISE), NOW)
    with refused("well_formed"):
        primary.answer(asked, right.companion.code.encode(), ACCOUNT.public, ENTROPY, NOW)


@pytest.mark.parametrize("now", [NOW, NOW + LIFETIME])
def test_within_its_life(right: Typed, finish: CompanionFinish, now: int) -> None:
    companion.answer(right.companion, right.hello, COMPANION, ENTROPY, now)
    primary.answer(right.phone, right.companion.code.encode(), ACCOUNT.public, ENTROPY, now)
    primary.finish(right.phone, finish, ACCOUNT, now)


@pytest.mark.parametrize("now", [NOW - 1, NOW + LIFETIME + 1])
def test_outside_its_life(right: Typed, finish: CompanionFinish, now: int) -> None:
    with refused("expired"):
        companion.answer(right.companion, right.hello, COMPANION, ENTROPY, now)
    with refused("expired"):
        primary.answer(right.phone, right.companion.code.encode(), ACCOUNT.public, ENTROPY, now)
    with refused("expired"):
        primary.finish(right.phone, finish, ACCOUNT, now)


def test_three_tries() -> None:
    pairing, phone = shown()
    for _ in range(TRIES):
        phone, hello = primary.answer(phone, "1111-1111", ACCOUNT.public, ENTROPY, NOW)
        pairing, _, _ = companion.answer(pairing, hello, COMPANION, ENTROPY, NOW)
    with refused("tries"):
        primary.answer(phone, pairing.code.encode(), ACCOUNT.public, ENTROPY, NOW)
    with refused("tries"):
        companion.answer(pairing, replace(hello, ephemeral=bytes(80)), COMPANION, ENTROPY, NOW)


def test_a_slip_costs_no_try() -> None:
    _, phone = shown()
    with refused("well_formed"):
        primary.answer(phone, "1111-111", ACCOUNT.public, ENTROPY, NOW)
    assert phone.tries == 0


def test_a_phone_that_nobody_asks() -> None:
    with refused("pairing_pending"):
        primary.answer(None, "1111-1111", ACCOUNT.public, ENTROPY, NOW)
    with refused("pairing_pending"):
        primary.finish(None, CompanionFinish(REF, bytes(156), bytes(32)), ACCOUNT, NOW)


def test_a_phone_that_was_told_no_code(finish: CompanionFinish) -> None:
    with refused("pairing_pending"):
        primary.finish(shown()[1], finish, ACCOUNT, NOW)


@pytest.mark.parametrize(("ephemeral", "noise"), [(79, 32), (81, 32), (80, 31), (80, 33)])
def test_exact_lengths_of_a_companion_hello(ephemeral: int, noise: int) -> None:
    with refused("well_formed"):
        primary.asked(CompanionHello(REF, bytes(ephemeral), bytes(noise)), NOW)
    primary.asked(CompanionHello(REF, bytes(80), bytes(32)), NOW)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda finish: replace(finish, ref=b"2@other"), "reference"),
        (lambda finish: replace(finish, bundle=finish.bundle[:-1]), "well_formed"),
        (lambda finish: replace(finish, bundle=finish.bundle + b"\0"), "well_formed"),
        (lambda finish: replace(finish, identity=finish.identity[:-1]), "well_formed"),
        (lambda finish: replace(finish, identity=STRANGER.public), "identity"),
        (lambda finish: replace(finish, bundle=flipped(finish.bundle, 0)), "code"),
        (lambda finish: replace(finish, bundle=flipped(finish.bundle, 32)), "code"),
        (lambda finish: replace(finish, bundle=flipped(finish.bundle, 155)), "code"),
    ],
    ids=["reference", "short", "long", "short key", "another identity", "salt", "nonce", "tag"],
)
def test_each_check_of_a_companion_finish(
    right: Typed, finish: CompanionFinish, change: Callable[[CompanionFinish], CompanionFinish], check: str
) -> None:
    with refused(check):
        primary.finish(right.phone, change(finish), ACCOUNT, NOW)


def test_the_server_shows_the_companion_another_account(right: Typed) -> None:
    hello = replace(right.hello, identity=STRANGER.public)
    _, finish, _ = companion.answer(right.companion, hello, COMPANION, ENTROPY, NOW)
    with refused("identity"):
        primary.finish(right.phone, finish, ACCOUNT, NOW)


def test_a_companion_whose_identity_is_of_small_order(right: Typed) -> None:
    nobody = KeyPair(COMPANION.private, bytes(32))
    _, finish, _ = companion.answer(right.companion, right.hello, nobody, ENTROPY, NOW)
    with refused("well_formed"):
        primary.finish(right.phone, finish, ACCOUNT, NOW)


def test_secrets_are_not_printed(right: Typed, finish: CompanionFinish) -> None:
    code, shared = right.companion.code, right.phone.shared
    proven = primary.finish(right.phone, finish, ACCOUNT, NOW)
    printed = repr((right, proven))
    for secret in (code.secret, code.value, shared, proven.secret):
        assert repr(secret) not in printed
