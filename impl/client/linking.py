"""Linking as a dialogue: the companion shows its QR, the phone approves, the companion signs, the phone shares.

White paper, "Linking". What a phone has decided is in its store before the server hears of it, and is said again
after a crash.
"""

from __future__ import annotations

from impl import dialogue
from impl.client.outbox import flush
from impl.companion import Companion
from impl.dialogue import Declined, Flow, PairSuccess, ask
from impl.phone import Phone
from impl.refusal import Refused


def show_qr(companion: Companion) -> Flow[str]:
    """The text of a QR for the phone's camera."""
    return companion.show_qr((yield from ask(dialogue.AskReference(companion.props))))


def scan(phone: Phone, qr_text: str, now: int) -> Flow[None]:
    """The phone has seen a QR. Raises Refused."""
    phone.scan(qr_text, now)
    yield from announce(phone, now)


def announce(phone: Phone, now: int) -> Flow[None]:
    """Tells the server of every approval that it has not confirmed.

    Raises Refused if no such companion waits; its seat is free again.
    """
    for noise, approval in list(phone.approvals.items()):
        request = dialogue.ApproveLinking(noise, approval.container, approval.key_index, approval.signed_list)
        try:
            yield from ask(request)
        except Declined as declined:
            phone.withdraw_approval(noise, now)
            raise Refused("waiting", declined.why) from declined
        phone.announced(noise)


def confirm(companion: Companion, event: PairSuccess, now: int) -> Flow[None]:
    """A phone has answered. Raises Refused."""
    if companion.address != event.address:
        companion.confirm(event.container, event.address, now)
    yield from join(companion, now)


def join(companion: Companion, now: int) -> Flow[None]:
    """Tells the server, once more after a crash, that the companion has signed.

    Raises Refused if the phone has thought better of it: the companion is nobody's again.
    """
    try:
        yield from ask(dialogue.ConfirmLinking(companion.confirmation))
    except Declined as declined:
        companion.forget(now)
        raise Refused("waiting", declined.why) from declined
    companion.joined()


def welcome(phone: Phone, now: int) -> Flow[None]:
    """History for each companion that has signed and can be reached."""
    for address, device_identity in list(phone.newcomers.items()):
        for found, bundle in (yield from ask(dialogue.FetchBundles((address,)))):
            if found == address:
                phone.share_history(address, device_identity, bundle, now)
    yield from flush(phone, now)


def reconcile(phone: Phone, now: int) -> Flow[None]:
    """The server's directory and the phone's list become one: neither a crash nor a companion that left parts them."""
    user = phone.address.user
    directory = (yield from ask(dialogue.FetchDevices((user,))))[user]
    present = {entry.address for entry in directory.devices}
    for index, address in list(phone.companions.items()):
        if index in phone.live and address not in present:
            phone.unlink(index, now)
    for address in present:
        gone = [index for index, at in phone.companions.items() if at == address and index not in phone.live]
        if gone:
            yield from ask(dialogue.Unlink(address, phone.signed_list))
    if directory.signed_list != phone.signed_list:
        yield from ask(dialogue.PublishList(phone.signed_list))


def unlink(phone: Phone, key_index: int, now: int) -> Flow[None]:
    """The phone removes a companion. Raises Refused."""
    phone.unlink(key_index, now)
    yield from reconcile(phone, now)


def leave(companion: Companion, now: int) -> Flow[None]:
    """The companion goes of its own accord, and forgets; its phone takes it from the list."""
    if companion.address is not None:
        yield from ask(dialogue.Unlink(companion.address, None))
        companion.forget(now)
