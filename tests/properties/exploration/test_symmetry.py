"""States up to interchangeable elements: as many orbits as the plain model has, and the same verdicts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from model.accounts import Device
from model.configuration import Scope
from model.ground import ground
from model.language import Claim, Formula, Module, Relation, System, action, implies, initially, when
from model.linking import Linking
from model.scope import scope
from model.simulate import Simulation, State, breadth_first
from model.symmetry import Element, symmetry
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore

CLAIMS = [CATALOGUE[id] for id in ("L1", "L4", "D1", "D2", "H1", "H3", "G2", "G5")]


class Pointing(Module):
    """Devices point at each other, in values as in indexes: nothing of the protocol."""

    at = Relation(Device, gives=Device)
    ready = Relation(Device)
    pair = Relation(Device, Device)

    @initially
    def start() -> None:
        Pointing.at[:] = lambda device: device

    @action
    def wake(one: Device) -> None:
        """{one} is ready."""
        Pointing.ready[one] = True

    @action
    def look(one: Device, other: Device) -> None:
        """{one} looks where {other} looks."""
        when(anew=Pointing.at(one) == one, ready=Pointing.ready(other))
        Pointing.at[one] = Pointing.at(other)

    @action
    def meet(one: Device, other: Device) -> None:
        """{one} looks at {other}, which is noted once."""
        when(free=~Pointing.pair(Pointing.at(one), other) & ~Pointing.ready(one), another=one != other)
        Pointing.pair[one, other] = True
        Pointing.at[one] = other


POINTING = System("pointing", Pointing)
COMPANIONS = "users=1,devices=3,lists=1,messages=0"
PLACES = [
    (MULTI_DEVICE, COMPANIONS, 2),
    (MULTI_DEVICE, "users=1,devices=4,lists=0,messages=0", 6),
    (MULTI_DEVICE, "users=1,devices=2,lists=0,messages=3", 2),
    (POINTING, "users=1,devices=3,lists=0,messages=0", 2),
]


def exchanges(system: System, at: Scope) -> Iterator[dict[Element, Element]]:
    """Every way to exchange elements, written out."""
    elements = [Element(sort, i) for sort, n in at.sizes.items() for i in range(n)]
    classes = symmetry(ground(system, at)).classes
    for orders in itertools.product(*(itertools.permutations(c.blocks) for c in classes)):
        exchange = {element: element for element in elements}
        for c, order in zip(classes, orders, strict=True):
            exchange |= {a: b for old, new in zip(c.blocks, order, strict=True) for a, b in zip(old, new, strict=True)}
        yield exchange


def places(simulation: Simulation, exchange: dict[Element, Element]) -> list[tuple[int, dict[int, int]]]:
    """For each value of a state where it goes, and what becomes of it."""
    found = []
    for relation in simulation.system.mutable:
        for at in simulation.table(simulation.start, relation):
            there = tuple(exchange[Element(sort, i)].number for sort, i in zip(relation.of, at, strict=True))
            gives = relation.gives
            values = {e.number: other.number for e, other in exchange.items() if e.sort is gives}
            found.append((simulation.position(relation, *there), values))
    return found


def orbits(system: System, at: Scope) -> tuple[int, int]:
    """How many states the plain model has, and how many up to exchanges: slow, and without any of the explorer."""
    simulation = Simulation(system, at)
    ways = [places(simulation, exchange) for exchange in exchanges(system, at)]

    def image(state: State, way: list[tuple[int, dict[int, int]]]) -> State:
        moved = list(state)
        for value, (place, values) in zip(state, way, strict=True):
            moved[place] = values.get(value, value)
        return tuple(moved)

    seen, level = {simulation.start}, {simulation.start}
    while level:
        level = {after for state in level for _, after in simulation.successors(state)} - seen
        seen |= level
    waiting, number = set(seen), 0
    while waiting:
        state = waiting.pop()
        number += 1
        waiting -= {image(state, way) for way in ways}
    return len(seen), number


@pytest.mark.parametrize(("system", "name", "order"), PLACES)
def test_there_are_as_many_kinds_of_states_as_in_the_plain_model(system: System, name: str, order: int) -> None:
    found = explore(system, scope(name), symmetric=True)
    whole = explore(system, scope(name))
    assert found.symmetry.order == order
    assert (found.stands_for[0], found.states) == orbits(system, scope(name))
    assert found.stands_for == (whole.states, whole.transitions)
    assert found.depth == whole.depth and found.complete


def test_threads_change_nothing() -> None:
    one, two = (explore(MULTI_DEVICE, scope(COMPANIONS), symmetric=True, threads=threads) for threads in (1, 2))
    assert (one.levels, one.fired, one.stands_for) == (two.levels, two.fired, two.stands_for)


@pytest.mark.parametrize("name", ["insider", COMPANIONS])
def test_every_property_has_the_same_verdict(name: str) -> None:
    with_, without = (explore(MULTI_DEVICE, scope(name), CLAIMS, symmetric=symmetric) for symmetric in (True, False))
    assert with_.symmetry.order == 2 and with_.states < without.states
    assert with_.reached == without.reached
    assert not with_.counterexamples and not without.counterexamples
    assert with_.stands_for == (without.states, without.transitions)


DROPPED = [("devicelist.show", "not_older"), ("linking.confirm", "account_signature")]


@pytest.mark.parametrize("dropped", DROPPED, ids=".".join)
def test_counterexamples_are_real_and_as_short(dropped: tuple[str, str]) -> None:
    with_, without = (
        explore(MULTI_DEVICE, scope(COMPANIONS), CLAIMS, without=[dropped], stop_at_first=False, symmetric=symmetric)
        for symmetric in (True, False)
    )
    assert with_.symmetry.order == 2 and with_.reached == without.reached
    lengths = [{c.violation.claim: len(c.violation.path) for c in found.counterexamples} for found in (with_, without)]
    assert lengths[0] == lengths[1]
    simulation = Simulation(MULTI_DEVICE, scope(COMPANIONS), [dropped])
    for found in with_.counterexamples:
        before, after = ([simulation.start] + [outcome.after for outcome in found.trace.replay(simulation)])[-2:]
        states = (before, after) if found.violation.claim.about == "step" else (after,)
        assert simulation.holds(found.violation.claim, *states) == found.violation.instance


def test_a_claim_about_steps_between_interchangeable_elements() -> None:
    def nobody_looks_away(one: Device, other: Device, third: Device) -> Formula:
        looked = (Pointing.at(one) == other) & (one != other)
        return implies(looked & (third != other), Pointing.at.after(one) != third)

    claim, at = Claim("step", nobody_looks_away), scope("users=1,devices=3,lists=0,messages=0")
    (found,) = explore(POINTING, at, [claim], symmetric=True).counterexamples
    violation = breadth_first(Simulation(POINTING, at), [claim]).violation
    assert violation and len(found.violation.path) == len(violation.path)


def test_the_same_kind_of_state_violates_a_claim_wherever_it_is() -> None:
    def calm(one: Device, other: Device) -> Formula:
        return implies(one != other, ~(Linking.shows_qr(one) & Linking.shows_qr(other)))

    claim = Claim("state", calm)
    (found,) = explore(MULTI_DEVICE, scope(COMPANIONS), [claim], symmetric=True).counterexamples
    assert len(found.violation.path) == 2
