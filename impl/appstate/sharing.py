"""App state keys between own devices: the phone makes and shares them, a companion asks for one that it lacks.

wire.md, sections 8.9 and 11.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import peer_messages
from impl.address import PHONE, Address
from impl.appstate import syncing
from impl.appstate.actions import KeyExpired
from impl.appstate.holders import outdated
from impl.appstate.keys import check_not_replaced, newest, successor
from impl.durations import DAY
from impl.fanout import check_linked, own_devices
from impl.stanza import Stanza
from impl.wire.appstate import CollectionName, KeyId, Operation
from impl.wire.content import KEY_LIMIT, KeyRequest, KeyShare, SyncKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from impl.companion import Companion
    from impl.phone import Phone

KEY_SIZE = 32


def prepare(phone: Phone, now: int) -> None:
    """The first key, or one that follows because somebody has left who holds the newest."""
    last = newest(phone.sync_keys)
    if last is not None and not outdated(phone, last):
        return
    devices = phone.views[phone.address.user].list
    made = successor(last, PHONE)
    phone.sync_keys[made] = SyncKey(
        made.encode(),
        phone.entropy(KEY_SIZE),
        devices.raw_id,
        devices.current_index,
        devices.valid_indexes,
        now * 1000,
    )
    if last is not None:
        for name in CollectionName:
            syncing.intend(phone, KeyExpired(name, last.epoch), Operation.SET, now)


def share(phone: Phone, now: int) -> None:
    """Each met companion of the account gets the keys that it was not sent yet: into the outbox."""
    prepare(phone, now)
    companions = own_devices(phone, phone.address)
    for gone in [address for address in phone.keys_sent if address not in companions]:
        del phone.keys_sent[gone]
    for address in companions:
        sent = phone.keys_sent.get(address, ())
        lacking = [key for key_id, key in phone.sync_keys.items() if key_id not in sent]
        for start in range(0, len(lacking), KEY_LIMIT):
            peer_messages.put(phone, address, KeyShare(tuple(lacking[start : start + KEY_LIMIT])), now)
        if lacking:
            phone.keys_sent[address] = tuple(phone.sync_keys)


def learn(companion: Companion, stanza: Stanza) -> None:
    """Takes the keys that the phone shares; no key is ever replaced. Raises Refused."""
    shared = peer_messages.take(companion, stanza, KeyShare)
    check_sharer(companion, stanza.sender)
    for key in shared.keys:
        key_id = KeyId.decode(key.id)
        if key.data is not None:
            known = companion.sync_keys.get(key_id)
            check_not_replaced(known.data if known else None, key_id, key.data)
            companion.sync_keys.setdefault(key_id, key)
            companion.key_requests.pop(key_id, None)


def check_sharer(companion: Companion, sender: Address) -> None:
    """Keys come from the own phone alone: whoever shares one could write what it pleases."""
    peer_messages.check_own_phone(companion, sender)


def request(companion: Companion, missing: Iterable[KeyId], now: int) -> None:
    """Asks the phone for keys, for each at most once a day: into the outbox. Raises Refused.

    So many may be open as fit one request: ids are the server's word, and it can name any.
    """
    own = check_linked(companion)
    for key_id, asked in list(companion.key_requests.items()):
        if now - asked >= DAY:
            del companion.key_requests[key_id]
    fresh = [key_id for key_id in missing if key_id not in companion.key_requests]
    wanted = fresh[: KEY_LIMIT - len(companion.key_requests)]
    if wanted:
        companion.key_requests.update(dict.fromkeys(wanted, now))
        ids = tuple(key_id.encode() for key_id in wanted)
        peer_messages.put(companion, Address(own.user, PHONE), KeyRequest(ids), now)


def answer(phone: Phone, stanza: Stanza, now: int) -> None:
    """An own device gets the keys that it asks for, as far as there are such: into the outbox. Raises Refused."""
    wanted = peer_messages.take(phone, stanza, KeyRequest)
    peer_messages.check_own_device(phone, stanza.sender)
    keys = tuple(phone.sync_keys.get(KeyId.decode(each), SyncKey(each, None)) for each in wanted.ids)
    peer_messages.put(phone, stanza.sender, KeyShare(keys), now)
