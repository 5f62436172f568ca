"""Limits of device lists."""

from __future__ import annotations

from model.freshness import Edition, Freshness, Party, Reader
from model.language import Formula, implies, invariant
from properties.lemmas.freshness import an_edition_that_is_gone_by_is_signed
from properties.property import step


@invariant()
def who_signs_owns(party: Party, edition: Edition) -> Formula:
    return implies(Freshness.signed(party, edition), Freshness.of(party, edition))


@step(
    "KL-14",
    "Once an account has signed a new list, nothing more is said to the companions that its former one names.",
    source="device lists by design: the server brings them, and there is no sign of one that it keeps back",
    against="N R",
    lean_on=[an_edition_that_is_gone_by_is_signed, who_signs_owns],
)
def nothing_by_a_former_list(reader: Reader, party: Party, edition: Edition) -> Formula:
    says = ~Freshness.sealed(reader, edition) & Freshness.sealed.after(reader, edition)
    return implies(says & Freshness.of(party, edition), edition == Freshness.current(party))
