"""Sorts of which only some scopes have elements: groups, patches and the like.

Each is a row of KINDS. Where a scope says nothing of it, the sort is empty, and with it whatever is about it:
its relations take no room in a state, and its actions do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_type_hints

from model.accounts import User
from model.appstate import AppState, Patch, SyncKey
from model.backup import Backup, Backups
from model.calls import Call, Calls
from model.codes import Code, Codes
from model.demand import Demand, Query
from model.freshness import Edition, Freshness, Party, Reader
from model.groups import Group, GroupMessage, Groups, SenderKey
from model.identities import Contact, Identities, Letter, Registration, Watcher
from model.language import ModelError, Relation, Sort
from model.pairings import Hello, Newcomer, Pairing, Pairings, Primary, ShortCode
from model.receipts import Notice, Receipt, Receipts
from model.renewals import Fellow, Renewals, Roster
from model.retry import Request, Retries
from model.sessions import Chain, Copy, End, Note, Prekey, Session, Sessions
from model.state_loss import MessageKey, Remark, Save, StateLoss, Strand

if TYPE_CHECKING:
    from model.scope import Scope

EARLY = 3  # chains, of which a copy may tell all where no one-time prekey stood behind the session
Frozen = dict[Relation, dict[tuple[int, ...], int]]


@dataclass(frozen=True, eq=False)  # a kind is itself alone
class Kind:
    """A sort with few scopes. `key` names its elements in `Scope(..., groups=[...])` and in the JSON of a scope.

    Each element is a `spec`: a frozen dataclass of plain values (text, number, truth), the first of them its `name`.
    `said` are the frozen relations that a field of it spells out: the name of the element that they give; `derived`
    gives those that follow from all specs of a scope.
    """

    key: str
    sort: type[Sort]
    spec: type[Any]
    said: Mapping[Relation, str] = field(default_factory=dict)
    derived: Callable[[Scope], Frozen] = lambda scope: {}

    def frozen(self, scope: Scope) -> Frozen:
        """The values of the frozen relations about these elements."""
        rows, said = list(enumerate(scope.more[self.key])), Frozen()
        for relation, name in self.said.items():
            assert issubclass(relation.gives, Sort)
            said[relation] = {(i,): scope.element(relation.gives, getattr(row, name)) for i, row in rows}
        return said | self.derived(scope)

    @property
    def columns(self) -> list[type]:
        """The types of the values of a spec, in order."""
        return list(get_type_hints(self.spec).values())


@dataclass(frozen=True)
class GroupSpec:
    """A group, and the users whom the people in it want in it, with spaces between."""

    name: str
    belong: str


@dataclass(frozen=True)
class SenderKeySpec:
    """One sender key of a device for a group."""

    name: str
    maker: str
    group: str


@dataclass(frozen=True)
class GroupMessageSpec:
    """What a device says in a group."""

    name: str
    author: str
    group: str


def _groups(scope: Scope) -> Frozen:
    users, rows = scope.names[User], list(enumerate(scope.more["groups"]))
    return {
        Groups.belongs: {(i, u): int(user in row.belong.split()) for i, row in rows for u, user in enumerate(users)}
    }


@dataclass(frozen=True)
class SyncKeySpec:
    """A key for app state, and who draws it; those of a scope are in the order of their epochs."""

    name: str
    maker: str


@dataclass(frozen=True)
class PatchSpec:
    """A patch of app state: who writes it under which key, on top of which other patch (none if that is "")."""

    name: str
    author: str
    key: str
    after: str


def _sync_keys(scope: Scope) -> Frozen:
    numbers = range(len(scope.more["sync_keys"]))
    return {AppState.earlier: {(i, j): int(i < j) for i in numbers for j in numbers}}


def _patches(scope: Scope) -> Frozen:
    rows = scope.more["patches"]
    before: list[list[int]] = []  # what a patch follows; a patch is named after those
    for i, row in enumerate(rows):
        last = scope.element(Patch, row.after) if row.after else None
        if last is not None and last >= i:
            raise ModelError(f"patch {row.name!r} of the scope comes after {row.after!r}, which is to be named first")
        before.append([] if last is None else [*before[last], last])
    pairs = [(i, j) for i in range(len(rows)) for j in range(len(rows))]
    return {
        AppState.follows: {(i, j): int(j in before[i]) for i, j in pairs},
        AppState.lower: {(i, j): int(len(before[i]) < len(before[j])) for i, j in pairs},
    }


@dataclass(frozen=True)
class CallSpec:
    """A call: which device makes it, and to whom."""

    name: str
    caller: str
    callee: str


@dataclass(frozen=True)
class BackupSpec:
    """A backup, and the phone that makes it."""

    name: str
    phone: str


@dataclass(frozen=True)
class EndSpec:
    """A device, as far as its sessions go."""

    name: str


@dataclass(frozen=True)
class PrekeySpec:
    """A one-time prekey, and whose it is."""

    name: str
    owner: str


@dataclass(frozen=True)
class SessionSpec:
    """A session, who begins it, and with whom."""

    name: str
    caller: str
    called: str


@dataclass(frozen=True)
class ChainSpec:
    """A chain of a session; those of one session are by turns, in the order of a scope."""

    name: str
    session: str


@dataclass(frozen=True)
class NoteSpec:
    """What an end says in a session."""

    name: str
    author: str
    session: str


@dataclass(frozen=True)
class CopySpec:
    """A snapshot, and of which end."""

    name: str
    original: str


def _chains(scope: Scope) -> Frozen:
    within = [scope.element(Session, row.session) for row in scope.more["chains"]]
    places = [within[:i].count(session) for i, session in enumerate(within)]
    sessions = scope.more["sessions"]
    numbers = range(len(within))
    same = {(i, j): within[i] == within[j] for i in numbers for j in numbers}
    turns = ("caller", "called")
    return {
        Sessions.by: {(i,): scope.element(End, getattr(sessions[within[i]], turns[places[i] % 2])) for i in numbers},
        Sessions.before: {(i, j): int(same[i, j] and places[i] < places[j]) for i, j in same},
        Sessions.next: {(i, j): int(same[i, j] and places[i] + 1 == places[j]) for i, j in same},
        Sessions.first: {(i,): int(places[i] == 0) for i in numbers},
        Sessions.early: {(i,): int(places[i] < EARLY) for i in numbers},
    }


@dataclass(frozen=True)
class ContactSpec:
    """An account that is spoken to."""

    name: str


@dataclass(frozen=True)
class WatcherSpec:
    """A device that speaks to contacts."""

    name: str


@dataclass(frozen=True)
class RegistrationSpec:
    """An account key of a contact; the first of each is the original."""

    name: str
    contact: str


@dataclass(frozen=True)
class LetterSpec:
    """What a watcher says to a contact."""

    name: str
    watcher: str
    contact: str


def _registrations(scope: Scope) -> Frozen:
    contacts = [row.contact for row in scope.more["registrations"]]
    return {Identities.original: {(i,): int(contact not in contacts[:i]) for i, contact in enumerate(contacts)}}


@dataclass(frozen=True)
class RequestSpec:
    """A request for a message, in the name of a device, with the prekeys of one."""

    name: str
    message: str
    device: str
    keys: str


@dataclass(frozen=True)
class ReceiptSpec:
    """What a device says of a message."""

    name: str
    message: str
    device: str


@dataclass(frozen=True)
class NoticeSpec:
    """What the server tells a device of its mailbox."""

    name: str
    device: str


@dataclass(frozen=True)
class PartySpec:
    """An account with companions; if it is rogue, its devices speak of lists that do not exist."""

    name: str
    rogue: bool


@dataclass(frozen=True)
class EditionSpec:
    """A device list, and of which party; those of a scope are in the order of their dates."""

    name: str
    party: str


@dataclass(frozen=True)
class ReaderSpec:
    """A device that writes to parties, and of which of them it is a companion (of none if that is "")."""

    name: str
    home: str


def _editions(scope: Scope) -> Frozen:
    parties, editions = list(enumerate(scope.more["parties"])), list(enumerate(scope.more["editions"]))
    whose = [scope.element(Party, edition.party) for _, edition in editions]
    if missing := [party.name for i, party in parties if i not in whose]:
        raise ModelError(f"party {missing[0]!r} of the scope has no edition; it needs one to begin with")
    return {
        Freshness.of: {(i, j): int(whose[j] == i) for i, _ in parties for j, _ in editions},
        Freshness.older: {(i, j): int(i < j) for i, _ in editions for j, _ in editions},
        Freshness.first: {(i,): whose.index(i) for i, _ in parties},
        Freshness.rogue: {(i,): int(party.rogue) for i, party in parties},
    }


def _readers(scope: Scope) -> Frozen:
    parties = range(len(scope.more["parties"]))
    homes = [scope.element(Party, row.home) if row.home else None for row in scope.more["readers"]]
    return {Freshness.home: {(i, j): int(home == j) for i, home in enumerate(homes) for j in parties}}


@dataclass(frozen=True)
class CodeSpec:
    """A security code: which device shows it, and the other account that it is about."""

    name: str
    device: str
    other: str


def _codes(scope: Scope) -> Frozen:
    owners = {device.name: device.owner for device in scope.devices}
    rows, users = list(enumerate(scope.more["codes"])), list(enumerate(scope.names[User]))
    return {
        Codes.between: {(i, u): int(user in (owners[row.device], row.other)) for i, row in rows for u, user in users}
    }


@dataclass(frozen=True)
class NewcomerSpec:
    """A companion that asks to be linked by code; `strange` that it is the adversary's."""

    name: str
    strange: bool


@dataclass(frozen=True)
class PrimarySpec:
    """A phone that codes are typed on; `posing` that it is the adversary's."""

    name: str
    posing: bool


@dataclass(frozen=True)
class ShortCodeSpec:
    """An eight-character code."""

    name: str


@dataclass(frozen=True)
class PairingSpec:
    """A companion_hello: of which companion, under which code."""

    name: str
    newcomer: str
    code: str


@dataclass(frozen=True)
class HelloSpec:
    """A primary_hello: of which phone, which companion_hello it was given, and the code that is typed on it."""

    name: str
    primary: str
    pairing: str
    code: str


def _newcomers(scope: Scope) -> Frozen:
    return {Pairings.strange: {(i,): int(row.strange) for i, row in enumerate(scope.more["newcomers"])}}


def _primaries(scope: Scope) -> Frozen:
    return {Pairings.posing: {(i,): int(row.posing) for i, row in enumerate(scope.more["primaries"])}}


@dataclass(frozen=True)
class FellowSpec:
    """A companion of a contact, linked under a registration; `hosted` that the account signed for it as for such."""

    name: str
    registration: str
    hosted: bool


@dataclass(frozen=True)
class RosterSpec:
    """The list of devices of a registration."""

    name: str
    registration: str


def _fellows(scope: Scope) -> Frozen:
    return {Renewals.hosted: {(i,): int(row.hosted) for i, row in enumerate(scope.more["fellows"])}}


@dataclass(frozen=True)
class QuerySpec:
    """A request of a phone, in the name of a device, for the older messages that it has exchanged with a user."""

    name: str
    device: str
    phone: str
    chat: str


def _queries(scope: Scope) -> Frozen:
    owners = {device.name: device.owner for device in scope.devices}
    about: dict[tuple[int, ...], int] = {}
    for i, query in enumerate(scope.more["queries"]):
        for j, message in enumerate(scope.messages):
            about[i, j] = int({owners[message.author], message.to} == {owners[query.phone], query.chat})
    return {Demand.about: about}


@dataclass(frozen=True)
class StrandSpec:
    """A session, as far as it carries what its speaker says to its listener."""

    name: str
    speaker: str
    listener: str


@dataclass(frozen=True)
class MessageKeySpec:
    """A message key of a strand; those of one strand are in the order of a scope."""

    name: str
    strand: str


@dataclass(frozen=True)
class RemarkSpec:
    """What an end says to another."""

    name: str
    author: str
    to: str


@dataclass(frozen=True)
class SaveSpec:
    """A copy that an end keeps of itself."""

    name: str
    original: str


def _message_keys(scope: Scope) -> Frozen:
    strands = list(enumerate(row.strand for row in scope.more["message_keys"]))
    return {StateLoss.sooner: {(i, j): int(one == other and i < j) for i, one in strands for j, other in strands}}


KINDS: list[Kind] = [
    Kind("groups", Group, GroupSpec, derived=_groups),
    Kind("sender_keys", SenderKey, SenderKeySpec, {Groups.maker: "maker", Groups.of: "group"}),
    Kind("group_messages", GroupMessage, GroupMessageSpec, {Groups.author: "author", Groups.place: "group"}),
    Kind("sync_keys", SyncKey, SyncKeySpec, {AppState.maker: "maker"}, _sync_keys),
    Kind("patches", Patch, PatchSpec, {AppState.author: "author", AppState.under: "key"}, _patches),
    Kind("calls", Call, CallSpec, {Calls.caller: "caller", Calls.callee: "callee"}),
    Kind("backups", Backup, BackupSpec, {Backups.of: "phone"}),
    Kind("ends", End, EndSpec),
    Kind("prekeys", Prekey, PrekeySpec, {Sessions.owner: "owner"}),
    Kind("sessions", Session, SessionSpec, {Sessions.caller: "caller", Sessions.called: "called"}),
    Kind("chains", Chain, ChainSpec, {Sessions.within: "session"}, _chains),
    Kind("notes", Note, NoteSpec, {Sessions.author: "author", Sessions.place: "session"}),
    Kind("copies", Copy, CopySpec, {Sessions.original: "original"}),
    Kind("requests", Request, RequestSpec, {Retries.about: "message", Retries.of: "device", Retries.keys: "keys"}),
    Kind("receipts", Receipt, ReceiptSpec, {Receipts.about: "message", Receipts.by: "device"}),
    Kind("notices", Notice, NoticeSpec, {Receipts.to: "device"}),
    Kind("queries", Query, QuerySpec, {Demand.of: "device", Demand.to: "phone"}, _queries),
    Kind("strands", Strand, StrandSpec, {StateLoss.speaker: "speaker", StateLoss.listener: "listener"}),
    Kind("message_keys", MessageKey, MessageKeySpec, {StateLoss.of: "strand"}, _message_keys),
    Kind("remarks", Remark, RemarkSpec, {StateLoss.author: "author", StateLoss.to: "to"}),
    Kind("saves", Save, SaveSpec, {StateLoss.original: "original"}),
    Kind("contacts", Contact, ContactSpec),
    Kind("watchers", Watcher, WatcherSpec),
    Kind("registrations", Registration, RegistrationSpec, {Identities.of: "contact"}, _registrations),
    Kind("letters", Letter, LetterSpec, {Identities.by: "watcher", Identities.to: "contact"}),
    Kind("parties", Party, PartySpec),
    Kind("editions", Edition, EditionSpec, derived=_editions),
    Kind("readers", Reader, ReaderSpec, derived=_readers),
    Kind("codes", Code, CodeSpec, {Codes.by: "device"}, _codes),
    Kind("newcomers", Newcomer, NewcomerSpec, derived=_newcomers),
    Kind("primaries", Primary, PrimarySpec, derived=_primaries),
    Kind("short_codes", ShortCode, ShortCodeSpec),
    Kind("pairings", Pairing, PairingSpec, {Pairings.of: "newcomer", Pairings.code: "code"}),
    Kind("hellos", Hello, HelloSpec, {Pairings.by: "primary", Pairings.about: "pairing", Pairings.typed: "code"}),
    Kind("fellows", Fellow, FellowSpec, {Renewals.under: "registration"}, _fellows),
    Kind("rosters", Roster, RosterSpec, {Renewals.signed: "registration"}),
]
