"""The catalogue: what every property must bring along."""

from __future__ import annotations

import pytest

from model.language import ModelError
from properties import catalogue
from properties.catalogue import BY_AREA, CATALOGUE, area_of, property_of
from properties.property import Property
from properties.words import THREATS

PROPERTIES = pytest.mark.parametrize("property", CATALOGUE.values(), ids=str)


def test_ids_are_unique() -> None:
    ids = [property.id for found in BY_AREA.values() for property in found]
    assert len(ids) == len(set(ids)) == len(CATALOGUE) >= 26


def test_no_module_of_the_catalogue_is_left_out() -> None:
    modules = {
        module for module in vars(catalogue).values() if getattr(module, "__package__", "") == catalogue.__name__
    }
    found = {p for module in modules for p in vars(module).values() if isinstance(p, Property)}
    assert found == set(CATALOGUE.values())


@PROPERTIES
def test_a_property_says_what_it_claims_and_where_that_comes_from(property: Property) -> None:
    assert property.statement.endswith(".") and property.statement[0].isupper()
    assert property.source
    assert property.against.split() and set(property.against.split()) <= THREATS.keys()
    assert area_of(property) in BY_AREA


@PROPERTIES
def test_what_a_property_leans_on_is_about_states(property: Property) -> None:
    assert {lemma.about for lemma in property.lemmas} <= {"state"}


def test_an_id_may_be_written_small() -> None:
    assert property_of("l4") is CATALOGUE["L4"]


def test_an_unknown_id_names_the_nearest_and_all() -> None:
    with pytest.raises(ModelError, match=r"no property has the id 'L44'; did you mean L4\? There are: L1, L2"):
        property_of("L44")
