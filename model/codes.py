"""Security codes: what two people compare is made of the identity keys of all devices of both.

Any device of either account shows the code to its user. The device goes by a list of its own account and one of the
other; the code is a hash of the identity keys of all devices that these two name. It shows no code until it has met all
of them as devices of their account. Hashes do not collide here: so a code is the set of keys behind it. Nobody makes
people compare, and a code that was compared says nothing of what changes afterwards.

Source: white paper, "Verifying keys"; checks in `impl/security_code.py` and `impl/consistency.py`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, User, active, acts
from model.devicelist import DeviceLists
from model.fanout import Fanout
from model.language import Formula, Module, Relation, Sort, action, every, implies, require, when
from model.linking import Linking


class Code(Sort):
    """A security code, as one device shows it once."""


class Codes(Module):
    """Which codes were shown, and what they are made of."""

    by = Relation(Code, gives=Device, frozen=True)
    between = Relation(Code, User, frozen=True)  # the two accounts

    shown = Relation(Code)
    covers = Relation(Code, Device)  # the identity key of this device is in it
    means = Relation(Code, Device)  # by the lists of whoever shows the code, the device is of one of the two accounts

    @action
    def show(code: Code) -> None:
        """A device shows its user the security code {code}."""
        device = Codes.by(code)
        acts(device)
        when(
            active=active(device),
            own_account=Codes.between(code, Accounts.account(device)),
            not_yet=~Codes.shown(code),
        )

        def at_home(user: Any, other: Any) -> Formula:
            return (Accounts.account(other) == user) & known(device, other)

        require(met=every(User, Device, lambda user, other: implies(listed(code, user, other), at_home(user, other))))
        Codes.shown[code] = True
        Codes.covers[code, :] = lambda other: of_both(code, other) & known(device, other)
        Codes.means[code, :] = lambda other: of_both(code, other)


def listed(code: Any, user: Any, other: Any) -> Formula:
    """The list of one of the two users that the showing device goes by names `other`, wherever that has joined."""
    named = DeviceLists.names(DeviceLists.view(Codes.by(code), user), Accounts.index(other))
    own_phone = Accounts.phone(other) & (Accounts.account(other) == user)
    return Codes.between(code, user) & named & (own_phone | Linking.vouched(user, other))


def of_both(code: Any, other: Any) -> Formula:
    """`other` belongs to one of the two accounts, for the device that shows the code."""
    return listed(code, Accounts.account(other), other)


def known(device: Any, other: Any) -> Formula:
    """The device has met the other, or is it: it knows that identity key."""
    return (device == other) | Fanout.met(device, other)


def between_the_same(one: Any, other: Any) -> Formula:
    return every(User, lambda user: Codes.between(one, user) == Codes.between(other, user))


def equal(one: Any, other: Any) -> Formula:
    """Both codes were shown, and people see no difference."""
    same = every(Device, lambda device: Codes.covers(one, device) == Codes.covers(other, device))
    return Codes.shown(one) & Codes.shown(other) & between_the_same(one, other) & same
