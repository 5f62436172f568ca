"""The first part of a run of `pentad demo --wire`, as its server saw it: every stanza is read, and written again equal.

Made with `pentad demo --wire --messages 6 --transcript FILE`; times count from its beginning. All keys died with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import pentad
from impl.address import Address
from impl.demo.script import NAMES
from impl.dialogue import Client, Declined
from impl.serve.transcript import Said, load
from impl.stanzas import connection, linking, table
from impl.stanzas.exchange import Asked
from impl.stanzas.notice import acknowledged, acknowledgement
from impl.stanzas.reading import child, number, optional
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import carried

FOLDER = Path(__file__).parent / "transcripts"
DEMO = FOLDER / "demo.jsonl"
USERS = {name: user for user, name in NAMES.items()}

END: dict[Callable[[Node], bool], Callable[[int], Node]] = {
    connection.is_failure: connection.failure,
    connection.is_stream_error: connection.stream_error,
}


def client_of(name: str) -> Client:
    """Of a companion that belongs to nobody, the transcript has the beginning of its Noise key."""
    if name.startswith("new "):
        return bytes.fromhex(name.removeprefix("new ")).ljust(32, b"\0")
    user, _, device = name.partition(":")
    return Address(USERS[user], int(device))


@dataclass
class Reader:
    """Of what one client says and is told."""

    client: Client
    asked: dict[tuple[str, str], deque[Asked]] = field(default_factory=lambda: defaultdict(deque))
    told: dict[tuple[str, str], deque[Node]] = field(default_factory=lambda: defaultdict(deque))

    def again(self, said: Said) -> tuple[str, Node]:
        """Who knows this stanza, and what it makes of what it has read. LookupError if nobody does."""
        return self.from_client(said.node) if said.direction == "in" else self.from_server(said.node)

    def from_client(self, node: Node) -> tuple[str, Node]:
        if linking.is_confirmation(node):
            request = linking.CONFIRM.asked(node, self.client)
            return "ConfirmLinking", only(linking.CONFIRM.ask(request, self.client))
        if (confirmed := acknowledged(node)) is not None:
            return "confirmed", acknowledgement(self.told[confirmed].popleft())
        if (exchange := table.exchange_for(node)) is not None:
            request = exchange.asked(node, self.client)
            self.asked[key(node)].append(Asked(node, exchange, request))
            return type(request).__name__, only(exchange.ask(request, self.client))
        if connection.is_active(node):
            self.asked[key(node)].append(Asked(node, connection, None))  # type: ignore[arg-type]
            return "active", connection.active()
        raise LookupError(node.tag)

    def from_server(self, node: Node) -> tuple[str, Node]:
        if connection.is_success(node):
            self.asked.clear()
            self.told.clear()
            return "success", connection.success(self.client, number(node, "t"))
        for is_end, written in END.items():
            if is_end(node):
                return "end", written(connection.read_end(node)[0])
        if node.tag == "ib":
            return "offline", connection.offline(number(child(node, "offline"), "count"))
        if node.tag == "ack" or optional(node, "type") in ("result", "error"):
            name = (optional(node, "class") or "iq", optional(node, "id") or "")
            return "answer", self.answered(self.asked[name].popleft(), node)
        self.told[key(node)].append(node)
        if linking.is_pair_device(node):
            return "pair-device", linking.pair_device(linking.read_refs(node))
        notice = table.notice_for(node)
        if notice is None:
            raise LookupError(node.tag)
        event = notice.told(node, self.client)
        return type(event).__name__, notice.tell(event, self.client)

    def answered(self, asked: Asked, node: Node) -> Node:
        if asked.request is None:
            return connection.done()
        try:
            return asked.answer(asked.exchange.answered(asked.request, node))
        except Declined as declined:
            return asked.decline(declined)


def key(node: Node) -> tuple[str, str]:
    return node.tag, optional(node, "id") or ""


def only(nodes: object) -> Node:
    (node,) = nodes  # type: ignore[misc]
    return node


def bare(node: Node) -> Node:
    """Without what sessions add."""
    return carried(replace(node, attrs={name: each for name, each in node.attrs.items() if name not in ("id", "t")}))


def test_every_stanza_is_read_and_written_again_equal() -> None:
    readers: dict[str, Reader] = {}
    known: Counter[str] = Counter()
    for said in load(DEMO):
        assert isinstance(said, Said)
        reader = readers.setdefault(said.client, Reader(client_of(said.client)))
        name, written = reader.again(said)
        known[name] += 1
        assert bare(written) == bare(said.node), (said.client, said.direction, name)
    assert {"alice:0", "alice:1", "alice:2", "alice:3", "bob:0", "bob:1"} <= readers.keys()
    assert known["Submit"] and known["Delivery"] and known["ApproveLinking"] and known["PairSuccess"]
    assert known["Receipted"] and known["SyncCollections"] and known["PublishPrekeys"]


def test_what_nobody_knows_is_noticed() -> None:
    reader = Reader(client_of("alice:1"))
    for direction in ("in", "out"):
        with pytest.raises(LookupError):
            reader.again(Said(0.0, "alice:1", direction, Node("weather", {"id": "1"})))  # type: ignore[arg-type]


def test_it_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert pentad.run(["replay", str(DEMO)]) == 0
    drawn = capsys.readouterr().out.splitlines()
    golden = (FOLDER / "demo.txt").read_text(encoding="utf-8").splitlines()
    assert len(golden) == 40 and drawn[: len(golden)] == golden
    assert len(drawn) == 1 + len(load(DEMO))
