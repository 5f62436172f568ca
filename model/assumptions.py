"""What the protocol does not ensure, and some would like to assume. Each is a module that leaves moves out.

A known limit of the design (`properties/limits/`) names the assumption under which it is none.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, User
from model.appstate import AppState, Patch, account_of, up_to
from model.backup import Backup, Backups
from model.demand import Demand, Query
from model.ephemeral import Ephemeral
from model.fanout import Fanout, Message, same_account
from model.freshness import Edition, Freshness, Party
from model.groups import Group, Groups, SenderKey, another_of_its_maker
from model.history import History
from model.language import Formula, Module, along, every, implies, some, when
from model.pairings import Hello, Pairing, Pairings
from model.receipts import Notice, Receipt, Receipts
from model.sessions import Sessions
from model.state_loss import MessageKey, StateLoss, of_the_same_ends


class HonestRoster(Module):
    """The server tells no device of a member whom the people in the group do not want in it."""

    @along(Groups.add)
    def only_who_belongs(group: Group, user: User) -> None:
        when(belongs=Groups.belongs(group, user))


class KeysInOrder(Module):
    """The server brings a device no sender key that its maker has retired, once it has brought a later one."""

    @along(Groups.take_key)
    def none_that_is_over(device: Device, key: SenderKey) -> None:
        def later(other: Any) -> Formula:
            return Groups.taken(device, other) & another_of_its_maker(other, key)

        when(not_over=~(Groups.retired(key) & some(SenderKey, later)))


class HonestAuthors(Module):
    """Whoever writes uses a client that follows the protocol."""

    @along(Fanout.forge)
    def never() -> None:
        when(by_the_protocol=False)


class ReceiptsTogether(Module):
    """The server hands over no receipt of a message that still waits for another device of the same account."""

    @along(Receipts.hand_over)
    def nobody_left_to_fetch_it(receipt: Receipt) -> None:
        message, device = Receipts.about(receipt), Receipts.by(receipt)

        def waits(other: Any) -> Formula:
            return same_account(device, other) & Fanout.mailbox(message, other)

        when(fetched_by_all=every(Device, lambda other: ~waits(other)))


class HonestReceipts(Module):
    """The server makes up no receipt."""

    @along(Receipts.hand_over)
    def as_it_was_given(receipt: Receipt) -> None:
        when(given=Receipts.given(receipt))


class HonestNotices(Module):
    """The server says that nothing waits only where nothing does."""

    @along(Receipts.notify)
    def nothing_waits(notice: Notice) -> None:
        device = Receipts.to(notice)
        when(empty=every(Message, lambda message: ~Fanout.mailbox(message, device)))


class OneSequence(Module):
    """The server takes one patch for each version."""

    @along(AppState.part)
    def never() -> None:
        when(honest_order=False)


class NothingHeldBack(Module):
    """The server gives a device that has nothing yet all that there is."""

    @along(AppState.take)
    def takes_all(device: Device, patch: Patch) -> None:
        when(not_new_or_all=some(Patch, lambda other: AppState.applied(device, other)) | all_there_is(device, patch))

    @along(AppState.take_snapshot)
    def is_shown_all(device: Device, patch: Patch) -> None:
        when(all=all_there_is(device, patch))


class OneClock(Module):
    """Clocks agree, and nothing is under way for longer than a message lasts: on its author's device it goes last."""

    @along(Ephemeral.expire)
    def the_author_last(device: Device) -> None:
        def alone(message: Any, other: Any) -> Formula:
            own = Ephemeral.there(device, message) & (Fanout.author(message) == device)
            return implies(own & (other != device), ~Ephemeral.there(other, message))

        when(all_others_before=every(Message, Device, alone))

    @along(Fanout.receive)
    def received_in_time(message: Message) -> None:
        when(in_time=~_is_over(message))

    @along(History.import_)
    def imported_in_time(companion: Device) -> None:
        def over(message: Any) -> Formula:
            return History.bundled(companion, message) & _is_over(message)

        when(in_time=every(Message, lambda message: ~over(message)))

    @along(Demand.take)
    def taken_in_time(query: Query) -> None:
        when(in_time=every(Message, lambda message: ~(Demand.told(query, message) & _is_over(message))))

    @along(Backups.restore)
    def restored_in_time(backup: Backup) -> None:
        when(in_time=every(Message, lambda message: ~(Backups.holds(backup, message) & _is_over(message))))


class NewsAtOnce(Module):
    """The server shows a new list to everybody before anybody writes to its account."""

    @along(Freshness.write)
    def by_the_newest(party: Party, edition: Edition) -> None:
        when(newest=edition == Freshness.current(party))


class PrekeysNeverLack(Module):
    """The server always has a one-time prekey, and gives it."""

    @along(Sessions.begin_bare)
    def there_is_one() -> None:
        when(none_left=False)


class NobodySpeaksForOthers(Module):
    """Who has copied a device reads, and does no more."""

    @along(Sessions.steal)
    def never() -> None:
        when(active=False)


class WrongGuesses(Module):
    """No companion shows a code that the adversary has guessed or will guess."""

    @along(Pairings.show)
    def not_guessed_before(pairing: Pairing) -> None:
        when(not_guessed=~Pairings.guessed(Pairings.code(pairing)))

    @along(Pairings.guess)
    def not_that_of_a_companion(hello: Hello) -> None:
        when(wrong=~Pairings.drawn(Pairings.typed(hello)))

    @along(Pairings.pose)
    def not_that_of_another(pairing: Pairing) -> None:
        when(wrong=~Pairings.drawn(Pairings.code(pairing)))


class NobodyStartsAgain(Module):
    """No device loses its state: who hears another in one session hears it in no other."""

    @along(StateLoss.hear)
    def in_one_session(key: MessageKey) -> None:
        strand = StateLoss.of(key)

        def the_same(other: Any) -> Formula:
            known = StateLoss.gone(other) & of_the_same_ends(StateLoss.of(other), strand)
            return implies(known, StateLoss.of(other) == strand)

        when(in_one_session=every(MessageKey, the_same))


def _is_over(message: Any) -> Formula:
    return Ephemeral.gone(Fanout.author(message), message)


def all_there_is(device: Any, patch: Any) -> Formula:
    def in_it(other: Any) -> Formula:
        there = AppState.written(other) & (account_of(other) == Accounts.account(device))
        return implies(there, up_to(patch, other))

    return every(Patch, in_it)
