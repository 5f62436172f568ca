"""What clients and the server of a local network say to each other, carried as the bytes of stanzas."""

from __future__ import annotations

from typing import Any

import msgspec

from impl.address import Address
from impl.client.drive import drive
from impl.client.local import LocalNetwork
from impl.dialogue import (
    Accepted,
    Acknowledge,
    AskReference,
    Client,
    Declined,
    DeleteBlob,
    Download,
    Entry,
    FetchBackup,
    RegisterPhone,
    Request,
    StoreBackup,
    Unlinked,
    Upload,
)
from impl.stanzas import table
from impl.stanzas.exchange import Asked
from impl.stanzas.recount import recount
from impl.wire import nodes
from impl.wire.nodes import Node

BESIDE = (Acknowledge, AskReference, RegisterPhone, Upload, Download, DeleteBlob, StoreBackup, FetchBackup)
"""What has no stanza of its own."""


def answer(network: LocalNetwork, name: Client, request: Request[Any]) -> Any:
    """As `LocalNetwork.answer`: the server sees what it reads, the client what it is told."""
    if isinstance(request, BESIDE):
        return network.server.answer(name, request)
    exchange = table.exchange_of(request)
    said: Any = None
    for question in exchange.ask(request, name):
        heard = carried(question)
        found = table.exchange_for(heard)
        assert found is not None, f"nobody reads {heard}"
        asked = Asked(heard, found, found.asked(heard, name))
        try:
            reply = asked.answer(network.server.answer(name, asked.request))
        except Declined as declined:
            reply = asked.decline(declined)
        said = exchange.answered(request, carried(reply))
    if isinstance(said, Accepted) and said.phash is not None:
        assert isinstance(name, Address)
        return drive(recount(request, name), lambda further: answer(network, name, further))  # type: ignore[arg-type]
    return said


def waiting(network: LocalNetwork, name: Client) -> list[Entry]:
    """As `LocalNetwork.waiting`."""
    return [told(entry, name) for entry in network.server.mailboxes.waiting(name)]


def told(entry: Entry, name: Client) -> Entry:
    if isinstance(entry.event, Unlinked):
        return entry
    heard = carried(table.notice_of(entry.event).tell(entry.event, name))
    notice = table.notice_for(heard)
    assert notice is not None, f"nobody is told by {heard}"
    return msgspec.structs.replace(entry, event=notice.told(heard, name))


def carried(node: Node) -> Node:
    return nodes.decode(nodes.encode(node))
