"""The shortest way to a premise."""

from __future__ import annotations

import pytest

from model.scope import scope
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration import search
from properties.exploration.why import why


def test_a_premise_is_met_at_the_end_of_a_shortest_way() -> None:
    claims = [CATALOGUE[id] for id in ("H1", "D2", "G1")]
    read, everywhere, never = why(MULTI_DEVICE, scope("tiny"), claims)
    assert read.premised and read.trace and read.trace.found_by == "explore"
    simulation = Simulation(MULTI_DEVICE, scope("tiny"))
    steps = [(outcome.before, outcome.after) for outcome in read.trace.replay(simulation)]
    assert [simulation.premise_met(claims[0], *step) for step in steps] == [False] * (len(steps) - 1) + [True]
    assert not everywhere.premised and everywhere.trace is None
    assert never.premised and never.trace is None, "there are no groups at this scope"


def test_what_was_cut_short_is_not_said_to_be_met_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAUSE", 0)

    def interrupt(progress: search.Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        why(MULTI_DEVICE, scope("tiny"), [CATALOGUE["H1"]], progress=interrupt)
