"""Linking: who may become a companion, and of whom."""

from __future__ import annotations

from model.accounts import Accounts, Device, KeyIndex, User
from model.compromise import Compromise
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message
from model.language import Formula, different, implies
from model.linking import Linking, confirmed, genuine
from properties.lemmas import common as lemmas
from properties.property import always, step

PAPER = "white paper, linking"


@always(
    "L1",
    "A list names at most four companions.",
    source="announcement",
    against="N",
    lean_on=[lemmas.every_listed_companion_has_a_seat_of_its_own],
)
def four_companions(
    user: User, list: DeviceList, a: KeyIndex, b: KeyIndex, c: KeyIndex, d: KeyIndex, e: KeyIndex
) -> Formula:
    five = different(a, b, c, d, e)
    for index in (a, b, c, d, e):
        five = five & DeviceLists.names(list, index) & ~Accounts.zero(index)
    return ~(DeviceLists.signed(user, list) & five)


@always(
    "L2",
    "No companion is a phone.",
    source="announcement",
    against="N",
)
def no_companion_is_a_phone(user: User, companion: Device) -> Formula:
    becomes = Linking.vouched(user, companion) | Accounts.linked(companion)
    return implies(becomes, ~Accounts.phone(companion))


@always(
    "L3",
    "The QR of a listed device was scanned by that account's phone.",
    source=PAPER,
    against="N",
    lean_on=[lemmas.who_signs_owns, lemmas.the_current_list_is_signed, lemmas.who_shows_a_qr_is_honest],
)
def a_listed_device_was_scanned(user: User, list: DeviceList, companion: Device) -> Formula:
    listed = DeviceLists.signed(user, list) & DeviceLists.names(list, Accounts.index(companion))
    companions = ~Accounts.phone(companion) & ~Accounts.rogue(companion)
    return implies(listed & companions, Linking.scanned(user, companion))


@always(
    "L4",
    "A companion joins only the account whose phone scanned it, once per secret.",
    source=PAPER,
    against="N",
    lean_on=[lemmas.a_secret_is_shared_by_the_phone_that_read_it],
)
def joins_only_the_account_that_scanned_it(companion: Device) -> Formula:
    user = Accounts.account(companion)
    scanned = Linking.scanned(user, companion) | Compromise.knows_secret(companion)
    once = ~Linking.joined_twice(companion) & ~Linking.shows_qr(companion)
    return implies(Accounts.linked(companion), Linking.vouched(user, companion) & scanned & once)


@always(
    "L5",
    "Account signature and device signature stand behind every device that is ever a recipient.",
    source="white paper, session set-up",
    against="N",
    lean_on=[
        lemmas.who_has_joined_has_both_signatures,
        lemmas.nobody_vouches_for_a_rogue,
        lemmas.who_countersigned_has_joined,
    ],
)
def both_signatures_behind_a_recipient(device: Device, other: Device, message: Message) -> Formula:
    recipient = Fanout.met(device, other) | Fanout.sealed(message, other)
    return implies(recipient, genuine(other) & confirmed(other))


@always(
    "L6",
    "The linking secret never reaches the adversary, but through the companion itself.",
    source=PAPER,
    against="N P",
)
def the_secret_stays_secret(companion: Device) -> Formula:
    return implies(Compromise.knows_secret(companion), Accounts.compromised(companion))


@step(
    "L7",
    "Linking a companion leaves the others linked.",
    source="announcement",
    against="-",
    lean_on=[lemmas.the_current_list_is_signed, lemmas.who_signs_owns],
)
def linking_drops_nobody(user: User, newcomer: KeyIndex, other: KeyIndex) -> Formula:
    def named(index: KeyIndex) -> tuple[Formula, Formula]:
        before = DeviceLists.names(DeviceLists.current(user), index)
        return before, DeviceLists.names.after(DeviceLists.current.after(user), index)

    (was_in, is_in), (was_there, is_there) = named(newcomer), named(other)
    return implies(~was_in & is_in & was_there, is_there)
