"""What happens in the demonstration, step by step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Protocol

from impl.demo.member import Role

ALICE, BOB = "15550002001", "15550002002"
NAMES = {ALICE: "alice", BOB: "bob"}
"""Whose numbers they are. Both are made up."""

PHONE = Role("alice", ALICE, BOB, is_phone=True)
DESKTOP, WEB, TABLET, PORTAL = (Role(f"alice-{each}", ALICE, BOB) for each in ("desktop", "web", "tablet", "portal"))
CONTACT = Role("bob", BOB, ALICE, is_phone=True)
CONTACT_WEB = Role("bob-web", BOB, ALICE)

CAST = (PHONE, DESKTOP, WEB, TABLET, PORTAL, CONTACT, CONTACT_WEB)


class Stage(Protocol):
    """Where the script is played; each of these returns once it is so."""

    async def enter(self, role: Role) -> None:
        """Its process runs, and is connected."""

    async def link(self, phone: Role, companion: Role) -> None:
        """The companion belongs to the account of the phone, and has its history."""

    async def say(self, shares: dict[Role, int]) -> None:
        """Each has said so many more messages."""

    async def settle(self) -> None:
        """Everybody who is on has everything."""

    async def leave(self, role: Role) -> None:
        """Its process is no more."""


@dataclass(frozen=True)
class Step:
    what: str
    play: Callable[[Stage], Awaitable[None]]


def script(messages: int) -> list[Step]:
    """Two fifths of the messages with the phone, two fifths without it, one fifth when it is back."""
    apart = messages * 2 // 5
    early = [role for role in CAST if role is not PORTAL]
    alone = [role for role in CAST if role is not PHONE]

    async def gather(stage: Stage) -> None:
        for role in CAST:
            await stage.enter(role)
        for companion in (DESKTOP, WEB, TABLET):
            await stage.link(PHONE, companion)
        await stage.link(CONTACT, CONTACT_WEB)

    async def link_late(stage: Stage) -> None:
        await stage.settle()
        await stage.link(PHONE, PORTAL)

    return [
        Step("alice and bob register, and link their companions", gather),
        Step("six devices write", lambda stage: stage.say(shares(early, apart))),
        Step("alice's fourth companion is linked, and gets the history", link_late),
        Step("alice's phone is switched off", lambda stage: stage.leave(PHONE)),
        Step("the other six go on", lambda stage: stage.say(shares(alone, apart))),
        Step("alice's phone is back", lambda stage: stage.enter(PHONE)),
        Step("all seven write", lambda stage: stage.say(shares(CAST, messages - 2 * apart))),
    ]


def shares(roles: Sequence[Role], messages: int) -> dict[Role, int]:
    """The messages, dealt out one by one."""
    dealt = list(islice(cycle(roles), messages))
    return {role: dealt.count(role) for role in roles}
