"""Limits of what is told of deliveries."""

from __future__ import annotations

from model.accounts import Accounts, Device
from model.fanout import Fanout, Message, same_account
from model.language import Formula, implies, invariant
from model.receipts import Notice, Receipt, Receipts
from properties.catalogue.fanout import equal_conversations
from properties.property import always, step


@step(
    "KL-2",
    "Who is told that a message is on one device of an account is told nothing that sets it apart from the others.",
    source="Careless Whisper, 2024: receipts name the device, so they tell which are there, and when",
    against="-",
    lean_on=[equal_conversations],
)
def no_receipt_before_all_have_it(receipt: Receipt, other: Device) -> Formula:
    message, device = Receipts.about(receipt), Receipts.by(receipt)
    is_told = ~Receipts.told(message, device) & Receipts.told.after(message, device)
    elsewhere = same_account(device, other) & Fanout.sealed(message, other) & ~Accounts.rogue(other)
    return implies(is_told & Receipts.given(receipt) & elsewhere, Fanout.received(other, message))


@step(
    "KL-6",
    "Who is told that nothing more waits for it has all that was sent to it.",
    source="asynchronous messaging: nothing vouches for the newest but what comes after it",
    against="N",
    lean_on=[equal_conversations],
)
def who_hears_that_this_is_all_has_all(notice: Notice, message: Message) -> Formula:
    device = Receipts.to(notice)
    is_told = ~Receipts.noticed(notice) & Receipts.noticed.after(notice)
    return implies(is_told & Fanout.sealed(message, device) & ~Accounts.rogue(device), Fanout.received(device, message))


@invariant()
def who_gives_a_receipt_has_it(receipt: Receipt) -> Formula:
    return implies(Receipts.given(receipt), Fanout.received(Receipts.by(receipt), Receipts.about(receipt)))


@always(
    "KL-16",
    "What an author keeps no longer, because it is told that it has arrived, has arrived.",
    source="wire.md, section 8.6: receipts are neither sealed nor signed",
    against="N",
    lean_on=[who_gives_a_receipt_has_it],
)
def what_is_said_to_be_there_is_there(message: Message, device: Device) -> Formula:
    return implies(Receipts.told(message, device), Fanout.received(device, message))
