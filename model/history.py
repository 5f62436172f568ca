"""History sync: the phone hands a new companion what was said before it came.

The phone packs its conversation into an encrypted blob, without what has disappeared, leaves it with the server, and
sends the blob's key to the companion in a peer message. The companion imports it; then blob and key are gone. The
adversary may send notifications of its own, and put another blob in the place of the real one.

Source: white paper, "Message history synchronization"; formats and checks in `impl/history`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, acts
from model.devicelist import DeviceLists
from model.ephemeral import Ephemeral, stays
from model.fanout import Fanout, Message, same_account
from model.language import Formula, Module, Relation, action, require, when
from model.linking import Linking


class History(Module):
    """Bundles, who was told of them, and who imported what."""

    shared = Relation(Device, Device)  # the phone has sent the companion its history
    counterfeited = Relation(Device, Device)  # the adversary has, in the name of the first
    bundled = Relation(Device, Message)  # what the phone packed for the companion
    blob = Relation(Device, Device)  # the server holds the blob
    key = Relation(Device, Device)  # its key is under way, or kept by the companion
    swapped = Relation(Device, Device)  # the adversary has put another blob in its place
    imported = Relation(Device, Device)  # the companion has taken over history from the other
    imported_twice = Relation(Device, Device)
    recovered = Relation(Device, Message)  # what it found in it
    fetched = Relation(Device, Message)  # what it has added from a history on demand (model/demand.py)
    poisoned = Relation(Device)  # it has taken over a history of the adversary's making

    @action
    def share(phone: Device, companion: Device) -> None:
        """{phone} packs its conversation for {companion}: blob to the server, key in a peer message."""
        acts(phone)
        user = Accounts.owner(phone)
        when(
            is_a_phone=Accounts.phone(phone),
            a_companion=~Accounts.phone(companion),
            first_time=~History.shared(phone, companion),
        )
        require(
            listed=DeviceLists.names(DeviceLists.current(user), Accounts.index(companion)),
            account_signature=Linking.vouched(user, companion),
            device_signature=Linking.countersigned(user, companion),
        )
        History.shared[phone, companion] = True
        History.blob[phone, companion] = True
        History.key[phone, companion] = True
        History.bundled[companion, :] = lambda message: History.bundled(companion, message) | has(phone, message)
        Fanout.met[phone, companion] = True

    @action
    def counterfeit(sender: Device, companion: Device) -> None:
        """The adversary, speaking as {sender}, tells {companion} of a history of its own making."""
        when(
            adversary=Accounts.rogue(sender) | (Accounts.compromised(sender) & ~Accounts.phone(sender)),
            honest=~Accounts.rogue(companion) & Accounts.linked(companion),
            another=sender != companion,
            first_time=~History.counterfeited(sender, companion) & ~History.shared(sender, companion),
        )
        History.counterfeited[sender, companion] = True
        History.blob[sender, companion] = True
        History.key[sender, companion] = True

    @action
    def swap(phone: Device, companion: Device) -> None:
        """The server puts another blob in the place of the one that {phone} left for {companion}."""
        when(there=History.blob(phone, companion) & History.shared(phone, companion))
        History.swapped[phone, companion] = True

    @action
    def import_(companion: Device, sender: Device) -> None:
        """{companion} gets the notification from {sender}, fetches the blob and takes over what is in it."""
        acts(companion)
        when(linked=Accounts.linked(companion), another=companion != sender)
        require(
            intact=History.shared(sender, companion) | History.counterfeited(sender, companion),
            fresh=~History.imported(companion, sender),
            from_own_account=same_account(sender, companion),
            from_the_phone=Accounts.phone(sender),
            blob_intact=~History.swapped(sender, companion),
        )
        History.imported_twice[companion, sender] = History.imported(companion, sender)
        History.imported[companion, sender] = True
        made_up = History.swapped(sender, companion) | ~History.shared(sender, companion)
        History.poisoned[companion] = made_up
        History.recovered[companion, :] = lambda message: (
            History.recovered(companion, message) | (~made_up & History.bundled(companion, message))
        )
        Ephemeral.there[companion, :] = lambda message: (
            Ephemeral.there(companion, message)
            | (~made_up & History.bundled(companion, message) & stays(companion, message))
        )
        History.blob[sender, companion] = False
        History.key[sender, companion] = False
        Fanout.met[companion, sender] = True


def has(device: Any, message: Any) -> Formula:
    """The message is in the device's conversation, and has not disappeared from it."""
    return had(device, message) & ~Ephemeral.gone(device, message)


def had(device: Any, message: Any) -> Formula:
    """The message has come into the device's conversation: written there, received, or found in a history."""
    wrote = Fanout.sent(message) & (Fanout.author(message) == device)
    found = History.recovered(device, message) | History.fetched(device, message)
    return wrote | Fanout.received(device, message) | found
