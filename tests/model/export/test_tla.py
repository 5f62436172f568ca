"""TLA+ as exported, run: TLC cannot be had from a registry, so an evaluator of the syntax tree counts instead."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from model.configuration import Scope
from model.examples.two_phase_commit import FOR_GOOD, TOGETHER, TWO_PHASE_COMMIT, managers
from model.export.tla import tla
from model.language import Claim, System
from model.scope import scope
from model.simulate import Simulation, breadth_first
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from tests.conftest import NOT_CHECKED
from tests.model.export.evaluator import Evaluator, State
from tests.properties.exploration.test_checkers import nobody_commits, nobody_hears

STATED = [p for p in CATALOGUE.values() if p.stated]
SAID = "TLA+ was not run, for want of its parser; `make model-checkers` installs it"
pytestmark = pytest.mark.skipif(not find_spec("tla"), reason=f"{NOT_CHECKED}{SAID}")


def frozen(state: State) -> object:
    return tuple(tuple(value.items()) if isinstance(value, dict) else value for _, value in sorted(state.items()))


@pytest.mark.parametrize(
    ("system", "at", "claims"),
    [
        (TWO_PHASE_COMMIT, managers(3), [TOGETHER, FOR_GOOD]),
        (MULTI_DEVICE, scope("users=1,devices=2,lists=1,messages=0"), STATED),
    ],
)
def test_it_has_the_same_states_and_transitions_and_holds(system: System, at: Scope, claims: list[Claim]) -> None:
    module = Evaluator(tla(system, at, claims)[1])
    seen, todo, transitions = {frozen(module.start())}, [module.start()], 0
    for state in todo:
        for number, after in enumerate(module.steps(state)):
            transitions += 1
            if frozen(after) not in seen:
                seen.add(frozen(after))
                todo.append(after)
            if number == 0:  # every claim about every step would take minutes
                assert all(module.holds(str(c), state, after) for c in claims if c.about == "step")
        if len(todo) < 100:
            assert all(module.holds(str(c), state) for c in claims if c.about == "state")
    assert (len(seen), transitions) == breadth_first(Simulation(system, at))[:2]


def test_what_fails_is_false_there_too() -> None:
    claims = [Claim("state", nobody_commits), Claim("step", nobody_hears)]
    module = Evaluator(tla(TWO_PHASE_COMMIT, managers(1), claims)[1])
    todo, steps = [module.start()], []
    for state in todo:
        steps += [(state, after) for after in module.steps(state)]
        todo += [after for before, after in steps if before is state and after not in todo]
    assert not all(module.holds("nobody_commits", state) for state in todo)
    assert not all(module.holds("nobody_hears", *step) for step in steps)
