"""The household behind `pentad serve`, over real connections on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from impl.address import PHONE, Address
from impl.appstate.effects import chat_view
from impl.connected import Desk
from impl.dialogue import Client
from impl.net.errors import PortInUse
from impl.serve.cast import ALICE, BOB, GROUP, PROLOGUE
from impl.serve.control import NobodyThere, tell
from impl.serve.errors import Unable
from impl.serve.run import Plan, Serving
from impl.serve.transcript import Opened, Said, load
from impl.wire.nodes import Node
from tests.impl.serve.served import serving

SAID_TO_ALICE = [text for who, to, text in PROLOGUE if "alice" in (who, to) or to == GROUP]


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not done():
            await asyncio.sleep(0.02)


def texts(served: Serving, name: str) -> Sequence[str]:
    return [message.text for message in served.house.resident(name).client.device.conversation]


def test_an_evening() -> None:
    async def evening() -> None:
        async with serving() as served:
            assert texts(served, "alice") == SAID_TO_ALICE
            await until(lambda: texts(served, "alice-web") == SAID_TO_ALICE)

            port = served.host.port
            assert await tell(port, "send bob alice 'Are you there?'")
            await until(lambda: texts(served, "alice-web")[-1] == "Are you there?")
            await tell(port, "off alice")
            await tell(port, "send carol town Goodnight")
            await until(lambda: texts(served, "alice-web")[-1] == texts(served, "bob-web")[-1] == "Goodnight")
            assert texts(served, "alice")[-1] == "Are you there?"
            await tell(port, "on alice")
            await until(lambda: texts(served, "alice")[-1] == "Goodnight")

            await tell(port, "link alice-tablet")
            await until(lambda: sorted(texts(served, "alice-tablet")) == sorted(texts(served, "alice")))
            await tell(port, "unlink alice-tablet")
            await until(lambda: served.house.resident("alice-tablet").client.device.address is None)
            assert not any("alice-tablet" in line and ALICE.user in line for line in await tell(port, "who"))

    asyncio.run(evening())


@pytest.mark.parametrize("wish", ["send bob alice '{}'", "file bob alice {}"])
def test_a_message_whose_answer_is_lost_is_said_once(wish: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(bytes(100))
    losses = []

    def lose_the_answer(client: Client, direction: str, node: Node) -> None:
        if (client, direction, node.tag) == (Address(BOB.user, PHONE), "in", "message") and not losses:
            losses.append(node)
            desk.sessions[client].end(why="lost")

    async def evening() -> None:
        nonlocal desk
        async with serving() as served:
            desk = served.host.desk
            before = texts(served, "alice")
            desk.watch = lose_the_answer
            await tell(served.host.port, wish.format(path if "file" in wish else "Hello"))
            await tell(served.host.port, "send bob alice 'That is all'")
            await until(lambda: "That is all" in texts(served, "alice"))
            assert len(losses) == 1 and len(texts(served, "alice")) == len(before) + 2

    desk: Desk
    asyncio.run(evening())


def test_a_setting_is_the_same_on_every_device() -> None:
    async def set_() -> None:
        async with serving() as served:
            alice, web = (served.house.resident(name).client.device for name in ("alice", "alice-web"))
            await tell(served.host.port, "set alice-web pin bob")
            await until(lambda: chat_view(alice, "15550001002").pinned)
            await tell(served.host.port, "set alice archive carol")
            await until(lambda: chat_view(web, "15550001003").archived)

    asyncio.run(set_())


def test_a_file_goes_over_http(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(bytes(range(256)) * 100)

    async def send() -> None:
        async with serving() as served:
            await tell(served.host.port, f"file bob alice {tmp_path / 'map.png'}")
            await until(lambda: len(texts(served, "alice-web")) > len(SAID_TO_ALICE))
            told = await tell(served.host.port, "said alice-web bob")
            assert told[-1].startswith("bob in bob: <image>")

    asyncio.run(send())


def test_every_stanza_is_in_the_transcript_and_with_record_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "transcript.jsonl"

    async def record() -> None:
        async with serving(Plan(transcript=path, record=True)) as served:
            await tell(served.host.port, "send bob alice Hello")
            await until(lambda: texts(served, "alice-web")[-1] == "Hello")

    asyncio.run(record())
    entries = load(path)
    assert {each.client for each in entries} == {"alice", "alice-web", "bob", "bob-web", "carol"}
    assert [
        each for each in entries if isinstance(each, Said) and each.node.tag == "message" and each.direction == "in"
    ]
    assert [each for each in entries if isinstance(each, Opened) and each.text == "bob in bob: Hello"]
    assert all(b"Hello" not in str(each.node).encode() for each in entries if isinstance(each, Said))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "nothing was said"),
        ("send 'bob", "quotation marks come in pairs"),
        ("sing", "nobody knows 'sing'; there is who, send"),
        ("send bob", "say send WHO TO TEXT..."),
        ("who is there", "say who"),
        ("send dave alice Hello", "nobody is called 'dave'; there are alice, alice-web, bob, bob-web, carol"),
        ("send bob dave Hello", "'dave' is no number"),
        ("scan nonsense", "not five fields"),
        ("scan nonsense bob-web", "bob-web is no phone"),
        ("code 1234-5678", "pairing"),
        ("unlink 7", "7 is no companion of alice; linked are 1"),
        ("file bob alice /nowhere", "/nowhere: No such file or directory"),
        ("set alice sing bob", "'sing' is nothing to set"),
        ("off dave", "nobody is called 'dave'"),
    ],
)
def test_what_cannot_be_done_is_one_line(words: str, why: str, household: Serving, loop: asyncio.Runner) -> None:
    with pytest.raises(Unable) as refusal:
        loop.run(tell(household.host.port, words))
    assert why in str(refusal.value) and "\n" not in str(refusal.value)


def test_nobody_is_at_a_port_and_a_port_is_taken(household: Serving, loop: asyncio.Runner) -> None:
    with pytest.raises(NobodyThere, match="start one with `pentad serve`"):
        loop.run(tell(1, "who"))

    async def second() -> None:
        async with Serving(Plan(port=household.host.port), Console(quiet=True)).running():
            pass

    with pytest.raises(PortInUse, match="name another one"):
        loop.run(second())
