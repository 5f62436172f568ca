"""Limits of fan-out."""

from __future__ import annotations

from model.accounts import Accounts, Device, active
from model.fanout import Fanout, Message, listed_for, same_account
from model.language import Formula, either, implies
from properties.property import step


@step(
    "KL-5",
    "A message that goes to one device of an account goes to all of them, whoever writes it.",
    source="fan-out by design: each device has a ciphertext of its own, and nobody compares what is in them",
    against="C",
)
def one_message_for_all(message: Message, one: Device, other: Device) -> Formula:
    author = Fanout.author(message)
    goes = ~Fanout.sealed(message, one) & Fanout.sealed.after(message, one) & same_account(one, other)
    known = either(Accounts.rogue(author), active(other), Fanout.met(author, other) & listed_for(author, other))
    for_all = ~Fanout.once(message) & (other != author)  # what opens once goes to phones alone
    return implies(goes & known & for_all, Fanout.sealed.after(message, other))
