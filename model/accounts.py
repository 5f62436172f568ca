"""Who takes part: users, their phones, their companions, and the devices that the adversary runs itself.

Source: WhatsApp Encryption Overview (white paper), "Terms" and "Multi-device".
"""

from __future__ import annotations

from typing import Any

from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    action,
    actor,
    axiom,
    implies,
    initially,
    when,
)


class User(Sort):
    """An account, and the person behind it."""


class Device(Sort):
    """A phone or a companion: one identity key. A companion that links again is a new device."""


class KeyIndex(Sort):
    """The number under which a phone lists a companion, never given twice. Zero is the phone."""


class Accounts(Module):
    """Users and devices. What changes: the account of a companion, connectivity, compromise."""

    owner = Relation(Device, gives=User, frozen=True)  # the person who holds it, or whose it claims to be
    phone = Relation(Device, frozen=True)
    rogue = Relation(Device, frozen=True)  # run by the adversary: follows no rules
    index = Relation(Device, gives=KeyIndex, frozen=True)  # a rogue device may claim that of another
    zero = Relation(KeyIndex, frozen=True)

    account = Relation(Device, gives=User)  # the account that it believes it belongs to
    linked = Relation(Device)  # a companion that has joined its account
    offline = Relation(User)  # the user's phone is switched off
    compromised = Relation(Device)  # the adversary copies whatever it stores

    @axiom
    def one_phone_each(one: Device, other: Device) -> Formula:
        both = Accounts.phone(one) & Accounts.phone(other) & (Accounts.owner(one) == Accounts.owner(other))
        return implies(both, one == other)

    @axiom
    def an_index_for_each(one: Device, other: Device) -> Formula:
        companions = ~Accounts.phone(one) & ~Accounts.rogue(one) & ~Accounts.rogue(other)
        return implies(companions & (Accounts.index(one) == Accounts.index(other)), one == other)

    @axiom
    def index_zero_is_the_phone(device: Device) -> Formula:
        return Accounts.zero(Accounts.index(device)) == Accounts.phone(device)

    @axiom
    def there_is_one_zero(one: KeyIndex, other: KeyIndex) -> Formula:
        return implies(Accounts.zero(one) & Accounts.zero(other), one == other)

    @initially
    def start() -> None:
        Accounts.account[:] = lambda device: Accounts.owner(device)

    @action
    def switch_phone(phone: Device) -> None:
        """The user of {phone} switches it off, or on again."""
        when(is_a_phone=Accounts.phone(phone))
        user = Accounts.owner(phone)
        Accounts.offline[user] = ~Accounts.offline(user)


def active(device: Any) -> Formula:
    """A phone, or a companion that has joined: it has an account to speak for."""
    return Accounts.phone(device) | Accounts.linked(device)


def acts(device: Any) -> None:
    """`device` makes this move: honest, and switched on if it is a phone."""
    actor(device)
    when(
        honest=~Accounts.rogue(device),
        switched_on=implies(Accounts.phone(device), ~Accounts.offline(Accounts.owner(device))),
    )


def own_phone(phone: Any, device: Any) -> Formula:
    """`phone` is the phone of the account that `device` belongs to."""
    return Accounts.phone(phone) & (Accounts.account(phone) == Accounts.account(device))
