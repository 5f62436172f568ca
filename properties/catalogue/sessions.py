"""Sessions: what one device's keys open."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.compromise import Compromise
from model.fanout import Fanout, Message
from model.language import Formula, implies
from properties.property import always


@always(
    "S4",
    "The compromise of one companion reveals no other device's keys.",
    source="announcement, per-device encryption",
    against="P",
)
def opens_only_its_own(device: Device, message: Message, addressee: Device) -> Formula:
    own = (device == addressee) & Accounts.compromised(device) & Fanout.sealed(message, addressee)
    return implies(Compromise.unsealed(device, message, addressee), own)
