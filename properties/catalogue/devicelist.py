"""Device lists: what anybody believes about an account comes from its phone, and never goes back."""

from __future__ import annotations

from model.accounts import Accounts, Device, User
from model.codes import Code, Codes, equal
from model.devicelist import DeviceLists
from model.fanout import Fanout, Message, listed_for
from model.freshness import Edition, Freshness, Party, Reader, outdated
from model.language import Formula, either, every, implies
from properties.lemmas import common as lemmas
from properties.lemmas import freshness as freshness_lemmas
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


@always(
    "D4",
    "A newer list mentioned in chat is noticed: it is asked for, and awaited if the account itself has mentioned it.",
    source="white paper, in-chat device consistency",
    against="N",
    lean_on=[freshness_lemmas.the_newest_that_was_spoken_of_is_expected],
)
def a_newer_list_is_noticed(reader: Reader, party: Party, edition: Edition) -> Formula:
    behind = Freshness.of(party, edition) & Freshness.older(Freshness.view(reader, party), edition)
    noticed = Freshness.in_doubt(reader, party) | Freshness.asked(reader, party)
    told = implies(Freshness.told(reader, edition), noticed)
    assured = implies(Freshness.assured(reader, edition), outdated(reader, party))
    return implies(behind, told & assured)


@always(
    "D5",
    "An expired list is not used: who sees that says nothing to the companions that it names, or is one and leaves.",
    source=PAPER,
    against="N R",
    lean_on=[freshness_lemmas.what_is_over_was_gone_by],
)
def an_expired_list_is_not_used(reader: Reader, party: Party, edition: Edition) -> Formula:
    by_it = (Freshness.view(reader, party) == edition) & Freshness.in_force(reader, party)
    left = Freshness.left(reader)
    ended = either(Freshness.home(reader, party), left, ~by_it | left)
    return implies(Freshness.over(reader, party, edition), ended) & ~Freshness.sealed_late(reader, edition)


@always(
    "D6",
    "Equal security codes mean equal device sets.",
    source="white paper, verifying keys",
    against="N C",
    lean_on=[lemmas.a_code_is_over_all_devices],
)
def equal_codes_mean_equal_devices(one: Code, other: Code) -> Formula:
    same = every(Device, lambda device: Codes.means(one, device) == Codes.means(other, device))
    return implies(equal(one, other), same)


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


@always(
    "D8",
    "Nobody else ends a list: the newest of an account is in force until it is old, whatever others say.",
    source="in-chat device consistency without a signature: who may be believed is ours",
    against="C A",
    lean_on=[
        freshness_lemmas.an_edition_that_is_gone_by_is_signed,
        freshness_lemmas.what_is_expected_exists,
        freshness_lemmas.the_current_edition_is_the_newest,
    ],
)
def nobody_else_ends_a_list(reader: Reader, party: Party) -> Formula:
    view = Freshness.view(reader, party)
    newest = (view == Freshness.current(party)) & ~Freshness.aged(view) & ~Freshness.rogue(party)
    driven_out = Freshness.home(reader, party) & Freshness.left(reader)
    return implies(newest, Freshness.in_force(reader, party) & ~driven_out)
