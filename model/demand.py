"""History on demand: a companion asks its phone for the older messages of a chat, and adds what it lacks.

The request is a peer message, and so is the answer, with the key of a blob as in `model/history.py`. The phone answers
companions of its account that it still lists. The companion takes an answer only if it has asked, only from its own
phone, and once. What it has already stays as it is: nothing that came end to end is replaced by what the phone says,
and what is told twice is there once.

The adversary may ask as a device of its own, and answer in the name of one that it runs or has copied, asked or not.

Source: white paper, "Message history synchronization"; wire.md, section 10.4; checks in `impl/history/demand.py`.
"""

from __future__ import annotations

from typing import Any

from model.accounts import Accounts, Device, acts, own_phone
from model.compromise import Compromise, adversarial, copied
from model.ephemeral import Ephemeral, stays
from model.fanout import Fanout, Message, listed_for, same_account
from model.history import History, had, has
from model.language import Formula, Module, Relation, Sort, action, along, require, some, when
from model.linking import confirmed, genuine


class Query(Sort):
    """A request for the older messages of a chat."""


class Demand(Module):
    """Requests, answers, and what companions took."""

    of = Relation(Query, gives=Device, frozen=True)  # in whose name it is
    to = Relation(Query, gives=Device, frozen=True)  # the phone that is asked
    about = Relation(Query, Message, frozen=True)  # what is older in that chat

    asked = Relation(Query)  # by the device itself
    pretended = Relation(Query)  # by a device of the adversary
    answered = Relation(Query)  # by the phone
    counterfeited = Relation(Query, Device)  # the adversary has answered in the name of this device
    told = Relation(Query, Message)  # what the phone packed
    blob = Relation(Query)  # the server holds it
    key = Relation(Query)  # its key is under way
    swapped = Relation(Query)  # the adversary has put another blob in its place
    took = Relation(Query, Device)  # the answer of this device was taken
    took_twice = Relation(Query)

    @action
    def ask(query: Query) -> None:
        """A companion asks its phone for what {query} is about."""
        companion, phone = Demand.of(query), Demand.to(query)
        acts(companion)
        when(
            companion_of_the_phone=Accounts.linked(companion) & own_phone(phone, companion),
            met=Fanout.met(companion, phone),
            new=~Demand.asked(query),
        )
        Demand.asked[query] = True

    @action
    def pretend(query: Query) -> None:
        """A device of the adversary asks the phone, as if that were its own."""
        when(adversary=Accounts.rogue(Demand.of(query)), new=~Demand.pretended(query))
        Demand.pretended[query] = True

    @action
    def answer(query: Query) -> None:
        """The phone gets {query}, and packs what it has of that: blob to the server, key in a peer message."""
        device, phone = Demand.of(query), Demand.to(query)
        acts(phone)
        when(
            is_a_phone=Accounts.phone(phone),
            another=device != phone,
            made=Demand.asked(query) | Demand.pretended(query),
            first_time=~Demand.answered(query),
        )
        require(
            signatures=genuine(device) & confirmed(device),
            author_listed=listed_for(phone, device),
            from_own_account=same_account(phone, device),
        )
        Demand.answered[query] = True
        Demand.told[query, :] = lambda message: Demand.told(query, message) | to_be_told(phone, query, message)
        Demand.blob[query] = True
        Demand.key[query] = True
        Compromise.knows[device, :] = lambda message: (
            Compromise.knows(device, message) | (Accounts.compromised(device) & to_be_told(phone, query, message))
        )
        Fanout.met[phone, device] = True

    @action
    def counterfeit(query: Query, sender: Device) -> None:
        """The adversary, speaking as {sender}, answers {query} with a history of its own making."""
        companion = Demand.of(query)
        when(
            adversary=adversarial(sender) & (Accounts.rogue(sender) | ~Accounts.phone(sender)),
            honest=~Accounts.rogue(companion) & Accounts.linked(companion),
            another=sender != companion,
            first_time=~Demand.counterfeited(query, sender) & (sender != Demand.to(query)),
        )
        Demand.counterfeited[query, sender] = True

    @action
    def swap(query: Query) -> None:
        """The server puts another blob in the place of the one that answers {query}."""
        when(there=Demand.blob(query))
        Demand.swapped[query] = True

    @action
    def take(query: Query, sender: Device) -> None:
        """The companion gets an answer to {query} from {sender}, fetches the blob and adds what it lacks."""
        companion = Demand.of(query)
        real = Demand.answered(query) & (sender == Demand.to(query))
        acts(companion)
        when(
            linked=Accounts.linked(companion),
            another=companion != sender,
            made=real | Demand.counterfeited(query, sender),
        )
        require(
            fresh=~Demand.took(query, sender),
            requested=Demand.asked(query),
            from_own_account=same_account(sender, companion),
            from_the_phone=Accounts.phone(sender),
            blob_intact=~(real & Demand.swapped(query)),
        )
        good = real & ~Demand.swapped(query)
        Demand.took_twice[query] = Demand.took(query, sender)
        Demand.took[query, sender] = True
        History.poisoned[companion] = ~good
        History.fetched[companion, :] = lambda message: (
            History.fetched(companion, message) | (good & Demand.told(query, message) & ~had(companion, message))
        )
        Ephemeral.there[companion, :] = lambda message: (
            Ephemeral.there(companion, message)
            | (good & Demand.told(query, message) & ~had(companion, message) & stays(companion, message))
        )
        Demand.blob[query] = False
        Demand.key[query] = False
        Fanout.met[companion, sender] = True

    @along(Compromise.compromise)
    def answers_copied(device: Device) -> None:
        def under_way(query: Any, message: Any) -> Formula:
            return (Demand.of(query) == device) & Demand.key(query) & Demand.told(query, message)

        Compromise.knows[device, :] = lambda message: (
            copied(device, message) | some(Query, lambda query: under_way(query, message))
        )


def to_be_told(phone: Any, query: Any, message: Any) -> Formula:
    """It is in that chat of the phone, and has not disappeared."""
    return Demand.about(query, message) & has(phone, message)
