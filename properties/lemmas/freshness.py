"""Lemmas about stale lists, for the properties that lean on them."""

from __future__ import annotations

from model.freshness import Edition, Freshness, Party, Reader
from model.language import Formula, implies, invariant


@invariant()
def the_newest_that_was_spoken_of_is_expected(reader: Reader, party: Party, edition: Edition) -> Formula:
    spoken_of = Freshness.of(party, edition) & Freshness.assured(reader, edition)
    return implies(spoken_of, ~Freshness.older(Freshness.expects(reader, party), edition))


@invariant()
def the_current_edition_is_the_newest(party: Party, edition: Edition) -> Formula:
    return implies(Freshness.signed(party, edition), ~Freshness.older(Freshness.current(party), edition))


@invariant()
def an_edition_that_is_gone_by_is_signed(reader: Reader, party: Party) -> Formula:
    return Freshness.signed(party, Freshness.view(reader, party))


@invariant()
def what_is_expected_exists(reader: Reader, party: Party) -> Formula:
    return implies(~Freshness.rogue(party), Freshness.signed(party, Freshness.expects(reader, party)))


@invariant()
def what_is_over_was_gone_by(reader: Reader, party: Party, edition: Edition) -> Formula:
    over = Freshness.over(reader, party, edition)
    return implies(over, ~Freshness.older(Freshness.view(reader, party), edition))
