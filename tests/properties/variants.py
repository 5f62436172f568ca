"""Variants of the protocol, each wrong in one effect that no dropped guard brings about."""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device
from model.backup import Backups
from model.calls import Call, Calls
from model.compromise import Compromise
from model.demand import Demand, Query
from model.ephemeral import Ephemeral
from model.fanout import Fanout, Message, recipient, same_account
from model.freshness import Edition, Freshness, Party, Reader, outdated
from model.groups import GroupMessage, Groups, SenderKey, counted_in
from model.history import History, had
from model.language import Formula, Module, System, along, either, every, when
from model.linking import Linking
from model.sessions import Chain, Copy, Sessions
from model.systems import MULTI_DEVICE


class Forgetful(Module):
    """A server that keeps nothing for a phone that is switched off."""

    @along(Fanout.send)
    def who_is_away_gets_nothing(message: Message) -> None:
        Fanout.mailbox[message, :] = lambda device: (
            Fanout.mailbox(message, device)
            | (recipient(message, device) & ~(Accounts.phone(device) & Accounts.offline(Accounts.owner(device))))
        )


class SharedKeys(Module):
    """One key for all devices of an account: who copies one has the others'."""

    @along(Compromise.compromise)
    def with_one_key_for_all(device: Device) -> None:
        Compromise.unsealed[device, :, :] = lambda message, addressee: Fanout.sealed(message, addressee)


class WholeChains(Module):
    """A sender key is handed out as it was when it was drawn: who joins reads what was before."""

    @along(Groups.send)
    def from_the_beginning(message: GroupMessage, key: SenderKey) -> None:
        Groups.reached[:, :] = lambda other, device: (
            Groups.reached(other, device)
            | ((other == message) & Groups.handed(key, device))
            | (((other == message) | Groups.under(other, key)) & counted_in(message, device))
        )


class ComingBack(Module):
    """What has disappeared from a companion comes back with the history, since the phone has it still."""

    @along(History.import_)
    def whatever_is_in_it(companion: Device) -> None:
        Ephemeral.there[companion, :] = lambda message: (
            Ephemeral.there(companion, message) | (Fanout.timed(message) & History.bundled(companion, message))
        )


class BusyLines(Module):
    """A device writes nothing while it talks."""

    @along(Fanout.send)
    def after_the_call(message: Message) -> None:
        author = Fanout.author(message)
        when(no_call=every(Call, lambda call: ~Calls.talking(author, call)))


class DerivedKeys(Module):
    """The key for backups is made of one that all devices of the account have."""

    @along(Compromise.compromise)
    def with_what_any_device_has(device: Device) -> None:
        Backups.read[:] = lambda backup: (
            Backups.read(backup) | (Backups.made(backup) & same_account(Backups.of(backup), device))
        )


class FreshStart(Module):
    """Who links a companion loses the backup."""

    @along(Linking.scan)
    def without_backups(phone: Device) -> None:
        Backups.holds[:, :] = lambda backup, message: Backups.holds(backup, message) & (Backups.of(backup) != phone)


class KeptKeys(Module):
    """The key of a message is still there once it was opened."""

    @along(Sessions.snapshot)
    def with_all_that_ever_came(copy: Copy) -> None:
        end = Sessions.original(copy)

        def came(note: Any) -> Formula:
            session = Sessions.place(note)
            its_own = (end == Sessions.caller(session)) | (end == Sessions.called(session))
            return Sessions.opened(note) & its_own

        Sessions.known[:] = lambda note: Sessions.known(note) | came(note)


class SymmetricOnly(Module):
    """An answer comes with no fresh key: who can read a chain can read what answers it."""

    @along(Sessions.open_)
    def with_the_keys_from_before(chain: Chain, answer: Chain) -> None:
        Sessions.leaked[answer] = Sessions.leaked(answer) | Sessions.leaked(chain)


class PackedOnceMore(Module):
    """A phone packs whatever it ever had."""

    @along(History.share)
    def with_what_has_gone(phone: Device, companion: Device) -> None:
        History.bundled[companion, :] = lambda message: History.bundled(companion, message) | had(phone, message)


class DeafEars(Module):
    """What messages say of newer lists is not listened to."""

    @along(Freshness.hear)
    def all_stays_as_it_was(reader: Reader, party: Party) -> None:
        Freshness.in_doubt[reader, party] = Freshness.in_doubt(reader, party)
        Freshness.expects[reader, party] = Freshness.expects(reader, party)


class FirstWord(Module):
    """Of two newer lists that were spoken of, the first is awaited alone."""

    @along(Freshness.hear)
    def what_was_said_first_counts(reader: Reader, party: Party, edition: Edition) -> None:
        Freshness.expects[reader, party] = either(
            Freshness.older(Freshness.view(reader, party), edition) & ~outdated(reader, party),
            edition,
            Freshness.expects(reader, party),
        )


class AnybodysWord(Module):
    """Whoever speaks of a newer list is believed."""

    @along(Freshness.overhear)
    def as_if_its_own_account_had(reader: Reader, party: Party, edition: Edition) -> None:
        Freshness.expects[reader, party] = edition


class ClingingOn(Module):
    """A companion whose own list has expired stays where it is."""

    @along(Freshness.check)
    def without_leaving(reader: Reader) -> None:
        Freshness.left[reader] = Freshness.left(reader)


class PhoneKnowsBest(Module):
    """Whatever the phone tells takes the place of what is there."""

    @along(Demand.take)
    def over_what_is_there(query: Query) -> None:
        companion = Demand.of(query)
        History.fetched[companion, :] = lambda message: (
            History.fetched(companion, message) | Demand.told(query, message)
        )


FORGETFUL = System("forgetful", *MULTI_DEVICE.modules, Forgetful)
SHARED_KEYS = System("shared_keys", *MULTI_DEVICE.modules, SharedKeys)
WHOLE_CHAINS = System("whole_chains", *MULTI_DEVICE.modules, WholeChains)
ONE_THING_AT_A_TIME = System("one_thing_at_a_time", *MULTI_DEVICE.modules, BusyLines)
ONE_KEY_FOR_ALL = System("one_key_for_all", *MULTI_DEVICE.modules, DerivedKeys)
SWEPT_WHEN_LINKED = System("swept_when_linked", *MULTI_DEVICE.modules, FreshStart)
HOARDING = System("hoarding", *MULTI_DEVICE.modules, KeptKeys)
STUCK = System("stuck", *MULTI_DEVICE.modules, SymmetricOnly)
RETURNING = System("returning", *MULTI_DEVICE.modules, ComingBack)
OVERWRITING = System("overwriting", *MULTI_DEVICE.modules, PhoneKnowsBest)
EVERLASTING = System("everlasting", *MULTI_DEVICE.modules, PackedOnceMore)
DEAF = System("deaf", *MULTI_DEVICE.modules, DeafEars)
HASTY = System("hasty", *MULTI_DEVICE.modules, FirstWord)
GULLIBLE = System("gullible", *MULTI_DEVICE.modules, AnybodysWord)
CLINGING = System("clinging", *MULTI_DEVICE.modules, ClingingOn)
