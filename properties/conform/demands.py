"""Histories on demand in a world: who asked, what was answered, and what a companion added.

A companion asks for what is before a message that its phone does not have: so it gets all that is in that chat, since
every message is of now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from impl.address import PHONE, Address
from impl.device import Device
from impl.dialogue import DeleteBlob, Upload
from impl.history.parts import PART
from impl.messages import MessageKey, StoredMessage
from impl.stanza import Stanza
from impl.wire.content import HistoryRequest, HistoryType, Text
from model.kinds import QuerySpec
from properties.conform.histories import HistoryShare

if TYPE_CHECKING:
    from properties.conform.world import World

ANCHOR = "3EB0A9C808"


class Demands:
    """By the names of the scope: requests, and answers by who is said to have made them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.queries: dict[str, QuerySpec] = {row.name: row for row in world.scope.more["queries"]}
        self.asked: set[str] = set()
        self.requests: dict[str, str] = {}  # their message ids
        self._sealed: dict[str, Stanza] = {}
        self.answers: dict[tuple[str, str], HistoryShare] = {}
        self.answered: set[str] = set()
        self.added: set[tuple[str, str]] = set()
        self._blobs: dict[tuple[str, str], bytes] = {}  # what the adversary put in their place

    def ask(self, query: str) -> None:
        spec = self.queries[query]
        companion, account = self.world.companion(spec.device), self.world.account(spec.device)
        anchor = MessageKey(ANCHOR, Address(account, PHONE), spec.chat)
        with companion.store.transaction():
            companion.messages[anchor] = StoredMessage.of(anchor, Text(""), "received", self.world.now)
        id = companion.request_history(anchor, PART, self.world.now)
        with companion.store.transaction():
            del companion.messages[anchor]
        (self._sealed[query],) = companion.outbox[id].stanzas
        companion.submitted(id)
        self.requests[query] = id
        self.asked.add(query)

    def pretend(self, query: str) -> None:
        self.requests[query] = f"3EB0{self.world.entropy(9).hex().upper()}"

    def request(self, query: str) -> Stanza:
        """What the server shows the phone; a device of the adversary signs as well as it can by then."""
        if query in self.asked:
            return self._sealed[query]
        spec = self.queries[query]
        body = HistoryRequest(spec.chat, ANCHOR, True, PART, self.world.now * 1000)
        return self.world.adversary.seal(spec.device, spec.phone, body, self.requests[query], "peer")

    def answer(self, query: str) -> None:
        phone = self.queries[query].phone
        answering = self.world.phone(phone)
        before = set(answering.outbox)
        answering.answer_history_request(self.request(query), self.world.now)
        (id,) = set(answering.outbox) - before
        (stanza,) = answering.outbox[id].stanzas
        self._keep(query, phone, HistoryShare.of(answering, stanza))
        self.answered.add(query)

    def counterfeit(self, query: str, sender: str) -> None:
        companion = self.queries[query].device
        made_up = self.world.adversary.history(
            sender, companion, HistoryType.ON_DEMAND, self.requests.get(query, ANCHOR)
        )
        self._keep(query, sender, made_up)

    def _keep(self, query: str, sender: str, answer: HistoryShare) -> None:
        self.answers[query, sender] = answer
        self.world.server.answer(answer.stanza.sender, Upload(answer.path, answer.blob))
        self.world.post(answer.stanza)

    def swap(self, query: str) -> None:
        real = query, self.queries[query].phone
        self._blobs[real] = self.world.entropy(len(self.answers[real].blob))

    def take(self, query: str, sender: str, stanza: Stanza | None = None, blob: bytes | None = None) -> None:
        """With another stanza or another blob than was sent, if these are given."""
        name, answer = self.queries[query].device, self.answers[query, sender]
        companion = self.world.companion(name)
        before = in_conversation(companion)
        there = self._blobs.get((query, sender), answer.blob)
        companion.import_history(stanza or answer.stanza, there if blob is None else blob, self.world.now)
        ids = {id for id, found in in_conversation(companion).items() if before.get(id) != found}
        self.added |= {(name, m) for m in self.world.messages if self.world.message_id(m) in ids}
        self.world.acknowledge(name, answer.stanza)
        self.world.server.answer(self.world.address(name), DeleteBlob(answer.path))


def in_conversation(device: Device) -> Mapping[str, tuple[StoredMessage, str]]:
    """Messages by id, with where they are from."""
    return {message.id: (message, message.source) for message in device.conversation}
