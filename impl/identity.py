"""Another account key: what rests on the former one goes, the user is told, and only then is anybody spoken to.

White paper, "Verifying keys"; wire.md, section 4.3. Like WhatsApp, a device accepts the new key and says so: people
who compare security codes see that these are others now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impl import outbox
from impl.address import PHONE, Address
from impl.fanout import meet
from impl.refusal import Refused
from impl.sessions import PrekeyBundle

if TYPE_CHECKING:
    from impl.device import Device


@dataclass(frozen=True)
class SecurityNotice:
    """For the user to read: since `timestamp` (seconds) the account key of `user` is `current`, it was `former`."""

    user: str
    former: bytes
    current: bytes
    timestamp: int


def doubt(device: Device, user: str, now: int) -> None:
    """Somebody says that `user` was registered anew: nothing goes there until its phone has shown its key.

    The own account's key is beyond doubt: a companion belongs to the key that it was linked under.
    """
    if device.address is None or device.address.user != user:
        device.doubts.setdefault(user, now)


def meet_phone(device: Device, user: str, bundle: PrekeyBundle, now: int) -> None:
    """Makes a session with a phone, whose key is pinned on first use; another key than the pinned is a change.

    Raises Refused, and then the former key stays in force.
    """
    former = device.pins.get(user, bundle.identity)
    if former != bundle.identity:
        check_not_own(device, user)
        forget_account(device, user)
        notify(device, SecurityNotice(user, former, bundle.identity, now))
    device.pins[user] = bundle.identity
    device.doubts.pop(user, None)
    meet(device, Address(user, PHONE), PHONE, bundle, now)


def forget_account(device: Device, user: str) -> None:
    """Sessions, devices and list of an account go with its key; what they have not confirmed, nobody will."""
    for address in device.peers.of(user):
        del device.peers[address]
        device.records.pop(address, None)
    for message_id, sent in list(device.sent.items()):
        for address in sent.waiting:
            if address.user == user:
                outbox.delivered(device, message_id, address)
    device.views.pop(user, None)
    device.expected.pop(user, None)
    device.pins.pop(user, None)


def notify(device: Device, notice: SecurityNotice) -> None:
    """Notices are numbered in the order of arrival."""
    device.notices[len(device.notices) + 1] = notice


def check_not_own(device: Device, user: str) -> None:
    if device.address is not None and device.address.user == user:
        raise Refused("identity", "another key for the account that this device belongs to")
