"""Linking by eight-character code, on the devices: where a pairing stands is in the store of either side.

wire.md, section 3; the stages themselves are functions of `impl.pairing_code`. One pairing at a time: a new code, a
QR or a newer companion takes the place of the former.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import linking
from impl.kinds import UNKNOWN_CLIENT
from impl.pairing_code import companion as companions
from impl.pairing_code import primary
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PairingCode, PrimaryHello

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.linking import Approval
    from impl.phone import Phone


@dataclass(frozen=True)
class Answer:
    """What a companion said to the newest primary_hello: it may have to say it again."""

    hello: PrimaryHello
    finish: CompanionFinish


def show(companion: Companion, now: int, code: PairingCode | None = None) -> tuple[str, bytes]:
    """A code for the screen, XXXX-XXXX, drawn unless chosen, and the wrapped key (80 bytes) of its companion_hello.

    Raises Refused.
    """
    linking.check_never_linked(companion)
    companion.secret = companion.answer = None
    companion.pairing, wrapped = companions.begin(companion.entropy, now, code)
    return companion.pairing.code.encode(), wrapped


def named(companion: Companion, ref: bytes) -> None:
    """The server's reference for the code on show. Raises Refused."""
    companion.pairing = companions.named(companion.pairing, ref)


def answer(companion: Companion, hello: PrimaryHello, now: int) -> CompanionFinish:
    """What the companion says to somebody who claims to have been told the code. Raises Refused.

    The same words again for the same hello; another one makes the former secret void.
    """
    if companion.answer is not None and companion.answer.hello == hello:
        return companion.answer.finish
    linking.check_never_linked(companion)
    companion.pairing, finish, expectation = companions.answer(
        companion.pairing, hello, companion.identity, companion.entropy, now
    )
    companion.answer = Answer(hello, finish)
    companion.secret = expectation.secret
    return finish


def asked(phone: Phone, hello: CompanionHello, now: int) -> None:
    """A companion asks to be linked; the code is asked for. Raises Refused."""
    if phone.pairing is None or phone.pairing.hello != hello:
        phone.pairing = primary.asked(hello, now)
        phone.hello = None


def type_code(phone: Phone, typed: str, now: int) -> None:
    """Somebody types the code that a companion shows. Raises Refused."""
    phone.pairing, phone.hello = primary.answer(phone.pairing, typed, phone.identity.public, phone.entropy, now)


def finish(phone: Phone, message: CompanionFinish, now: int) -> Approval:
    """The companion knows the code: the phone approves of it as of one whose QR it scanned. Raises Refused.

    The client type did not come along: the server has turned phones away.
    """
    proven = primary.finish(phone.pairing, message, phone.identity, now)
    candidate = linking.Candidate(proven.noise, proven.identity, proven.secret, UNKNOWN_CLIENT)
    approval = linking.approve(phone, candidate, now)
    phone.pairing = phone.hello = None
    return approval
