"""The adversary, one capability at a time: what is left of the protocol's moves where it lacks that capability.

`against("N C")` is the protocol with the network and malicious contacts against it, and nothing else. Whatever is left
out makes a world in which fewer moves are possible, so what is proven of the protocol holds in all of them; of interest
is what goes wrong there once a condition is dropped.

Source: the threat model, with its letters. Devices of the adversary's are of two kinds: those of an account of its own
(a contact), and those that claim to be of an honest account, which only the network can bring anybody to talk to.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from model.accounts import Accounts, Device, User
from model.appstate import AppState, Patch, SyncKey
from model.assumptions import (
    HonestNotices,
    HonestReceipts,
    HonestRoster,
    NobodySpeaksForOthers,
    OneSequence,
    all_there_is,
)
from model.backup import Backup, Backups
from model.calls import Call, Calls
from model.compromise import Compromise
from model.demand import Demand, Query
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message
from model.freshness import Edition, Freshness, Party, Reader, expired
from model.groups import GroupMessage, Groups, SenderKey
from model.history import History
from model.language import Formula, ModelError, Module, System, along, every, implies, some, when
from model.linking import Linking
from model.pairings import Hello, Newcomer, Pairing, Pairings, Primary
from model.renewals import Fellow, Renewals, Roster
from model.retry import Request, Retries
from model.sessions import Note, Prekey, Session, Sessions
from model.state_loss import MessageKey, StateLoss
from model.systems import MULTI_DEVICE, SYSTEMS


class WithoutNetwork(Module):
    """N: server and network bring everything to whom it is for, once, and make nothing up."""

    @along(DeviceLists.show)
    def the_newest_list(user: User, list: DeviceList) -> None:
        when(honest_network=list == DeviceLists.current(user))

    @along(Linking.confirm)
    def an_approval_for_this_qr(companion: Device, user: User) -> None:
        when(honest_network=Linking.shares_secret(user, companion) & ~Accounts.linked(companion))

    @along(Fanout.meet)
    def a_bundle_of_a_device_that_is(other: Device) -> None:
        when(honest_network=~ghost(other))

    @along(Fanout.receive)
    def what_waits(device: Device, message: Message, addressee: Device) -> None:
        when(honest_network=(addressee == device) & Fanout.mailbox(message, device))

    @along(Fanout.forge)
    def no_ghost_writes(message: Message) -> None:
        when(honest_network=~ghost(Fanout.author(message)))

    @along(History.counterfeit)
    def no_ghost_brings_history(sender: Device) -> None:
        when(honest_network=~ghost(sender))

    @along(History.swap)
    def the_blob_stays() -> None:
        when(honest_network=False)

    @along(History.import_)
    def history_once(companion: Device, sender: Device) -> None:
        when(honest_network=History.key(sender, companion))

    @along(Groups.take_key)
    def each_key_once(device: Device, key: SenderKey) -> None:
        when(honest_network=Groups.handed(key, device) & ~Groups.taken(device, key))

    @along(Groups.receive)
    def each_group_message_once(device: Device, message: GroupMessage, sender: Device) -> None:
        when(honest_network=(sender == Groups.author(message)) & ~Groups.accepted(device, message, sender))

    @along(Groups.hand_out)
    def no_ghost_hands_out_keys(key: SenderKey) -> None:
        when(honest_network=~ghost(Groups.maker(key)))

    @along(Groups.forge)
    def no_ghost_speaks_in_groups(message: GroupMessage, insider: Device) -> None:
        when(honest_network=~ghost(Groups.author(message)) & ~ghost(insider))

    @along(AppState.take_keys)
    def sync_keys_once(companion: Device, key: SyncKey) -> None:
        when(honest_network=AppState.shared(companion, key, key) & ~AppState.took(companion, key))

    @along(AppState.counterfeit)
    def no_ghost_shares_sync_keys(key: SyncKey) -> None:
        when(honest_network=~ghost(AppState.maker(key)))

    @along(AppState.take)
    def patches_in_order(device: Device, patch: Patch) -> None:
        def there(other: Any) -> Formula:
            return implies(AppState.follows(patch, other), AppState.applied(device, other))

        when(honest_network=AppState.written(patch) & ~AppState.applied(device, patch) & every(Patch, there))

    @along(AppState.take_snapshot)
    def the_newest_state(device: Device, patch: Patch) -> None:
        when(honest_network=AppState.written(patch) & all_there_is(device, patch))

    @along(AppState.forge)
    def no_ghost_writes_state(patch: Patch) -> None:
        when(honest_network=~ghost(AppState.author(patch)))

    @along(Calls.forge)
    def no_ghost_calls(call: Call) -> None:
        when(honest_network=~ghost(Calls.caller(call)))

    @along(Calls.answer_as)
    def no_ghost_answers(device: Device) -> None:
        when(honest_network=~ghost(device))

    @along(Calls.ring)
    def an_offer_once(device: Device, call: Call, addressee: Device) -> None:
        when(honest_network=(addressee == device) & Calls.keyed(call, device) & ~Calls.heard(device, call))

    @along(Calls.connect)
    def an_answer_once(call: Call, device: Device) -> None:
        when(honest_network=Calls.answered(call, device) & ~Calls.joined(call, device))

    @along(Backups.restore)
    def ones_own_backup(phone: Device, backup: Backup) -> None:
        when(honest_network=Backups.of(backup) == phone)

    @along(Sessions.begin)
    def each_prekey_once(prekey: Prekey) -> None:
        when(honest_network=every(Session, lambda other: ~Sessions.uses(other, prekey)))

    @along(Sessions.begin_bare)
    def only_when_there_is_none(session: Session) -> None:
        def given(prekey: Any) -> Formula:
            its = Sessions.owner(prekey) == Sessions.called(session)
            return implies(its, some(Session, lambda other: Sessions.uses(other, prekey)))

        when(honest_network=every(Prekey, given))

    @along(Sessions.open_)
    def notes_once(note: Note) -> None:
        when(honest_network=~Sessions.opened(note))

    @along(Retries.answer)
    def requests_of_who_asks(request: Request) -> None:
        device = Retries.of(request)
        when(honest_network=(Retries.keys(request) == device) & ~ghost(device))

    @along(Freshness.show)
    def the_newest_edition(party: Party, edition: Edition) -> None:
        when(honest_network=edition == Freshness.current(party))

    @along(Freshness.check)
    def whoever_asks_is_answered(reader: Reader) -> None:
        def newest(party: Any) -> Formula:
            current = Freshness.view(reader, party) == Freshness.current(party)
            return implies(Freshness.in_force(reader, party) & expired(reader, party), current)

        when(honest_network=every(Party, newest))

    @along(Pairings.pose)
    def no_guessing() -> None:
        when(honest_network=False)

    @along(Pairings.guess)
    def no_guessing_either() -> None:
        when(honest_network=False)

    @along(Pairings.answer)
    def to_whom_it_answers(pairing: Pairing, hello: Hello, named: Primary) -> None:
        when(honest_network=(Pairings.about(hello) == pairing) & (Pairings.by(hello) == named))

    @along(Pairings.finish)
    def from_whom_it_is(hello: Hello, claimed: Newcomer) -> None:
        when(honest_network=Pairings.of(Pairings.about(hello)) == claimed)

    @along(Pairings.confirm)
    def an_approval_for_this_answer(pairing: Pairing, hello: Hello, primary: Primary) -> None:
        when(honest_network=(Pairings.about(hello) == pairing) & (Pairings.by(hello) == primary))

    @along(Renewals.meet)
    def a_bundle_of_whom_the_list_names(fellow: Fellow, roster: Roster) -> None:
        when(honest_network=as_it_is(fellow, roster))

    @along(Renewals.hear)
    def a_message_of_whom_the_list_names(fellow: Fellow, roster: Roster) -> None:
        when(honest_network=as_it_is(fellow, roster))

    @along(StateLoss.hear)
    def remarks_once(key: MessageKey) -> None:
        when(honest_network=~StateLoss.gone(key))

    @along(Demand.pretend)
    def no_ghost_asks(query: Query) -> None:
        when(honest_network=~ghost(Demand.of(query)))

    @along(Demand.counterfeit)
    def no_ghost_answers_queries(sender: Device) -> None:
        when(honest_network=~ghost(sender))

    @along(Demand.swap)
    def answers_stay() -> None:
        when(honest_network=False)

    @along(Demand.take)
    def answers_once(query: Query, sender: Device) -> None:
        when(honest_network=~Demand.took(query, sender))


class WithoutContacts(Module):
    """C: who has an account of its own follows the protocol, but in groups that want it (M)."""

    @along(Linking.vouch_unseen)
    def vouches_for_nobody() -> None:
        when(honest_contact=False)

    @along(Fanout.forge)
    def writes_by_the_protocol(message: Message) -> None:
        when(honest_contact=~contact(Fanout.author(message)))

    @along(History.counterfeit)
    def brings_no_history(sender: Device) -> None:
        when(honest_contact=~contact(sender))

    @along(Groups.hand_out)
    def stays_out_of_groups(key: SenderKey) -> None:
        when(honest_contact=~contact(Groups.maker(key)) | member_of(Groups.maker(key), Groups.of(key)))

    @along(Groups.forge)
    def says_nothing_in_them(message: GroupMessage, insider: Device) -> None:
        when(honest_contact=~contact(insider) | member_of(insider, Groups.place(message)))

    @along(AppState.counterfeit)
    def shares_no_sync_keys(key: SyncKey) -> None:
        when(honest_contact=~contact(AppState.maker(key)))

    @along(AppState.forge)
    def writes_no_state(patch: Patch) -> None:
        when(honest_contact=~contact(AppState.author(patch)))

    @along(Calls.forge)
    def calls_by_the_protocol(call: Call) -> None:
        when(honest_contact=~contact(Calls.caller(call)))

    @along(Calls.answer_as)
    def answers_by_the_protocol(device: Device) -> None:
        when(honest_contact=~contact(device))

    @along(Freshness.hear)
    def speaks_of_lists_that_are(party: Party) -> None:
        when(honest_contact=~Freshness.rogue(party))

    @along(Freshness.overhear)
    def of_those_of_others_too(party: Party, edition: Edition) -> None:
        when(honest_contact=Freshness.signed(party, edition))

    @along(Pairings.vouch_unasked)
    def approves_of_nobody() -> None:
        when(honest_contact=False)

    @along(Demand.pretend)
    def asks_for_nothing(query: Query) -> None:
        when(honest_contact=~contact(Demand.of(query)))

    @along(Demand.counterfeit)
    def answers_nothing(sender: Device) -> None:
        when(honest_contact=~contact(sender))


class WithoutMembers(Module):
    """M: who is wanted in a group follows the protocol there."""

    @along(Groups.hand_out)
    def hands_out_by_the_protocol(key: SenderKey) -> None:
        when(honest_member=~member_of(Groups.maker(key), Groups.of(key)))

    @along(Groups.forge)
    def speaks_by_the_protocol(message: GroupMessage, insider: Device) -> None:
        when(honest_member=~member_of(insider, Groups.place(message)))


class WithoutFormerCompanions(Module):
    """R: what the adversary has copied is never unlinked, and what is unlinked it does not get."""

    @along(Linking.unlink)
    def forgets_all(companion: Device) -> None:
        when(nothing_kept=~Accounts.compromised(companion))

    @along(Compromise.compromise)
    def keeps_nothing(device: Device) -> None:
        when(nothing_kept=~unlinked(device))


class WithoutCopies(Module):
    """P: the adversary copies nothing, but from a companion that was unlinked (R)."""

    @along(Compromise.compromise)
    def only_what_was_unlinked(device: Device) -> None:
        when(nothing_copied=unlinked(device))

    @along(Sessions.snapshot)
    def no_copy() -> None:
        when(nothing_copied=False)

    @along(StateLoss.steal)
    def no_copy_of_a_copy() -> None:
        when(nothing_copied=False)


class WithoutImpostors(Module):
    """A: who has copied a device does not speak as that device."""

    @along(Compromise.use_secret)
    def uses_no_secret() -> None:
        when(nobody_posing=False)

    @along(History.counterfeit)
    def sends_no_history(sender: Device) -> None:
        when(nobody_posing=Accounts.rogue(sender))

    @along(AppState.counterfeit)
    def sends_no_sync_keys(key: SyncKey) -> None:
        when(nobody_posing=Accounts.rogue(AppState.maker(key)))

    @along(Demand.counterfeit)
    def sends_no_answer(sender: Device) -> None:
        when(nobody_posing=Accounts.rogue(sender))

    @along(StateLoss.steal)
    def begins_none_after_a_loss() -> None:
        when(nobody_posing=False)


class WithoutSetbacks(Module):
    """B: no device starts again from an old copy of itself."""

    @along(StateLoss.start_again)
    def goes_on() -> None:
        when(no_setback=False)


WITHOUT: dict[str, tuple[type[Module], ...]] = {
    "N": (WithoutNetwork, HonestRoster, HonestReceipts, HonestNotices, OneSequence),
    "C": (WithoutContacts,),
    "M": (WithoutMembers,),
    "R": (WithoutFormerCompanions,),
    "P": (WithoutCopies,),
    "A": (WithoutImpostors, NobodySpeaksForOthers),
    "B": (WithoutSetbacks,),
}


def against(capabilities: str) -> System:
    """The protocol against an adversary that has these, letters of the threat model. ModelError for any other."""
    letters = [letter for letter in capabilities.upper() if letter not in " ,"]
    if unknown := [letter for letter in letters if letter not in WITHOUT]:
        raise ModelError(f"no adversary has a capability {unknown[0]!r}; there are {', '.join(WITHOUT)}")
    return _lacking(frozenset(WITHOUT) - frozenset(letters))


@cache
def _lacking(letters: frozenset[str]) -> System:
    """One system for each adversary, so that what is read of it is read once."""
    missing = [module for letter, modules in WITHOUT.items() if letter in letters for module in modules]
    return System(MULTI_DEVICE.name, *MULTI_DEVICE.modules, *missing) if missing else MULTI_DEVICE


def capabilities_in(system: System) -> str:
    """The letters of what the adversary has there: `N C`."""
    return " ".join(letter for letter, (module, *_) in WITHOUT.items() if module not in system.modules)


def told(system: System) -> str:
    """`against N C alone`; nothing where the adversary has all that there is."""
    letters = capabilities_in(system)
    return "" if letters == " ".join(WITHOUT) else f"against {letters} alone" if letters else "against nobody"


def to_json(system: System) -> dict[str, str]:
    """The system by name, with the adversary if that lacks something: for whoever makes the same system again."""
    return {"system": system.name, **({"adversary": capabilities_in(system)} if told(system) else {})}


def from_json(data: Mapping[str, Any]) -> System:
    """What `to_json` wrote. ModelError if that is no system, or none with such an adversary."""
    if data["system"] not in list(SYSTEMS):
        raise ModelError(f"unknown system {data['system']!r}; there are: {', '.join(SYSTEMS)}")
    if data.get("adversary") is None:
        return SYSTEMS[data["system"]]
    if data["system"] != MULTI_DEVICE.name:
        raise ModelError(f"the adversary of {data['system']} has all that there is; leave out 'adversary'")
    return against(str(data["adversary"]))


def contact(device: Any) -> Formula:
    """A device of the adversary's, of an account of its own."""

    def home(phone: Any) -> Formula:
        return Accounts.phone(phone) & Accounts.rogue(phone) & (Accounts.owner(phone) == Accounts.owner(device))

    return Accounts.rogue(device) & some(Device, home)


def ghost(device: Any) -> Formula:
    """A device of the adversary's that claims to be of an honest account."""
    return Accounts.rogue(device) & ~contact(device)


def member_of(device: Any, group: Any) -> Formula:
    return contact(device) & Groups.belongs(group, Accounts.account(device))


def unlinked(device: Any) -> Formula:
    """Its account's phone has taken it off the list."""
    return DeviceLists.retired(DeviceLists.current(Accounts.account(device)), Accounts.index(device))


def as_it_is(fellow: Any, roster: Any) -> Formula:
    """The list was signed under the registration that the companion was linked under, and that is of the usual type."""
    return (Renewals.under(fellow) == Renewals.signed(roster)) & ~Renewals.hosted(fellow)
