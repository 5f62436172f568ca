"""App state: what a user sets on one device is the same on all, and the server in between reads and changes nothing.

Settings lie with the server as a sequence of patches, encrypted under a key that only the phone draws and hands, in
peer messages, to its companions; once one of them was unlinked, what follows is under a key drawn anew. A patch
carries a code over all that its author had when writing it, so a device that has something else refuses it; the
server may give a newcomer the whole at once, a snapshot, under the code of the last author.

The server orders patches: it takes one only of who has all before. An adversary in its place may hold patches back,
give them in any order, leave some out, go back, and part the devices: take a patch though others came first.

Source: white paper, "Application state synchronization"; formats and order of checks in `impl/appstate`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, KeyIndex, User, active, acts
from model.compromise import adversarial
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, listed_for, same_account
from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    action,
    axiom,
    either,
    every,
    implies,
    initially,
    require,
    some,
    when,
)


class SyncKey(Sort):
    """A key for app state, with its epoch: drawn by a phone; or by a device of the adversary, for its own ends."""


class Patch(Sort):
    """What one device writes, once, on top of what it has: the same change elsewhere is another patch."""


class AppState(Module):
    """Keys and who has them, patches, and what each device has made of them."""

    maker = Relation(SyncKey, gives=Device, frozen=True)
    earlier = Relation(SyncKey, SyncKey, frozen=True)  # by epoch
    author = Relation(Patch, gives=Device, frozen=True)  # a device of the adversary if it is forged
    under = Relation(Patch, gives=SyncKey, frozen=True)
    follows = Relation(Patch, Patch, frozen=True)  # the author of the first has the second when it writes
    lower = Relation(Patch, Patch, frozen=True)  # by version, which is how many patches it follows

    held = Relation(Device, SyncKey)
    made_for = Relation(SyncKey, gives=DeviceList)  # the device list of the time when it was drawn
    handed = Relation(SyncKey, Device)  # a ciphertext with the key exists for this device
    shared = Relation(Device, SyncKey, SyncKey)  # the message that brings a device the second brings the third, too
    took = Relation(Device, SyncKey)  # the device has opened the message that brings this key
    took_twice = Relation(Device, SyncKey)
    written = Relation(Patch)
    through = Relation(Patch, gives=Device)  # whose key it was written with: its author's, or one that was copied
    parted = Relation(User)  # the server has begun to take patches of this account though others came first
    applied = Relation(Device, Patch)

    @axiom
    def epochs_have_no_loops(key: SyncKey) -> Formula:
        return ~AppState.earlier(key, key)

    @axiom
    def no_patch_follows_itself(patch: Patch) -> Formula:
        return ~AppState.follows(patch, patch)

    @axiom
    def who_follows_follows_what_came_before(one: Patch, two: Patch, three: Patch) -> Formula:
        return implies(AppState.follows(one, two) & AppState.follows(two, three), AppState.follows(one, three))

    @axiom
    def what_follows_is_of_a_higher_version(one: Patch, other: Patch) -> Formula:
        return implies(AppState.follows(one, other), AppState.lower(other, one))

    @axiom
    def versions_have_no_loops(one: Patch, other: Patch) -> Formula:
        return ~(AppState.lower(one, other) & AppState.lower(other, one))

    @axiom
    def versions_are_in_line(one: Patch, two: Patch, three: Patch) -> Formula:
        return implies(AppState.lower(one, three), AppState.lower(one, two) | AppState.lower(two, three))

    @initially
    def start() -> None:
        AppState.made_for[:] = lambda key: DeviceLists.first(Accounts.owner(AppState.maker(key)))
        AppState.through[:] = lambda patch: AppState.author(patch)

    @action
    def share(phone: Device, key: SyncKey) -> None:
        """{phone} shares its keys with its companions; {key} is the newest, drawn now if somebody has left."""
        acts(phone)
        user = Accounts.owner(phone)
        when(
            is_a_phone=Accounts.phone(phone),
            own_key=AppState.maker(key) == phone,
            newest=either(AppState.held(phone, key), ~outdated(phone, key), next_key(phone, key)),
            news=~AppState.held(phone, key)
            | some(Device, lambda device: own_companion(phone, device) & ~AppState.handed(key, device)),
        )

        def lacks(device: Any, other: Any) -> Formula:
            has = (other == key) | (AppState.held(phone, other) & (AppState.maker(other) == phone))
            return own_companion(phone, device) & has & ~AppState.handed(other, device)

        listed = DeviceLists.view(phone, user)
        AppState.made_for[key] = either(AppState.held(phone, key), AppState.made_for(key), listed)
        AppState.held[phone, key] = True
        AppState.shared[:, key, :] = lambda device, other: AppState.shared(device, key, other) | lacks(device, other)
        AppState.handed[:, :] = lambda other, device: AppState.handed(other, device) | lacks(device, other)

    @action
    def take_keys(companion: Device, key: SyncKey) -> None:
        """The server gives {companion} the peer message that brings {key}."""
        sender = AppState.maker(key)
        acts(companion)
        when(linked=Accounts.linked(companion), another=companion != sender)
        require(
            intact=AppState.shared(companion, key, key),
            fresh=~AppState.took(companion, key),
            from_own_account=same_account(sender, companion),
            from_the_phone=Accounts.phone(sender),
        )
        AppState.took_twice[companion, key] = AppState.took(companion, key)
        AppState.took[companion, key] = True
        AppState.held[companion, :] = lambda other: (
            AppState.held(companion, other) | AppState.shared(companion, key, other)
        )
        Fanout.met[companion, sender] = True

    @action
    def counterfeit(key: SyncKey, companion: Device) -> None:
        """The adversary, speaking as the maker of {key}, shares it with {companion}."""
        maker = AppState.maker(key)
        when(
            adversary=Accounts.rogue(maker) | (Accounts.compromised(maker) & ~Accounts.phone(maker)),
            honest=~Accounts.rogue(companion) & Accounts.linked(companion),
            another=companion != maker,
            first_time=~AppState.shared(companion, key, key),
        )
        AppState.shared[companion, key, key] = True

    @action
    def write(patch: Patch) -> None:
        """The author of {patch} writes it under the newest key that it has, and the server takes it."""
        author, key = AppState.author(patch), AppState.under(patch)
        acts(author)
        when(
            unwritten=~AppState.written(patch),
            newest_key=AppState.held(author, key) & nothing_later(author, key),
            on_top=every(Patch, lambda other: AppState.applied(author, other) == AppState.follows(patch, other)),
            in_order=the_server_takes(patch),
        )
        require(nobody_has_left=~outdated(author, key))
        AppState.written[patch] = True
        AppState.applied[author, patch] = True

    @action
    def take(device: Device, patch: Patch) -> None:
        """The server gives {device} {patch} as the next."""
        acts(device)
        when(active=active(device))
        require(
            key=AppState.held(device, AppState.under(patch)),
            key_not_retired=under_no_older_key(device, patch),
            same_state=every(Patch, lambda other: AppState.applied(device, other) == AppState.follows(patch, other)),
            patch_mac=AppState.written(patch),
        )
        AppState.applied[device, patch] = True

    @action
    def take_snapshot(device: Device, patch: Patch) -> None:
        """The server gives {device} the whole app state as it was after {patch}."""
        acts(device)
        when(active=active(device))
        require(
            keys=every(Patch, lambda other: implies(up_to(patch, other), AppState.held(device, AppState.under(other)))),
            key_not_retired=under_no_older_key(device, patch),
            key_of_the_last=every(Patch, lambda other: implies(AppState.follows(patch, other), ~older(patch, other))),
            not_older=every(Patch, lambda other: ~(AppState.applied(device, other) & AppState.lower(patch, other))),
            same_state=every(
                Patch,
                lambda other: implies(
                    AppState.applied(device, other) & ~AppState.lower(other, patch) & ~AppState.lower(patch, other),
                    other == patch,
                ),
            ),
            snapshot_mac=AppState.written(patch),
        )
        AppState.applied[device, :] = lambda other: up_to(patch, other)

    @action
    def part(patch: Patch) -> None:
        """The server is ready to take {patch} though others came first: it shows each device what it likes."""
        user = account_of(patch)
        when(not_yet=~AppState.parted(user), late=~the_server_takes(patch))
        AppState.parted[user] = True

    @action
    def forge(patch: Patch, insider: Device) -> None:
        """The adversary writes {patch} under a key that it has from {insider}."""
        key = AppState.under(patch)
        when(
            adversary=Accounts.rogue(AppState.author(patch)),
            unwritten=~AppState.written(patch),
            known=adversarial(insider) & has_key(insider, key),
            on_top=every(Patch, lambda other: implies(AppState.follows(patch, other), AppState.written(other))),
            in_order=the_server_takes(patch),
        )
        AppState.written[patch] = True
        AppState.through[patch] = insider


def own_companion(phone: Any, device: Any) -> Formula:
    """`device` is a listed companion of the phone's account, and the phone has met it."""
    return (device != phone) & same_account(phone, device) & listed_for(phone, device) & Fanout.met(phone, device)


def outdated(device: Any, key: Any) -> Formula:
    """Somebody who may hold the key has left, as far as `device` knows: listed when the key was drawn, or since."""
    then, now = AppState.made_for(key), DeviceLists.view(device, Accounts.account(device))

    def left(index: Any) -> Formula:
        missing = DeviceLists.names(then, index) & ~DeviceLists.names(now, index)
        return missing | (DeviceLists.retired(now, index) & ~DeviceLists.retired(then, index))

    return some(KeyIndex, left)


def next_key(phone: Any, key: Any) -> Formula:
    """The phone may draw `key`: it has none, or none that everybody who has it may still have."""

    def over(other: Any) -> Formula:
        return AppState.earlier(other, key) & outdated(phone, other)

    return every(SyncKey, lambda other: implies(AppState.held(phone, other), over(other)))


def nothing_later(device: Any, key: Any) -> Formula:
    return every(SyncKey, lambda other: implies(AppState.held(device, other), ~AppState.earlier(key, other)))


def account_of(patch: Any) -> Any:
    """The account in whose app state it would lie."""
    return Accounts.account(AppState.maker(AppState.under(patch)))


def the_server_takes(patch: Any) -> Formula:
    """Its author has all that the server has of this account; or the server asks for that no more."""

    def seen(other: Any) -> Formula:
        there = AppState.written(other) & (account_of(other) == account_of(patch))
        return implies(there, AppState.follows(patch, other))

    return AppState.parted(account_of(patch)) | every(Patch, seen)


def up_to(patch: Any, other: Any) -> Formula:
    """`other` is among what a snapshot after `patch` holds."""
    return (other == patch) | AppState.follows(patch, other)


def older(patch: Any, other: Any) -> Formula:
    """`patch` is under a key that `other` says is over."""
    return AppState.earlier(AppState.under(patch), AppState.under(other))


def under_no_older_key(device: Any, patch: Any) -> Formula:
    """Nothing that the device has is under a later key."""
    return every(Patch, lambda other: implies(AppState.applied(device, other), ~older(patch, other)))


def has_key(device: Any, key: Any) -> Formula:
    """The key was drawn by this device, or sent to it."""
    drew = (AppState.maker(key) == device) & (AppState.held(device, key) | Accounts.rogue(device))
    return AppState.handed(key, device) | drew
