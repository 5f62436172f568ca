"""Variants of the protocol, each wrong in one effect that no dropped guard brings about."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.compromise import Compromise
from model.fanout import Fanout, Message
from model.language import Module, System, along, when
from model.systems import MULTI_DEVICE


class Tether(Module):
    """The old design: whatever a companion sends goes through its phone."""

    @along(Fanout.send)
    def through_the_phone(message: Message) -> None:
        author = Fanout.author(message)
        when(phone_reachable=~Accounts.offline(Accounts.account(author)))


class SharedKeys(Module):
    """One key for all devices of an account: who copies one has the others'."""

    @along(Compromise.compromise)
    def with_one_key_for_all(device: Device) -> None:
        Compromise.unsealed[device, :, :] = lambda message, addressee: Fanout.sealed(message, addressee)


TETHERED = System("tethered", *MULTI_DEVICE.modules, Tether)
SHARED_KEYS = System("shared_keys", *MULTI_DEVICE.modules, SharedKeys)
