"""Device lists: what anybody believes about an account comes from its phone, and never goes back."""

from __future__ import annotations

from model.accounts import Accounts, Device, User
from model.devicelist import DeviceLists
from model.fanout import Fanout, Message, listed_for
from model.language import Formula, implies
from properties import lemmas
from properties.property import always, step

PAPER = "white paper, device lists"


@always(
    "D1",
    "Every view was signed by that user's phone.",
    source=PAPER,
    against="N",
    lean_on=[lemmas.who_signs_owns],
)
def a_view_is_signed_by_its_user(device: Device, user: User) -> Formula:
    view = DeviceLists.view(device, user)
    return DeviceLists.signed(user, view) & DeviceLists.of(user, view)


@step(
    "D2",
    "A view never goes back.",
    source=PAPER + "; Wichelmann, Berndt, Pott, Eisenbarth 2021",
    against="N",
    lean_on=[lemmas.every_view_is_signed, lemmas.the_current_list_is_the_newest],
)
def a_view_never_goes_back(device: Device, user: User) -> Formula:
    return ~DeviceLists.older(DeviceLists.view.after(device, user), DeviceLists.view(device, user))


@step(
    "D3",
    "Who has learned of an unlinking never again encrypts to that device.",
    source=PAPER,
    against="N R",
    lean_on=[
        lemmas.what_was_learned_is_in_the_view,
        lemmas.a_retired_index_is_not_named,
        lemmas.every_view_is_signed,
    ],
)
def nothing_for_the_unlinked(message: Message, device: Device) -> Formula:
    author = Fanout.author(message)
    learned = DeviceLists.learned(author, Accounts.account(device), Accounts.index(device))
    before = ~Fanout.sealed(message, device) & ~Accounts.rogue(author)
    return implies(learned & before, ~Fanout.sealed.after(message, device))


@step(
    "D7",
    "A session is begun only with a device that its account's list names, as far as one has seen.",
    source=PAPER + "; wire.md, sections 4.2 and 4.3",
    against="N R",
    lean_on=[
        lemmas.a_phone_goes_by_its_own_list,
        lemmas.every_list_names_the_phone,
        lemmas.every_view_is_signed,
        lemmas.nobody_vouches_for_a_rogue,
        lemmas.who_countersigned_has_joined,
    ],
)
def sessions_with_the_listed(device: Device, other: Device) -> Formula:
    begins = ~Fanout.met(device, other) & Fanout.met.after(device, other)
    return implies(begins, listed_for(device, other))
