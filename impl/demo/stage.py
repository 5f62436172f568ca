"""Where the script is played: a server and seven devices as processes, of which any may be killed at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from impl.demo.child import Child
from impl.demo.errors import DemoError
from impl.demo.faults import Faults
from impl.demo.member import Member, Role
from impl.demo.reports import Cut, DeviceSetup, Mailboxes, Report, Say, Scan, ServerSetup, Serving, ShowQr, store_path
from impl.demo.script import CAST

SERVER = "server"

FRAMED = "impl.demo.server", "impl.demo.device"
WIRED = "impl.demo.wired_server", "impl.demo.wired_device"
"""What a server's process runs, and a device's."""

STANDSTILL = 30.0
"""Seconds without any progress, after which there will be none."""


@dataclass(frozen=True)
class Plan:
    """`kill` is the time in seconds from one kill to the next, `cut` that to the next cut of a connection.

    `wired` devices speak stanzas over WebSocket and Noise, which a `transcript` may have.
    """

    messages: int = 200
    faults: Faults = field(default_factory=Faults)
    kill: float | None = None
    seed: int = 0
    cut: float | None = None
    wired: bool = False
    transcript: Path | None = None

    def __post_init__(self) -> None:
        """Raises DemoError."""
        if self.kill is not None and self.kill <= 0:
            raise DemoError("a process killed every 0 s never gets anywhere; give a time")
        if self.cut is not None and self.cut <= 0:
            raise DemoError("a connection cut every 0 s carries nothing; give a time")
        if self.wired and self.faults != Faults():
            raise DemoError("no frame of a Noise channel is ever lost, repeated or late; cut connections with --cut 2s")
        if self.transcript is not None and not self.wired:
            raise DemoError("a transcript has stanzas, which are only spoken with --wire")


class PlayedStage:
    """See `Stage`. Its processes run in `group`, which ends with DemoError if one of them ends by itself."""

    def __init__(self, plan: Plan, folder: Path, group: asyncio.TaskGroup, troubled: Callable[[str], None]) -> None:
        self.mailboxes: dict[str, int] = {}
        self._plan = plan
        self._folder = folder
        self._group = group
        self._progress = asyncio.Event()
        self._port = 0
        self._server_module, self._device_module = WIRED if plan.wired else FRAMED
        self.server = Child(SERVER, self._server_module, folder, self._server_setup)
        self.server.told = self._server_told
        self.members = {role: Member(role, self._device(role), self._progress.set, troubled) for role in CAST}

    async def open(self) -> None:
        """The server serves."""
        self._group.create_task(self.server.run())
        await self._until(lambda: self._port != 0)

    async def enter(self, role: Role) -> None:
        member = self.members[role]
        self._group.create_task(member.child.run())
        await self._until(lambda: member.online)

    async def leave(self, role: Role) -> None:
        await self.members[role].child.stop(at_once=True)

    async def link(self, phone: Role, companion: Role) -> None:
        """The QR is shown, and seen."""
        shows, sees = self.members[companion], self.members[phone]
        linked = sees.state.companions
        shows.wish(ShowQr())
        await self._until(lambda: shows.qr is not None)
        sees.wish(Scan(shows.qr or ""))
        await self._until(lambda: shows.state.address is not None and sees.state.companions > linked)
        await self._until(lambda: shows.online and shows.state.held >= sees.state.held)

    async def say(self, shares: dict[Role, int]) -> None:
        goals = {role: self.members[role].state.said + share for role, share in shares.items()}
        for role, goal in goals.items():
            self.members[role].wish(Say(role.chat, goal))
        await self._until(lambda: all(self.members[role].state.said >= goal for role, goal in goals.items()))

    async def settle(self) -> None:
        await self._until(self._settled)

    def _settled(self) -> bool:
        here = [each for each in self.members.values() if each.child.wanted and each.state.address is not None]
        said = sum(each.state.said for each in self.members.values())
        return all(
            each.online
            and each.state.held >= said
            and not each.state.outbox
            and not self.mailboxes.get(each.state.address or "")
            for each in here
        )

    async def trouble(self) -> None:
        """Kills and cuts, as the plan says."""
        await asyncio.gather(self._kill_at_random(), self._cut_at_random())

    async def _cut_at_random(self) -> None:
        random = Random(f"{self._plan.seed} cuts")
        while self._plan.cut is not None:
            await asyncio.sleep(self._plan.cut)
            online = [each for each in self.members.values() if each.online]
            if online:
                random.choice(online).child.utter(Cut())

    async def _kill_at_random(self) -> None:
        random = Random(f"{self._plan.seed} kills")
        while self._plan.kill is not None:
            await asyncio.sleep(self._plan.kill)
            running = [each for each in self.children if each.running and each.wanted]
            if running:
                random.choice(running).kill(counted=True)

    @property
    def children(self) -> list[Child]:
        return [self.server, *(member.child for member in self.members.values())]

    async def close(self) -> None:
        """No process is left."""
        devices = [member.child.stop() for member in self.members.values()]
        await asyncio.gather(*devices)
        await self.server.stop()

    async def _until(self, done: Callable[[], bool]) -> None:
        """Raises DemoError if nothing goes on any more."""
        while not done():
            self._progress.clear()
            try:
                await asyncio.wait_for(self._progress.wait(), STANDSTILL)
            except TimeoutError:
                raise DemoError(f"nothing has happened for {STANDSTILL:.0f} s") from None

    def _server_told(self, report: Report) -> None:
        match report:
            case Serving(port):
                self._port = port
            case Mailboxes(waiting):
                if waiting == self.mailboxes:
                    return
                self.mailboxes = waiting
        self._progress.set()

    def _server_setup(self, start: int) -> ServerSetup:
        path = str(store_path(self._folder, SERVER))
        transcript = None if self._plan.transcript is None else str(self._plan.transcript)
        return ServerSetup(path, self._port, self._plan.faults, self._seed(SERVER, start), transcript)

    def _device(self, role: Role) -> Child:
        path = str(store_path(self._folder, role.name))
        user = role.user if role.is_phone else None

        def setup(start: int) -> DeviceSetup:
            return DeviceSetup(role.name, user, path, self._port, self._plan.faults, self._seed(role.name, start))

        return Child(role.name, self._device_module, self._folder, setup)

    def _seed(self, name: str, start: int) -> str:
        return f"{self._plan.seed} {name} {start}"
