"""Stale lists: a newer one that is mentioned in chat is asked for, and an old one expires.

Every message says by which lists its author goes. Who hears of a newer list than it has asks the server for it. The
server may keep it back: so a list that the account itself has called outdated ends with the next daily check, as does
one that has become 35 days old. Then nothing is said to the companions that it names, until a newer one comes; the
phone is written to as before. A companion whose own list has ended leaves its account. What anybody else says of an
account only makes its readers ask: nobody but the account itself can end its list before its time.

A device that is told of no newer list goes by the one that it has, until that is 35 days old (KL-14). Which lists are
genuine is settled in `model/devicelist.py`: here the server shows no others.

Source: white paper, "In-chat device consistency" and "Device lists"; wire.md, sections 4.5 and 4.6; checks in
`impl/consistency.py` and `impl/list_expiry.py`.
"""

from __future__ import annotations

from typing import Any

from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    action,
    axiom,
    either,
    every,
    implies,
    initially,
    require,
    some,
    when,
)


class Party(Sort):
    """An account with companions, to which others write."""


class Edition(Sort):
    """A device list of a party, with its date."""


class Reader(Sort):
    """A device that writes to parties, and goes by one edition of the list of each; it may be a companion of one."""


class Freshness(Module):
    """By which lists readers go, what they have heard of newer ones, and what has become of them in time."""

    of = Relation(Party, Edition, frozen=True)
    older = Relation(Edition, Edition, frozen=True)  # by date
    first = Relation(Party, gives=Edition, frozen=True)
    home = Relation(Reader, Party, frozen=True)  # the reader is a companion of this party
    rogue = Relation(Party, frozen=True)  # its devices follow no rules, and speak of lists that do not exist

    signed = Relation(Party, Edition)
    current = Relation(Party, gives=Edition)  # the newest that was signed
    aged = Relation(Edition)  # 35 days have gone by since its date
    view = Relation(Reader, Party, gives=Edition)
    in_force = Relation(Reader, Party)  # the reader writes to the companions that its view names
    expects = Relation(Reader, Party, gives=Edition)  # the newest that the party itself has spoken of
    in_doubt = Relation(Reader, Party)  # the list is to be asked for
    asked = Relation(Reader, Party)  # it was asked for since it was last in doubt
    told = Relation(Reader, Edition)  # somebody has spoken of it while the reader went by an older one
    assured = Relation(Reader, Edition)  # the party itself has
    left = Relation(Reader)  # it belongs to no account any more
    over = Relation(Reader, Party, Edition)  # at a check it had expired
    sealed = Relation(Reader, Edition)  # there is a ciphertext for a companion that it names
    sealed_late = Relation(Reader, Edition)

    @axiom
    def an_edition_has_one_party(one: Party, other: Party, edition: Edition) -> Formula:
        return implies(Freshness.of(one, edition) & Freshness.of(other, edition), one == other)

    @axiom
    def every_party_starts_with_a_list(party: Party) -> Formula:
        return Freshness.of(party, Freshness.first(party))

    @axiom
    def dates_have_no_loops(edition: Edition) -> Formula:
        return ~Freshness.older(edition, edition)

    @axiom
    def dates_are_transitive(one: Edition, two: Edition, three: Edition) -> Formula:
        return implies(Freshness.older(one, two) & Freshness.older(two, three), Freshness.older(one, three))

    @axiom
    def dates_are_total(one: Edition, other: Edition) -> Formula:
        return Freshness.older(one, other) | Freshness.older(other, one) | (one == other)

    @axiom
    def a_reader_has_one_home(reader: Reader, one: Party, other: Party) -> Formula:
        return implies(Freshness.home(reader, one) & Freshness.home(reader, other), one == other)

    @initially
    def start() -> None:
        Freshness.signed[:, :] = lambda party, edition: edition == Freshness.first(party)
        Freshness.current[:] = lambda party: Freshness.first(party)
        Freshness.view[:, :] = lambda reader, party: Freshness.first(party)
        Freshness.in_force[:, :] = lambda reader, party: True
        Freshness.expects[:, :] = lambda reader, party: Freshness.first(party)

    @action
    def sign(party: Party, edition: Edition) -> None:
        """The phone of {party} signs the list {edition}."""
        when(
            own=Freshness.of(party, edition),
            newer=Freshness.older(Freshness.current(party), edition),
            dated_now=~Freshness.aged(edition),
        )
        Freshness.signed[party, edition] = True
        Freshness.current[party] = edition

    @action
    def age(edition: Edition) -> None:
        """{edition} has become 35 days old."""
        when(
            not_yet=~Freshness.aged(edition),
            in_turn=every(Edition, lambda other: implies(Freshness.older(other, edition), Freshness.aged(other))),
        )
        Freshness.aged[edition] = True

    @action
    def hear(reader: Reader, party: Party, edition: Edition) -> None:
        """{reader} gets a message of a device of {party}, which goes by its own list {edition}."""
        when(
            here=~Freshness.left(reader),
            own=Freshness.of(party, edition),
            goes_by_it=Freshness.signed(party, edition) | Freshness.rogue(party),
        )
        newer = Freshness.older(Freshness.view(reader, party), edition)
        doubt(reader, party, edition)
        Freshness.assured[reader, edition] = Freshness.assured(reader, edition) | newer
        Freshness.expects[reader, party] = either(
            newer & Freshness.older(Freshness.expects(reader, party), edition),
            edition,
            Freshness.expects(reader, party),
        )

    @action
    def overhear(reader: Reader, party: Party, edition: Edition) -> None:
        """{reader} gets a message of somebody else, who says, truly or not, that {party} has the list {edition}."""
        when(here=~Freshness.left(reader), own=Freshness.of(party, edition))
        doubt(reader, party, edition)

    @action
    def ask(reader: Reader) -> None:
        """{reader} asks the server for every list that is in doubt."""
        when(here=~Freshness.left(reader), something=some(Party, lambda party: Freshness.in_doubt(reader, party)))
        put_the_question(reader)

    @action
    def show(reader: Reader, party: Party, edition: Edition) -> None:
        """The server shows {reader} the list {edition} of {party}, asked or unasked."""
        view = Freshness.view(reader, party)
        when(here=~Freshness.left(reader), own=Freshness.of(party, edition), genuine=Freshness.signed(party, edition))
        require(
            not_older=Freshness.older(view, edition) | ((view == edition) & Freshness.in_force(reader, party)),
        )
        Freshness.view[reader, party] = edition
        Freshness.in_force[reader, party] = True

    @action
    def check(reader: Reader) -> None:
        """A day later {reader} asks for what is old or awaited; nothing comes, and what has expired is out of use."""
        when(
            here=~Freshness.left(reader),
            something=some(Party, lambda party: Freshness.in_force(reader, party) & expired(reader, party)),
        )
        put_the_question(reader)
        Freshness.over[reader, :, :] = lambda party, edition: (
            Freshness.over(reader, party, edition)
            | ((Freshness.view(reader, party) == edition) & expired(reader, party))
        )
        Freshness.in_force[reader, :] = lambda party: (
            Freshness.in_force(reader, party) & (~expired(reader, party) | Freshness.home(reader, party))
        )
        Freshness.left[reader] = some(Party, lambda party: Freshness.home(reader, party) & expired(reader, party))

    @action
    def write(reader: Reader, party: Party, edition: Edition) -> None:
        """{reader} says something to {party}, also to the companions that the list {edition} names."""
        when(here=~Freshness.left(reader), goes_by_it=Freshness.view(reader, party) == edition)
        require(in_force=Freshness.in_force(reader, party))
        Freshness.sealed[reader, edition] = True
        Freshness.sealed_late[reader, edition] = Freshness.over(reader, party, edition)


def doubt(reader: Any, party: Any, edition: Any) -> None:
    """A message says that there is this edition: if it is news, the list is to be asked for."""
    newer = Freshness.older(Freshness.view(reader, party), edition)
    Freshness.told[reader, edition] = Freshness.told(reader, edition) | newer
    Freshness.in_doubt[reader, party] = Freshness.in_doubt(reader, party) | newer
    Freshness.asked[reader, party] = Freshness.asked(reader, party) & ~newer


def put_the_question(reader: Any) -> None:
    """The server is asked for all that is in doubt."""
    Freshness.asked[reader, :] = lambda party: Freshness.asked(reader, party) | Freshness.in_doubt(reader, party)
    Freshness.in_doubt[reader, :] = lambda party: False


def outdated(reader: Any, party: Any) -> Formula:
    """The party itself has spoken of a newer list than the reader goes by."""
    return Freshness.older(Freshness.view(reader, party), Freshness.expects(reader, party))


def expired(reader: Any, party: Any) -> Formula:
    """The list that the reader goes by is not to be used any longer."""
    return Freshness.aged(Freshness.view(reader, party)) | outdated(reader, party)
