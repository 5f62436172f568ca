"""One client: what it does when it connects, when something arrives, and when its user wants something.

wire.md, sections 2 to 13: each flow names its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from impl import dialogue, ephemeral
from impl.address import is_group
from impl.appstate.actions import Action, PushName
from impl.client import (
    appstate,
    calls,
    consistency,
    groups,
    history,
    inbox,
    linking,
    media,
    membership,
    names,
    outbox,
    pairing,
    peer,
    prekeys,
    retry,
)
from impl.client.directory import meet_all, needs_meeting
from impl.companion import Companion
from impl.dialogue import Client as Name
from impl.dialogue import Declined, Entry, Flow, Receipt, ask
from impl.fanout import check_linked
from impl.messages import MessageKey
from impl.outbox import new_message_id
from impl.phone import Phone
from impl.refusal import Refused
from impl.wire.appstate import Operation
from impl.wire.content import ChatBody, MediaKind

Clock = Callable[[], int]
"""The time in seconds."""

LOGGED_OUT = 401
"""Declined with this code, a companion is none of its account any longer."""


class Client:
    """Drives one device. `refusals` lists what it did not accept, for whoever watches."""

    def __init__(self, device: Phone | Companion, clock: Clock) -> None:
        self.device = device
        self.clock = clock
        self.refusals: list[Refused] = []

    @property
    def name(self) -> Name:
        """Who it is to the server when it connects."""
        device = self.device
        if isinstance(device, Companion):
            return device.noise.public if device.joining or device.address is None else device.address
        return device.address

    def connect(self) -> Flow[None]:
        """First thing on a connection: whatever a crash or the phone's absence left undone.

        A companion whose name is another afterwards connects anew.
        """
        device, now = self.device, self.clock()
        if device.address is None:
            return
        device.sweep(now)
        try:
            if isinstance(device, Companion) and device.joining:
                yield from linking.join(device, now)
                return
            yield from prekeys.publish(device, now)
        except Refused as refusal:
            self.refusals.append(refusal)
            return
        except Declined as declined:
            if declined.code != LOGGED_OUT or not isinstance(device, Companion):
                raise
            device.forget(now)
            return
        if isinstance(device, Phone):
            yield from self._resume_linking(device, now)
            yield from history.clean_up(device)
        self.refusals += yield from meet_all(device, (device.address.user,), now)
        yield from outbox.flush(device, now)
        device.expire_call(now)
        yield from calls.flush(device)
        if isinstance(device, Companion):
            yield from history.settle(device)
        if isinstance(device, Phone):
            yield from appstate.share_keys(device, now)
        self.refusals += yield from appstate.sync(device, appstate.ALL, now)
        yield from names.tell(device)
        yield from self.tick()

    def tick(self) -> Flow[None]:
        """What time brings about; once an hour is often enough. A companion may belong to nobody afterwards."""
        device, now = self.device, self.clock()
        if device.address is None:
            return
        self.refusals += yield from consistency.query_doubted(device, now)
        self.refusals += yield from consistency.check_ages(device, now)

    def _resume_linking(self, phone: Phone, now: int) -> Flow[None]:
        try:
            yield from linking.announce(phone, now)
            yield from pairing.answer(phone)
        except Refused as refusal:
            self.refusals.append(refusal)
        yield from linking.reconcile(phone, now)

    def send(self, chat: str, body: ChatBody, message_id: str | None = None) -> Flow[str]:
        """Says something in a chat; answers with the message's id. Raises Refused.

        Whoever brings an id may ask again after a crash: what was said under it is not said twice.
        """
        device, now = self.device, self.clock()
        message_id = message_id or new_message_id(device)
        if is_group(chat):
            self.refusals += yield from groups.send(device, message_id, chat, body, now)
            return message_id
        own = device.address.user if device.address else chat
        doubtful = [user for user in dict.fromkeys((chat, own)) if needs_meeting(device, user, now)]
        if doubtful:
            self.refusals += yield from meet_all(device, doubtful, now)
        if not device.has_said(message_id, chat):
            device.send(message_id, chat, body, now)
        yield from outbox.deliver(device, message_id, now)
        return message_id

    def attach(
        self,
        chat: str,
        content: bytes | Path,
        kind: MediaKind,
        mimetype: str,
        caption: str = "",
        view_once: bool = False,
        message_id: str | None = None,
    ) -> Flow[str]:
        """Uploads a file and sends it, as `send` does. Raises Refused, OSError for a path.

        What is at a path is never in memory as a whole, and stays there: a companion may ask for it again.
        """
        device = self.device
        body = yield from media.attach(device, content, kind, mimetype, caption, view_once)
        message_id = yield from self.send(chat, body, message_id)
        if not view_once:
            device.own_file(MessageKey(message_id, check_linked(device), chat), content)
        return message_id

    def fetch(self, key: MessageKey) -> Flow[bytes]:
        """The content of a message's file. Raises Refused, "gone" if it is lost."""
        return (yield from media.fetch(self.device, key))

    def fetch_to(self, key: MessageKey, place: Path) -> Flow[None]:
        """As `fetch`, into a file that appears once all is there, and in constant memory. Raises Refused, OSError."""
        yield from media.fetch_to(self.device, key, place)

    def set_timer(self, chat: str, seconds: int) -> Flow[str]:
        """New messages of a chat disappear after `seconds`, one of TIMERS. Raises Refused."""
        return (yield from self.send(chat, ephemeral.setting(self.device, chat, seconds, self.clock())))

    def change(self, action: Action, operation: Operation = Operation.SET) -> Flow[None]:
        """The user sets something for all own devices, or removes it."""
        self.refusals += yield from appstate.change(self.device, action, operation, self.clock())
        if isinstance(action, PushName):
            yield from names.tell(self.device)

    def request_history(self, before: MessageKey, count: int) -> Flow[None]:
        """Asks the phone for older messages of a chat. Raises Refused."""
        if isinstance(self.device, Companion):
            yield from history.request(self.device, before, count, self.clock())

    def handle(self, entry: Entry) -> Flow[None]:
        """One entry of the mailbox, which goes once this is done."""
        self.device.sweep(self.clock())
        try:
            yield from self._react(entry.event)
        except Refused as refusal:
            self.refusals.append(refusal)
        yield from ask(dialogue.Acknowledge((entry.number,)))

    def _react(self, event: dialogue.AnyEvent) -> Flow[None]:
        device, now = self.device, self.clock()
        match event:
            case dialogue.Delivery(stanza) if stanza.category == "peer":
                self.refusals += yield from peer.receive(device, stanza, now)
            case dialogue.Delivery(stanza, chat, name):
                refusal = yield from inbox.receive(device, stanza, now, chat)
                yield from self._received(stanza.sender.user, name, refusal, now)
            case dialogue.GroupDelivery(stanza, name):
                refusal = yield from inbox.receive_from_group(device, stanza, now)
                yield from self._received(stanza.sender.user, name, refusal, now)
            case dialogue.GroupChanged(roster):
                self.refusals += yield from membership.learn(device, roster, now)
            case dialogue.Receipted(receipt):
                yield from self._receipted(receipt, now)
            case dialogue.Unavailable(message_id, sender, chat):
                device.note_unavailable(MessageKey(message_id, sender, chat), now)
            case dialogue.CallSignalled(signal):
                yield from calls.hear(device, signal, now)
            case dialogue.MediaRetried(told):
                yield from media.react(device, told)
            case dialogue.RetryAsked(request):
                yield from retry.answer(device, request, now)
            case _:
                yield from self._account_changed(event, now)

    def _received(self, user: str, name: str | None, refusal: Refused | None, now: int) -> Flow[None]:
        if refusal is not None:
            self.refusals.append(refusal)
        elif name is not None:
            self.device.heard_name(user, name)
        self.refusals += yield from consistency.query_doubted(self.device, now)

    def _receipted(self, receipt: Receipt, now: int) -> Flow[None]:
        device = self.device
        device.delivered(receipt.id, receipt.sender)
        if receipt.kind == "hist_sync" and isinstance(device, Phone):
            yield from history.confirmed(device, receipt, now)
        if receipt.kind == "played-self":
            device.opened_elsewhere(receipt.id, receipt.sender)

    def _account_changed(self, event: dialogue.AnyEvent, now: int) -> Flow[None]:
        """What comes of no other device's words: devices, keys and settings of accounts."""
        device = self.device
        match event:
            case dialogue.DevicesChanged(user):
                yield from self._devices_changed(user, now)
            case dialogue.IdentityChanged(user):
                device.doubt_identity(user, now)
                self.refusals += yield from meet_all(device, (user,), now)
            case dialogue.PrekeysLow():
                yield from prekeys.publish(device, now)
            case dialogue.CollectionsChanged(names):
                self.refusals += yield from appstate.sync(device, names, now)
            case dialogue.PairSuccess() if isinstance(device, Companion):
                yield from linking.confirm(device, event, now)
            case dialogue.PairingAnswered(hello) if isinstance(device, Companion):
                yield from pairing.prove(device, hello, now)
            case dialogue.Unlinked() if isinstance(device, Companion):
                device.forget(now)
            case dialogue.PairingAsked(hello) if isinstance(device, Phone):
                device.pairing_asked(hello, now)
            case dialogue.PairingFinished(finish) if isinstance(device, Phone):
                yield from pairing.approve(device, finish, now)
            case dialogue.Linked(address, device_identity, props) if isinstance(device, Phone):
                device.joined(address, device_identity, props)
                yield from linking.welcome(device, now)
                yield from appstate.share_keys(device, now)
            case _:
                pass

    def _devices_changed(self, user: str, now: int) -> Flow[None]:
        device = self.device
        if isinstance(device, Phone) and user == device.address.user:
            yield from linking.reconcile(device, now)
            yield from history.clean_up(device)
            yield from linking.welcome(device, now)
        self.refusals += yield from meet_all(device, (user,), now)
        if isinstance(device, Phone) and user == device.address.user:
            yield from appstate.share_keys(device, now)
            self.refusals += yield from appstate.sync(device, appstate.ALL, now)
