"""Linking by eight-character code as a dialogue: the companion shows it, somebody types it on the phone.

wire.md, section 3.2. What the phone approves of goes on as if it had scanned a QR.
"""

from __future__ import annotations

from impl.client.linking import announce
from impl.companion import Companion
from impl.dialogue import AnswerPairing, AskPairing, Declined, FinishPairing, Flow, ask
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.pairing_code import CompanionFinish, PrimaryHello


def show_code(companion: Companion, user: str, now: int) -> Flow[str]:
    """The code that the phone of `user` is to be told, XXXX-XXXX. Raises Refused, and Declined without such a phone.

    A crash before the server has named the pairing voids it: a new code is shown then.
    """
    code, ephemeral = companion.show_code(now)
    companion.pairing_named((yield from ask(AskPairing(user, ephemeral, companion.props))))
    return code


def type_code(phone: Phone, typed: str, now: int) -> Flow[None]:
    """Somebody has typed a code on the phone. Raises Refused."""
    phone.type_code(typed, now)
    yield from answer(phone)


def answer(phone: Phone) -> Flow[None]:
    """Tells the companion that a code was typed, once more after a crash. Raises Refused."""
    if phone.hello is None:
        return
    try:
        yield from ask(AnswerPairing(phone.hello))
    except Declined as declined:
        phone.pairing_answered()
        raise Refused("pairing_pending", declined.why) from declined
    phone.pairing_answered()


def prove(companion: Companion, hello: PrimaryHello, now: int) -> Flow[None]:
    """Somebody claims to have been told the code. Raises Refused."""
    finish = companion.answer_pairing(hello, now)
    try:
        yield from ask(FinishPairing(finish))
    except Declined as declined:
        raise Refused("pairing_pending", declined.why) from declined


def approve(phone: Phone, finish: CompanionFinish, now: int) -> Flow[None]:
    """The companion has proven that it shows the code. Raises Refused."""
    if all(vouched.identity != finish.identity for vouched in phone.vouched.values()):
        phone.finish_pairing(finish, now)
    yield from announce(phone, now)
