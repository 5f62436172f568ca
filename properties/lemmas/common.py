"""What is true in every state, and worth knowing only because the properties of the catalogue lean on it."""

from __future__ import annotations

from model.accounts import Accounts, Device, KeyIndex, User, own_phone
from model.backup import Backup, Backups
from model.codes import Code, Codes
from model.compromise import Compromise
from model.demand import Demand, Query
from model.devicelist import DeviceList, DeviceLists
from model.ephemeral import Ephemeral
from model.fanout import Fanout, Message, on_either_side
from model.history import History, had
from model.language import Formula, implies, invariant
from model.linking import Linking, confirmed, genuine


@invariant()
def a_phone_stays_with_its_owner(phone: Device) -> Formula:
    return implies(Accounts.phone(phone), Accounts.account(phone) == Accounts.owner(phone))


@invariant()
def who_shows_a_qr_is_honest(companion: Device) -> Formula:
    return implies(Linking.shows_qr(companion), ~Accounts.rogue(companion))


@invariant()
def who_shows_a_qr_is_not_linked(companion: Device) -> Formula:
    return implies(Linking.shows_qr(companion), ~Accounts.linked(companion))


@invariant(who_shows_a_qr_is_honest)
def nobody_vouches_for_a_rogue(user: User, companion: Device) -> Formula:
    return implies(Linking.vouched(user, companion), ~Accounts.rogue(companion))


@invariant()
def a_secret_is_shared_by_the_phone_that_read_it(user: User, companion: Device) -> Formula:
    learned = Linking.scanned(user, companion) | Compromise.knows_secret(companion)
    return implies(Linking.shares_secret(user, companion), learned)


@invariant(who_shows_a_qr_is_not_linked)
def who_countersigned_has_joined(user: User, companion: Device) -> Formula:
    joined = Accounts.linked(companion) & (Accounts.account(companion) == user)
    return implies(Linking.countersigned(user, companion) & ~Accounts.rogue(companion), joined)


@invariant()
def who_has_joined_has_both_signatures(companion: Device) -> Formula:
    user = Accounts.account(companion)
    both = Linking.vouched(user, companion) & Linking.countersigned(user, companion)
    return implies(Accounts.linked(companion), both)


@invariant()
def who_signs_owns(user: User, list: DeviceList) -> Formula:
    return implies(DeviceLists.signed(user, list), DeviceLists.of(user, list))


@invariant()
def the_current_list_is_signed(user: User) -> Formula:
    return DeviceLists.signed(user, DeviceLists.current(user))


@invariant()
def the_current_list_is_the_newest(user: User, list: DeviceList) -> Formula:
    newest = DeviceLists.current(user)
    return implies(DeviceLists.signed(user, list), (list == newest) | DeviceLists.older(list, newest))


@invariant(who_signs_owns, the_current_list_is_signed, who_shows_a_qr_is_honest)
def who_is_listed_was_vouched_for(user: User, list: DeviceList, companion: Device) -> Formula:
    listed = DeviceLists.signed(user, list) & DeviceLists.names(list, Accounts.index(companion))
    companions = ~Accounts.phone(companion) & ~Accounts.rogue(companion)
    return implies(listed & companions, Linking.vouched(user, companion))


@invariant(who_signs_owns, the_current_list_is_signed, who_is_listed_was_vouched_for)
def who_is_retired_was_vouched_for(user: User, list: DeviceList, companion: Device) -> Formula:
    retired = DeviceLists.signed(user, list) & DeviceLists.retired(list, Accounts.index(companion))
    return implies(retired & ~Accounts.rogue(companion), Linking.vouched(user, companion))


@invariant(the_current_list_is_signed, who_is_retired_was_vouched_for)
def a_retired_index_is_not_named(user: User, list: DeviceList, index: KeyIndex) -> Formula:
    retired = DeviceLists.signed(user, list) & DeviceLists.retired(list, index)
    return implies(retired, ~DeviceLists.names(list, index))


@invariant(who_signs_owns, the_current_list_is_signed, the_current_list_is_the_newest)
def retired_is_for_ever(user: User, one: DeviceList, other: DeviceList, index: KeyIndex) -> Formula:
    both = DeviceLists.signed(user, one) & DeviceLists.signed(user, other) & DeviceLists.older(one, other)
    return implies(both & DeviceLists.retired(one, index), DeviceLists.retired(other, index))


@invariant()
def every_view_is_signed(device: Device, user: User) -> Formula:
    return DeviceLists.signed(user, DeviceLists.view(device, user))


@invariant(the_current_list_is_the_newest)
def a_phone_goes_by_its_own_list(phone: Device) -> Formula:
    user = Accounts.owner(phone)
    return implies(Accounts.phone(phone), DeviceLists.view(phone, user) == DeviceLists.current(user))


@invariant(the_current_list_is_signed)
def every_list_names_the_phone(user: User, list: DeviceList, index: KeyIndex) -> Formula:
    return implies(DeviceLists.signed(user, list) & Accounts.zero(index), DeviceLists.names(list, index))


@invariant(every_view_is_signed, retired_is_for_ever, the_current_list_is_the_newest)
def what_was_learned_is_in_the_view(device: Device, user: User, index: KeyIndex) -> Formula:
    learned = DeviceLists.learned(device, user, index)
    return implies(learned, DeviceLists.retired(DeviceLists.view(device, user), index))


@invariant(who_is_listed_was_vouched_for, who_signs_owns, the_current_list_is_signed, who_shows_a_qr_is_honest)
def every_listed_companion_has_a_seat_of_its_own(
    user: User, list: DeviceList, one: KeyIndex, other: KeyIndex
) -> Formula:
    seat, current = Linking.seat(user, one), list == DeviceLists.current(user)
    listed = DeviceLists.signed(user, list) & DeviceLists.names(list, one) & ~Accounts.zero(one)
    another = DeviceLists.names(list, other) & ~Accounts.zero(other) & (one != other)
    own = implies(another, Linking.seat(user, other) != seat)
    return implies(listed, own & implies(current, Linking.taken(user, seat)))


@invariant(nobody_vouches_for_a_rogue, who_countersigned_has_joined)
def who_was_met_has_both_signatures(device: Device, other: Device) -> Formula:
    return implies(Fanout.met(device, other), genuine(other) & confirmed(other))


@invariant()
def a_sealed_message_was_sent(message: Message, device: Device) -> Formula:
    return implies(Fanout.sealed(message, device), Fanout.sent(message))


@invariant()
def nobody_writes_to_itself(message: Message, device: Device) -> Formula:
    return implies(Fanout.mailbox(message, device), Fanout.author(message) != device)


@invariant()
def a_received_message_was_sealed(message: Message, device: Device) -> Formula:
    return implies(Fanout.received(device, message), Fanout.sealed(message, device))


@invariant()
def what_is_viewed_once_is_sealed_for_phones(message: Message, device: Device) -> Formula:
    honest = ~Accounts.rogue(Fanout.author(message))
    return implies(Fanout.sealed(message, device) & Fanout.once(message), implies(honest, Accounts.phone(device)))


@invariant()
def the_author_has_joined(message: Message) -> Formula:
    author = Fanout.author(message)
    honest = Fanout.sent(message) & ~Accounts.rogue(author)
    return implies(honest, Accounts.phone(author) | Accounts.linked(author))


@invariant()
def the_author_of_what_is_received_belongs_to_its_account(device: Device, message: Message) -> Formula:
    author = Fanout.author(message)
    return implies(Fanout.received(device, message), genuine(author) & confirmed(author))


@invariant(
    who_was_met_has_both_signatures,
    who_countersigned_has_joined,
    who_shows_a_qr_is_not_linked,
    the_author_has_joined,
    a_sealed_message_was_sent,
)
def a_recipient_is_on_either_side(message: Message, device: Device) -> Formula:
    author = Fanout.author(message)
    sealed = Fanout.sealed(message, device) & ~Accounts.rogue(author)
    return implies(sealed, on_either_side(message, device) & genuine(device) & confirmed(device))


@invariant(nobody_vouches_for_a_rogue, who_countersigned_has_joined)
def what_is_bundled_is_for_a_companion(companion: Device, message: Message) -> Formula:
    return implies(History.bundled(companion, message), Accounts.linked(companion) & ~Accounts.rogue(companion))


@invariant(a_phone_stays_with_its_owner)
def no_phone_fetches(device: Device, message: Message) -> Formula:
    return implies(History.fetched(device, message), ~Accounts.phone(device))


@invariant(
    what_is_bundled_is_for_a_companion,
    nobody_vouches_for_a_rogue,
    who_countersigned_has_joined,
    who_shows_a_qr_is_not_linked,
    a_phone_stays_with_its_owner,
)
def what_is_bundled_is_what_the_phone_has(companion: Device, message: Message, phone: Device) -> Formula:
    return implies(History.bundled(companion, message) & own_phone(phone, companion), had(phone, message))


@invariant()
def what_was_viewed_was_on_a_phone(device: Device, message: Message) -> Formula:
    held = Fanout.received(device, message) & Fanout.once(message)
    return implies(held | Ephemeral.viewed(device, message), Accounts.phone(device))


@invariant()
def what_is_in_a_backup_is_what_the_phone_had(backup: Backup, message: Message) -> Formula:
    return implies(Backups.holds(backup, message), had(Backups.of(backup), message))


@invariant()
def what_is_recovered_was_bundled(companion: Device, message: Message) -> Formula:
    return implies(History.recovered(companion, message), History.bundled(companion, message))


@invariant(what_is_recovered_was_bundled, no_phone_fetches, a_sealed_message_was_sent, a_received_message_was_sealed)
def what_is_bundled_was_sent(companion: Device, message: Message) -> Formula:
    return implies(History.bundled(companion, message), Fanout.sent(message))


@invariant(
    what_is_bundled_was_sent,
    what_is_recovered_was_bundled,
    no_phone_fetches,
    a_sealed_message_was_sent,
    a_received_message_was_sealed,
)
def what_is_told_was_sent(query: Query, message: Message) -> Formula:
    return implies(Demand.told(query, message), Fanout.sent(message))


@invariant(what_is_told_was_sent)
def what_is_fetched_was_sent(companion: Device, message: Message) -> Formula:
    return implies(History.fetched(companion, message), Fanout.sent(message))


@invariant(what_is_bundled_was_sent, what_is_recovered_was_bundled, what_is_told_was_sent, what_is_fetched_was_sent)
def what_is_known_was_sent(device: Device, message: Message) -> Formula:
    return implies(Compromise.knows(device, message), Fanout.sent(message))


@invariant(
    a_recipient_is_on_either_side,
    a_received_message_was_sealed,
    what_is_bundled_was_sent,
    what_is_recovered_was_bundled,
    what_is_bundled_is_for_a_companion,
    no_phone_fetches,
    a_phone_stays_with_its_owner,
)
def what_is_bundled_is_of_the_account(companion: Device, message: Message) -> Formula:
    author = Fanout.author(message)
    bundled = History.bundled(companion, message) & ~Accounts.rogue(author)
    return implies(bundled, on_either_side(message, companion) & genuine(companion) & confirmed(companion))


@invariant(nobody_vouches_for_a_rogue, who_countersigned_has_joined, a_phone_stays_with_its_owner)
def what_is_told_is_for_a_companion(query: Query, message: Message) -> Formula:
    device = Demand.of(query)
    return implies(Demand.told(query, message), Accounts.linked(device) & ~Accounts.rogue(device))


@invariant(
    what_is_bundled_is_of_the_account,
    what_is_told_is_for_a_companion,
    what_is_told_was_sent,
    the_author_has_joined,
    what_is_recovered_was_bundled,
    no_phone_fetches,
    a_recipient_is_on_either_side,
    a_received_message_was_sealed,
    who_shows_a_qr_is_not_linked,
)
def what_is_told_is_of_the_account(query: Query, message: Message) -> Formula:
    device = Demand.of(query)
    told = Demand.told(query, message) & ~Accounts.rogue(Fanout.author(message))
    return implies(told, on_either_side(message, device) & genuine(device) & confirmed(device))


@invariant(
    what_is_told_is_of_the_account,
    what_is_fetched_was_sent,
    the_author_has_joined,
    who_shows_a_qr_is_not_linked,
)
def what_is_fetched_is_of_the_account(companion: Device, message: Message) -> Formula:
    fetched = History.fetched(companion, message)
    own = on_either_side(message, companion) & genuine(companion) & confirmed(companion)
    return implies(fetched, Accounts.linked(companion) & (own | Accounts.rogue(Fanout.author(message))))


@invariant(what_is_told_is_for_a_companion, who_shows_a_qr_is_not_linked, a_phone_stays_with_its_owner)
def what_is_told_is_what_the_phone_has(query: Query, message: Message, phone: Device) -> Formula:
    return implies(Demand.told(query, message) & own_phone(phone, Demand.of(query)), had(phone, message))


@invariant(
    what_is_told_is_what_the_phone_has,
    what_is_fetched_is_of_the_account,
    who_shows_a_qr_is_not_linked,
)
def what_is_fetched_is_what_the_phone_has(companion: Device, message: Message, phone: Device) -> Formula:
    return implies(History.fetched(companion, message) & own_phone(phone, companion), had(phone, message))


@invariant()
def what_is_taken_is_an_answer(query: Query, sender: Device) -> Formula:
    real = Demand.answered(query) & (sender == Demand.to(query))
    return implies(Demand.took(query, sender), real | Demand.counterfeited(query, sender))


@invariant()
def no_honest_phone_answers_with_lies(query: Query, sender: Device) -> Formula:
    honest = Accounts.phone(sender) & ~Accounts.rogue(sender)
    return implies(Demand.counterfeited(query, sender), (sender != Demand.to(query)) & ~honest)


@invariant()
def what_is_imported_was_announced(companion: Device, sender: Device) -> Formula:
    announced = History.shared(sender, companion) | History.counterfeited(sender, companion)
    return implies(History.imported(companion, sender), announced)


@invariant()
def no_honest_phone_counterfeits(sender: Device, companion: Device) -> Formula:
    counterfeited = History.counterfeited(sender, companion) & Accounts.phone(sender)
    return implies(counterfeited, Accounts.rogue(sender))


@invariant()
def a_code_is_over_all_devices(code: Code, device: Device) -> Formula:
    return implies(Codes.shown(code), Codes.covers(code, device) == Codes.means(code, device))
