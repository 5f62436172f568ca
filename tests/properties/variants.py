"""Variants of the protocol, each wrong in one effect that no dropped guard brings about."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.compromise import Compromise
from model.fanout import Fanout, Message
from model.groups import GroupMessage, Groups, SenderKey, counted_in
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


class WholeChains(Module):
    """A sender key is handed out as it was when it was drawn: who joins reads what was before."""

    @along(Groups.send)
    def from_the_beginning(message: GroupMessage, key: SenderKey) -> None:
        Groups.reached[:, :] = lambda other, device: (
            Groups.reached(other, device)
            | ((other == message) & Groups.handed(key, device))
            | (((other == message) | Groups.under(other, key)) & counted_in(message, device))
        )


TETHERED = System("tethered", *MULTI_DEVICE.modules, Tether)
SHARED_KEYS = System("shared_keys", *MULTI_DEVICE.modules, SharedKeys)
WHOLE_CHAINS = System("whole_chains", *MULTI_DEVICE.modules, WholeChains)
