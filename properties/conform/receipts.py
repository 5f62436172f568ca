"""Receipts: what devices say of messages, what the server passes on or makes up, and what authors make of it."""

from __future__ import annotations

from collections.abc import Mapping

from impl.client import inbox
from impl.client.drive import drive
from impl.dialogue import Acknowledge, Receipted
from model.receipts import Receipts
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Receipts.give)
def give(world: World, receipt: str) -> None:
    spec = world.receipts[receipt]
    device, own = world.device(spec.device), world.address(spec.device)
    author = world.address(world.spec_of(spec.message).author)
    drive(inbox.confirm(device, world.message_id(spec.message), author), lambda said: world.server.answer(own, said))
    if receipt in waiting(world):
        world.given.add(receipt)


@performs(Receipts.hand_over)
def hand_over(world: World, receipt: str) -> None:
    """The author believes what the server says; what is in its mailbox is no other than what is made up."""
    spec = world.receipts[receipt]
    author = world.spec_of(spec.message).author
    world.device(author).delivered(world.message_id(spec.message), world.address(spec.device))
    if number := waiting(world).get(receipt):
        world.server.answer(world.address(author), Acknowledge((number,)))


@performs(Receipts.notify)
def notify(world: World, notice: str) -> None:
    """No client does anything upon it, so there is nothing that could be refused."""
    world.noticed.add(notice)


def waiting(world: World) -> dict[str, int]:
    """The receipts that are in the mailboxes of authors, with the number of the entry."""
    found = {}
    for name, spec in world.receipts.items():
        author = world.address(world.spec_of(spec.message).author)
        for entry in world.server.mailboxes.waiting(author):
            if isinstance(entry.event, Receipted):
                said = entry.event.receipt
                if (said.id, said.sender) == (world.message_id(spec.message), world.address(spec.device)):
                    found[name] = entry.number
    return found


@observes(Receipts.given)
def given(world: World) -> Seen:
    return {(receipt,): receipt in world.given for receipt in world.receipts}


@observes(Receipts.told)
def told(world: World) -> Seen:
    """Whom the author waits for no longer, of those for whom it has sealed the message."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for spec in world.receipts.values():
        author, id = world.peek(world.spec_of(spec.message).author), world.message_id(spec.message)
        if (spec.message, spec.device) in world.captured:
            kept = author.sent.get(id)
            seen[spec.message, spec.device] = kept is None or world.address(spec.device) not in kept.waiting
    return seen


@observes(Receipts.noticed)
def noticed(world: World) -> Seen:
    return {(notice,): notice in world.noticed for notice in world.notices}
