"""What the exported texts have in common, and what is refused."""

from __future__ import annotations

import re
from functools import cache

import pytest

from model.accounts import Accounts
from model.export.dot import dot
from model.export.murphi import murphi
from model.export.promela import promela
from model.export.tla import tla
from model.kinds import KINDS
from model.language import ModelError
from model.scope import SCOPES, WALKED, scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE

STATED = [p for p in CATALOGUE.values() if p.stated]


@cache
def texts() -> list[str]:
    at = MULTI_DEVICE, scope("tiny")
    return [promela(*at), murphi(*at), tla(*at)[1]]


def test_names_and_guards_are_those_of_the_model() -> None:
    for text in (
        promela(MULTI_DEVICE, scope("tiny")),
        murphi(MULTI_DEVICE, scope("tiny")),
        tla(MULTI_DEVICE, scope("tiny"))[1],
    ):
        assert re.search(r"linking_vouched\b|linking_vouched_alice_alice_web\b", text)
        assert "linking_secret" in text and "alice" in text


def with_every_kind() -> list[str]:
    """Scopes that together have elements of every sort."""
    small = [name for name in SCOPES if name not in WALKED]
    having = ([name for name in small if SCOPES[name].more[kind.key]] for kind in KINDS)
    return sorted({names[0] for names in having if names})


@pytest.mark.parametrize("name", with_every_kind())
def test_what_only_some_scopes_have_is_written_too(name: str) -> None:
    assert murphi(MULTI_DEVICE, SCOPES[name])
    assert tla(MULTI_DEVICE, SCOPES[name], STATED)


def test_sorts_without_elements_go() -> None:
    for text in (
        promela(MULTI_DEVICE, scope("tiny")),
        murphi(MULTI_DEVICE, scope("tiny")),
        tla(MULTI_DEVICE, scope("tiny"))[1],
    ):
        assert "groups" not in text


def test_elements_that_are_alike_are_a_scalarset_and_others_an_enumeration() -> None:
    text = murphi(MULTI_DEVICE, scope("users=1,devices=4,lists=2,messages=0"))
    assert "Any_Device: scalarset(3);" in text and "  -- alike: alice.web, 1\n" in text
    assert "DeviceList: enum {alice_0, alice_1, alice_2};" in text
    assert "scalarset" not in murphi(MULTI_DEVICE, scope("tiny"))


def test_only_claims_about_states_and_steps_are_written() -> None:
    for language in (promela, murphi, tla):
        with pytest.raises(ModelError, match="only claims about states and steps"):
            language(MULTI_DEVICE, scope("tiny"), [Accounts.one_phone_each])


def test_a_graph_that_nobody_could_look_at_is_refused() -> None:
    with pytest.raises(ModelError, match="more than 100 states, too many to draw"):
        dot(MULTI_DEVICE, scope("tiny"), most=100)
