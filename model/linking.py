"""Linking: a companion joins an account.

The companion shows a QR with its identity key and a fresh linking secret. The phone that reads it signs that
identity (account signature), proves by an HMAC under the secret that it has seen the QR, and signs a device
list that names the companion. The companion checks both and signs in turn (device signature). From then on it
needs the phone for nothing. Everything between the two travels through the server. A companion that was unlinked
and links again is a new device: its identity, its key index and its secret are new.

Source: white paper, "Linking a companion device"; formats and order of checks in `impl/linking.py`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, KeyIndex, User, acts
from model.devicelist import DeviceList, DeviceLists, next_list, sign
from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    action,
    either,
    elements,
    initially,
    require,
    some,
    when,
)


class Seat(Sort, size=4):
    """The places for companions in an account."""


class Linking(Module):
    """A companion joins an account: a QR seen by the phone, two signatures."""

    shows_qr = Relation(Device)  # with a linking secret that nobody has used
    shares_secret = Relation(User, Device)  # an HMAC under that secret stands behind the user's account signature
    scanned = Relation(User, Device)  # the user's phone has read a QR of this device
    vouched = Relation(User, Device)  # account signature: over the companion's identity and key index
    countersigned = Relation(User, Device)  # device signature: the companion's, over the same and the account
    joined_twice = Relation(Device)
    seat = Relation(User, KeyIndex, gives=Seat)
    taken = Relation(User, Seat)

    @initially
    def start() -> None:
        Linking.countersigned[:, :] = lambda user, device: Accounts.rogue(device)  # it signs whatever helps it
        Linking.seat[:, :] = lambda user, index: elements(Seat)[0]

    @action
    def show_qr(companion: Device) -> None:
        """{companion} shows a QR with a fresh linking secret."""
        acts(companion)
        require(fresh=~Accounts.linked(companion))
        Linking.shows_qr[companion] = True
        Linking.shares_secret[:, companion] = lambda user: False

    @action
    def scan(phone: Device, companion: Device, next: DeviceList) -> None:
        """{phone} reads the QR of {companion}, vouches for it, and signs the list {next} that names it."""
        acts(phone)
        user, index = Accounts.owner(phone), Accounts.index(companion)
        when(
            is_a_phone=Accounts.phone(phone),
            qr_in_sight=Linking.shows_qr(companion),
            next_list=next_list(user, next),
        )
        require(
            not_a_phone=~Accounts.phone(companion),
            once=~Linking.vouched(user, companion),
            seat_free=some(Seat, lambda seat: ~Linking.taken(user, seat)),
        )
        Linking.scanned[user, companion] = Linking.shows_qr(companion)
        Linking.vouched[user, companion] = True
        Linking.shares_secret[user, companion] = True
        Linking.seat[user, index] = free_seat(user)
        Linking.taken[user, free_seat(user)] = True
        now = DeviceLists.current(user)
        sign(
            phone,
            next,
            lambda k: DeviceLists.names(now, k) | (k == index),
            lambda k: DeviceLists.retired(now, k),
        )

    @action
    def confirm(companion: Device, user: User) -> None:
        """The server shows {companion} the approval of {user}; it checks and signs in turn."""
        acts(companion)
        when(a_companion=~Accounts.phone(companion))
        require(
            secret_unused=Linking.shows_qr(companion),
            linking_secret=Linking.shares_secret(user, companion),
            account_signature=Linking.vouched(user, companion),
        )
        Linking.joined_twice[companion] = Accounts.linked(companion)
        Linking.shows_qr[companion] = False
        Linking.countersigned[user, companion] = True
        Accounts.linked[companion] = True
        Accounts.account[companion] = user

    @action
    def unlink(phone: Device, companion: Device, next: DeviceList) -> None:
        """{phone} unlinks {companion}: it signs the list {next} without it."""
        acts(phone)
        user, index = Accounts.owner(phone), Accounts.index(companion)
        when(
            is_a_phone=Accounts.phone(phone),
            a_companion=~Accounts.phone(companion) & ~Accounts.rogue(companion),
            next_list=next_list(user, next),
        )
        now = DeviceLists.current(user)
        require(listed=DeviceLists.names(now, index))
        Linking.taken[user, Linking.seat(user, index)] = False
        sign(
            phone,
            next,
            lambda k: DeviceLists.names(now, k) & (k != index),
            lambda k: DeviceLists.retired(now, k) | (k == index),
        )

    @action
    def vouch_unseen(phone: Device, companion: Device) -> None:
        """The adversary's {phone} vouches for {companion}, whose QR it has never seen."""
        when(
            adversary=Accounts.rogue(phone),
            is_a_phone=Accounts.phone(phone),
            a_companion=~Accounts.phone(companion) & ~Accounts.rogue(companion),
        )
        Linking.vouched[Accounts.owner(phone), companion] = True


def free_seat(user: Any) -> Any:
    """The first seat that nobody has (the last one if all are taken)."""
    *others, seat = elements(Seat)
    for other in reversed(others):
        seat = either(~Linking.taken(user, other), other, seat)
    return seat


def genuine(device: Any) -> Formula:
    """An account signature stands behind the device: its account's phone has vouched for it, or it is the phone."""
    return Accounts.phone(device) | Linking.vouched(Accounts.account(device), device)


def confirmed(device: Any) -> Formula:
    """A device signature stands behind the device: it has agreed to belong to its account."""
    return Accounts.phone(device) | Linking.countersigned(Accounts.account(device), device)
