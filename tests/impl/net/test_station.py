"""A station keeps its device connected, whatever becomes of connections, servers and names."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from impl.client.linking import unlink
from impl.companion import Companion
from impl.net.connection import Connection
from impl.net.credentials import Credentials
from impl.phone import Phone
from impl.wire.content import Text
from tests.impl.net.street import ALICE, BOB, House, link, now, street, until


async def say(house: House, chat: str, text: str) -> None:
    await house.station.run(lambda: house.station.client.send(chat, Text(text), text))


def test_a_phone_registers_and_a_companion_gets_its_name(tmp_path: Path) -> None:
    async def story() -> None:
        async with street(tmp_path / "store") as (town, files):
            phone, bob, web = town.phone(ALICE, files), town.phone(BOB, files), town.companion(files)
            await until(lambda: all(each.station.online for each in (phone, bob, web)))
            assert isinstance(web.station.client.name, bytes)
            await link(phone, web)
            assert web.station.client.name == web.device.address and web.device.address.user == ALICE
            await say(bob, ALICE, "to both")
            await say(web, BOB, "from the companion")
            for each in (phone, bob, web):
                await until(lambda each=each: len(each.texts) == 2)  # type: ignore[misc]
                assert sorted(each.texts) == ["from the companion", "to both"]
            assert not any(each.station.troubles for each in (phone, bob, web))

    asyncio.run(story())


def test_a_server_that_was_started_anew_shows_another_key_and_knows_everybody(tmp_path: Path) -> None:
    async def story() -> None:
        async with street(tmp_path / "store") as (town, files):
            alice, bob = town.phone(ALICE, files), town.phone(BOB, files)
            await until(lambda: alice.station.online and bob.station.online)
            await bob.off()
            await say(alice, BOB, "before")
            known = Credentials(alice.device).trusted
            await town.fall_silent()
            saying = asyncio.create_task(say(alice, BOB, "meanwhile"))
            await town.serve()
            bob.on()
            await saying
            await until(lambda: len(bob.texts) == 2)
            after = Credentials(alice.device).trusted
            assert known is not None and after is not None and known.key != after.key
            assert bob.texts == ["before", "meanwhile"]
            # the next connection resumes with what the fallback has taught
            alice.links[-1].cut()
            await until(lambda: alice.station.connections >= 3 and alice.station.online)
            assert Credentials(alice.device).trusted == after

    asyncio.run(story())


def test_what_a_cut_interrupts_is_done_on_the_next_connection(tmp_path: Path) -> None:
    async def story() -> None:
        async with street(tmp_path / "store") as (town, files):
            alice, bob = town.phone(ALICE, files), town.phone(BOB, files)
            await until(lambda: alice.station.online and bob.station.online)
            texts = [f"text {number}" for number in range(40)]
            for round, house in enumerate((alice, bob, alice, bob)):
                share, before = texts[10 * round : 10 * round + 10], house.station.connections
                writing = asyncio.gather(*(say(alice, BOB, text) for text in share))
                await until(lambda round=round: len(bob.texts) > 10 * round)  # type: ignore[misc]
                house.links[-1].cut()
                await writing
                await until(lambda house=house, before=before: house.station.connections > before)  # type: ignore[misc]
            await until(lambda: len(bob.texts) == len(texts))
            assert sorted(bob.texts) == sorted(texts) and len(alice.texts) == len(texts)
            assert max(bob.device.deliveries.values()) == 1

    asyncio.run(story())


def test_a_companion_that_is_unlinked_forgets_and_can_be_linked_again(tmp_path: Path) -> None:
    async def story() -> None:
        async with street(tmp_path / "store") as (town, files):
            phone, web = town.phone(ALICE, files), town.companion(files)
            await until(lambda: phone.station.online and web.station.online)
            alice = phone.device
            assert isinstance(alice, Phone)
            for away in (False, True):
                await link(phone, web)
                if away:
                    await web.off()
                (linked,) = alice.linked_devices
                await phone.station.run(partial(unlink, alice, linked.key_index, now()))
                if away:
                    web.on()
                await until(lambda: web.device.address is None and web.station.online)
                assert isinstance(web.device, Companion) and isinstance(web.station.client.name, bytes)

    asyncio.run(story())


def test_what_is_done_meanwhile_begins_on_each_connection(tmp_path: Path) -> None:
    async def story() -> None:
        begun: list[Connection] = []

        async def meanwhile(connection: Connection) -> None:
            begun.append(connection)

        async with street(tmp_path / "store") as (town, files):
            alice = town.phone(ALICE, files, meanwhile=meanwhile)
            await until(lambda: alice.station.online)
            alice.links[-1].cut()
            await until(lambda: alice.station.connections == 2)
            await until(lambda: len(begun) == 2)
            assert begun[0] is not begun[1]

    asyncio.run(story())
