"""One device: its keys, whom it trusts, whom it knows, what it has read. Each step has a file of its own.

White paper, "Terms"; where a table is used, its source is named. Sans-IO: every method takes what arrived and returns
what to hand on; `now` is in seconds. A method that raises has changed nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from impl import (
    attachments,
    calls,
    consistency,
    ephemeral,
    fanout,
    identity,
    list_expiry,
    lists,
    names,
    outbox,
    prekeys,
    receiving,
    retry,
    state_loss,
    viewonce,
)
from impl.address import Address
from impl.appstate import syncing
from impl.appstate.actions import Action
from impl.appstate.effects import Setting
from impl.appstate.mutation import Entry
from impl.appstate.syncing import Head
from impl.appstate.writing import Intent
from impl.calls import Call, Signal
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.groups import OwnSenderKey
from impl.groups import membership as group_membership
from impl.groups import pairwise as group_pairwise
from impl.groups import receiving as group_receiving
from impl.groups import sending as group_sending
from impl.groups.membership import Change, Group
from impl.groups.receiving import HeldKey
from impl.groups.sending import Served
from impl.identity import SecurityNotice
from impl.list_validity import Expected
from impl.messages import MessageKey, StoredMessage
from impl.outbox import Outgoing, Sent
from impl.peers import Peers, View
from impl.prekeys import Publication
from impl.refusal import Refused
from impl.retry import Wanted
from impl.sessions import Local, PrekeyBundle, Prekeys, Record, SignedPrekey
from impl.stanza import Category, GroupStanza, RetryRequest, Stanza
from impl.store import Maybe, Store, Table, Value, atomic
from impl.wire.appstate import CollectionName, KeyId, Operation, Patch
from impl.wire.appstate import Snapshot as StateSnapshot
from impl.wire.content import ChatBody, SyncKey, Timer
from impl.wire.security_code import CombinedFingerprints


@dataclass(frozen=True)
class Snapshot:
    """All that a device holds at one moment."""

    kind: type[Device]
    store: Store


class Device:
    """What a phone and a companion have in common."""

    identity = Value(KeyPair)
    registration_id = Value(int)
    signed_prekeys = Table(int, SignedPrekey)
    one_time_prekeys = Table(int, KeyPair)
    next_prekey = Value(int)
    address = Maybe(Address)
    device_identity = Maybe(bytes)
    pins = Table(str, bytes)
    doubts = Table(str, int)
    notices = Table(int, SecurityNotice)
    views = Table(str, View)
    records = Table(Address, Record)
    messages = Table(MessageKey, StoredMessage)
    deliveries = Table(tuple[str, Address], int)
    outbox = Table(str, Outgoing)
    sent = Table(str, Sent)
    uploads = Table(str, bytes)
    wanted = Table(tuple[str, Address], Wanted)
    doubted_lists = Table(str, int)
    queried = Table(str, int)
    expected = Table(str, Expected)
    lists_checked = Maybe(int)
    groups = Table(str, Group)
    group_changes = Table(tuple[str, int], Change)
    own_sender_keys = Table(str, OwnSenderKey)
    served = Table(str, tuple[Served, ...])
    sender_keys = Table(tuple[str, Address], HeldKey)
    sync_keys = Table(KeyId, SyncKey)
    collections = Table(CollectionName, Head)
    entries = Table(tuple[CollectionName, bytes], Entry)
    intents = Table(tuple[CollectionName, bytes], Intent)
    settings = Table(tuple[str, ...], Setting)
    timers = Table(str, Timer)
    expiring = Table(MessageKey, int)
    expired = Table(MessageKey, int)
    files = Table(MessageKey, bytes)
    places = Table(MessageKey, str)
    opened = Table(MessageKey, int)
    unavailable = Table(MessageKey, int)
    call = Maybe(Call)
    past_calls = Table(str, str)
    names = Table(str, str)
    signals = Table(tuple[str, Address, str], Signal)

    def __init__(self, store: Store, entropy: Entropy) -> None:
        """The device that `store` holds."""
        self.store = store
        self.entropy = entropy

    def begin(self, now: int) -> None:
        """See `prekeys.begin`."""
        prekeys.begin(self, now)

    @cached_property
    def peers(self) -> Peers:
        """Every device met."""
        return Peers(self.store)

    @property
    def local(self) -> Local:
        """What sessions need of this device."""
        return Local(self.identity, self.registration_id, Prekeys(self.signed_prekeys, self.one_time_prekeys))

    @property
    def conversation(self) -> list[StoredMessage]:
        """Every message of every chat, in the order of arrival."""
        return list(self.messages.values())

    def chat(self, name: str) -> list[StoredMessage]:
        """The messages of a chat by their time, those of one second in the order of arrival."""
        return sorted((each for each in self.messages.values() if each.chat == name), key=lambda each: each.timestamp)

    @atomic
    def pin(self, user: str, account_key: bytes) -> None:
        """The security codes were compared: this is the account identity key of `user`, once and for all."""
        if self.pins.get(user, account_key) != account_key:
            raise Refused("identity", f"another account key is pinned for {user}")
        self.pins[user] = account_key

    @atomic
    def bundle(self) -> PrekeyBundle:
        """A bundle for one peer, with a one-time prekey that no other bundle has."""
        (one_time,) = prekeys.add_one_time(self, 1)
        return self.local.bundle(one_time, self.device_identity)

    @atomic
    def publish(self, held: int, now: int) -> Publication:
        """See `prekeys.publish`."""
        return prekeys.publish(self, held, now)

    @atomic
    def learn_list(self, user: str, signed_list: bytes, now: int) -> None:
        """See `lists.learn`."""
        lists.learn(self, user, signed_list, now)

    @atomic
    def meet(self, address: Address, key_index: int, bundle: PrekeyBundle, now: int) -> None:
        """See `fanout.meet`."""
        fanout.meet(self, address, key_index, bundle, now)

    @atomic
    def doubt_identity(self, user: str, now: int) -> None:
        """See `identity.doubt`."""
        identity.doubt(self, user, now)

    @atomic
    def meet_phone(self, user: str, bundle: PrekeyBundle, now: int) -> None:
        """See `identity.meet_phone`."""
        identity.meet_phone(self, user, bundle, now)

    @atomic
    def send(self, message_id: str, chat: str, body: ChatBody, now: int) -> list[Stanza]:
        """See `fanout.send`."""
        return fanout.send(self, message_id, chat, body, now)

    def has_said(self, message_id: str, chat: str) -> bool:
        """Whether this device has sent, or at least sealed, its message of that id."""
        return self.address is not None and MessageKey(message_id, self.address, chat) in self.messages

    @atomic
    def seal_missing(self, message_id: str, now: int) -> list[Stanza]:
        """See `fanout.seal_missing`."""
        return fanout.seal_missing(self, message_id, now)

    @atomic
    def uploaded(self, path: str) -> None:
        """The server has the file, so that messages about it may go."""
        self.uploads.pop(path, None)

    @atomic
    def submitted(self, message_id: str, missing: tuple[Address, ...] = ()) -> None:
        """See `outbox.submitted`."""
        outbox.submitted(self, message_id, missing)

    @atomic
    def withdraw(self, message_id: str) -> None:
        """See `outbox.withdraw`."""
        outbox.withdraw(self, message_id)

    @atomic
    def delivered(self, message_id: str, to: Address) -> None:
        """See `outbox.delivered`."""
        outbox.delivered(self, message_id, to)

    @atomic
    def seal(self, address: Address, plaintext: bytes, message_id: str, category: Category, now: int) -> Stanza:
        """See `fanout.seal`."""
        return fanout.seal(self, address, plaintext, message_id, category, now)

    @atomic
    def receive(self, stanza: Stanza, now: int) -> StoredMessage:
        """See `receiving.receive`."""
        return receiving.receive(self, stanza, now)

    @atomic
    def want(self, stanza: Stanza | GroupStanza, refusal: Refused, chat: str | None = None) -> RetryRequest | None:
        """See `retry.want`."""
        return retry.want(self, stanza, refusal, chat)

    @atomic
    def answer_retry(self, request: RetryRequest, now: int) -> None:
        """See `retry.answer`."""
        retry.answer(self, request, now)

    def lists_to_query(self, now: int) -> tuple[str, ...]:
        """See `consistency.due`."""
        return consistency.due(self, now)

    @atomic
    def lists_queried(self, users: Collection[str], now: int) -> None:
        """See `consistency.queried`."""
        consistency.queried(self, users, now)

    @atomic
    def begin_list_check(self, now: int) -> bool:
        """See `list_expiry.begin_check`."""
        return list_expiry.begin_check(self, now)

    @atomic
    def end_list_check(self, now: int) -> None:
        """See `list_expiry.end_check`."""
        list_expiry.end_check(self, now)

    def security_code(self, user: str) -> CombinedFingerprints:
        """See `consistency.security_code`."""
        return consistency.security_code(self, fanout.check_linked(self).user, user)

    @atomic
    def learn_group(self, group: str, version: int, members: Collection[str], now: int) -> None:
        """See `membership.learn`."""
        group_membership.learn(self, group, version, members, now)

    @atomic
    def send_to_group(self, message_id: str, group: str, body: ChatBody, now: int) -> None:
        """See `groups.sending.send`."""
        group_sending.send(self, message_id, group, body, now)

    @atomic
    def resend_to_group(self, message_id: str, addresses: Collection[Address], now: int) -> None:
        """See `groups.sending.resend`."""
        group_sending.resend(self, message_id, addresses, now)

    @atomic
    def receive_sender_key(self, stanza: GroupStanza) -> None:
        """See `groups.receiving.receive_key`."""
        group_receiving.receive_key(self, stanza)

    @atomic
    def receive_from_group(self, stanza: GroupStanza, now: int) -> StoredMessage:
        """See `groups.receiving.receive`, and `groups.pairwise.receive` for what is not under the group's key."""
        receive = group_receiving.receive if stanza.body else group_pairwise.receive
        return receive(self, stanza, now)

    @atomic
    def intend(self, action: Action, operation: Operation, now: int) -> None:
        """See `syncing.intend`."""
        syncing.intend(self, action, operation, now)

    @atomic
    def propose(self, name: CollectionName) -> Patch | None:
        """See `syncing.propose`."""
        return syncing.propose(self, name)

    @atomic
    def take_patch(self, name: CollectionName, patch: Patch) -> None:
        """See `syncing.take_patch`."""
        syncing.take_patch(self, name, patch)

    @atomic
    def take_snapshot(self, name: CollectionName, snapshot: StateSnapshot) -> None:
        """See `syncing.take_snapshot`."""
        syncing.take_snapshot(self, name, snapshot)

    @atomic
    def sweep(self, now: int) -> None:
        """See `ephemeral.sweep`."""
        ephemeral.sweep(self, now)

    @atomic
    def own_file(self, key: MessageKey, content: bytes | Path) -> None:
        """See `attachments.own`."""
        attachments.own(self, key, content)

    @atomic
    def keep_file(self, key: MessageKey, blob: bytes) -> bytes:
        """See `attachments.keep`."""
        return attachments.keep(self, key, blob)

    @atomic
    def keep_file_at(self, key: MessageKey, blob: IO[bytes], place: Path) -> None:
        """See `attachments.keep_at`."""
        attachments.keep_at(self, key, blob, place)

    @atomic
    def note_unavailable(self, key: MessageKey, now: int) -> None:
        """See `viewonce.note_unavailable`."""
        viewonce.note_unavailable(self, key, now)

    @atomic
    def opened_elsewhere(self, message_id: str, by: Address) -> None:
        """See `viewonce.opened_elsewhere`."""
        viewonce.opened_elsewhere(self, message_id, by)

    @atomic
    def heard_name(self, user: str, name: str) -> None:
        """See `names.heard`."""
        names.heard(self, user, name)

    @atomic
    def offer_call(self, user: str, now: int) -> str:
        """See `calls.offer`."""
        return calls.offer(self, user, now)

    @atomic
    def accept_call(self, now: int) -> None:
        """See `calls.accept`."""
        calls.accept(self, now)

    @atomic
    def reject_call(self) -> None:
        """See `calls.reject`."""
        calls.reject(self)

    @atomic
    def hang_up(self) -> None:
        """See `calls.hang_up`."""
        calls.hang_up(self)

    @atomic
    def expire_call(self, now: int) -> None:
        """See `calls.expire`."""
        calls.expire(self, now)

    @atomic
    def hear_call(self, signal: Signal, now: int) -> None:
        """See `calls.hear`."""
        calls.hear(self, signal, now)

    @atomic
    def told_of_call(self, signal: Signal) -> None:
        """See `calls.told`."""
        calls.told(self, signal)

    def note_delivery(self, stanza: Stanza | GroupStanza) -> None:
        """One more message of this id was accepted from this sender."""
        key = stanza.id, stanza.sender
        self.deliveries[key] = self.deliveries.get(key, 0) + 1
        self.wanted.pop(key, None)

    def lists(self, address: Address, key_index: int) -> bool:
        """See `lists.is_listed`."""
        return lists.is_listed(self, address, key_index)

    @atomic
    def begin_anew(self) -> None:
        """See `state_loss.begin_anew`."""
        state_loss.begin_anew(self)

    def snapshot(self) -> Snapshot:
        """A copy of everything, which later steps leave alone."""
        return Snapshot(type(self), self.store.copy())

    @staticmethod
    def restore(snapshot: Snapshot, entropy: Entropy = os.urandom) -> Device:
        """An independent device in the state of the snapshot, with randomness of its own.

        If it takes the place of the other, let it `begin_anew` before anything else.
        """
        return snapshot.kind(snapshot.store.copy(), entropy)
