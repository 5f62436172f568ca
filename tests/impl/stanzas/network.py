"""Clients and a server who say everything in binary nodes, each encoded and decoded, without connections."""

from __future__ import annotations

from typing import Any, TypeVar

from impl.client import Client
from impl.client.drive import drive
from impl.client.local import LocalNetwork
from impl.dialogue import Client as Name
from impl.dialogue import Done, Entry, Flow, Request
from impl.server import Server
from impl.session.corrections import corrected
from impl.stanzas import table
from tests.impl.stanzas.carrying import carried

T = TypeVar("T")


class StanzaNetwork(LocalNetwork):
    """Only what goes another way, files and registrations, is carried as it is; `carried` names all other kinds."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.carried: set[type] = set()
        waiting = server.mailboxes.waiting
        server.mailboxes.waiting = lambda client: [self._told(client, each) for each in waiting(client)]

    def run(self, client: Client, flow: Flow[T]) -> T:
        name = client.name
        return drive(corrected(flow, name), lambda request: self._answer(name, request))

    def _answer(self, name: Name, request: Request[Any]) -> Any:
        if type(request) not in table._BY_REQUEST:
            return self.server.answer(name, request)
        self.carried.add(type(request))
        exchange = table.exchange_of(request)
        for question in map(carried, exchange.ask(request, name)):
            assert table.exchange_for(question) is exchange
            asked = exchange.asked(question, name)
            value = self.server.answer(name, asked)
            answer = None if exchange.heard else carried(exchange.answer(question, asked, value))
        return Done() if answer is None else exchange.answered(request, answer)

    def _told(self, client: Name, entry: Entry) -> Entry:
        if type(entry.event) not in table._BY_EVENT:
            return entry
        self.carried.add(type(entry.event))
        notice = table.notice_of(entry.event)
        node = carried(notice.tell(entry.event, client))
        assert table.notice_for(node) is notice
        return Entry(entry.number, notice.told(node, client), entry.at)
