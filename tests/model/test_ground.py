"""Grounding and machine code: exactly what the plain model does, and nothing kept that cannot change."""

from __future__ import annotations

import pytest

from model.accounts import Accounts, Device, User
from model.devicelist import DeviceLists
from model.expression import Algebra, Atom, value
from model.ground import Ground, ground
from model.history import History
from model.language import (
    Claim,
    Formula,
    ModelError,
    Module,
    Relation,
    Sort,
    System,
    action,
    every,
    implies,
    initially,
    require,
    some,
    when,
)
from model.linking import Linking
from model.native import native
from model.scope import scope
from model.simulate import Simulation, State
from model.systems import MULTI_DEVICE


class Game(Module):
    """Pieces that chase each other: every word of the language, nothing of messaging."""

    at = Relation(Device, gives=User)
    chases = Relation(Device, gives=Device)
    caught = Relation(User, Device)
    idle = Relation(Device)
    swapped = Relation(Device)

    @initially
    def start() -> None:
        Game.at[:] = lambda piece: Accounts.owner(piece)
        Game.chases[:] = lambda piece: piece

    @action
    def chase(piece: Device, other: Device) -> None:
        """{piece} goes after {other}."""
        when(another=piece != other)
        require(
            alone=every(Device, lambda third: implies((third != piece) & (third != other), Game.chases(third) != other))
        )
        Game.chases[piece] = other

    @action
    def walk(piece: Device, to: User) -> None:
        """{piece} goes to {to}, and whoever is chased by it goes where the piece was."""
        require(not_there=Game.at(piece) != to)
        Game.at[piece] = to
        Game.at[Game.chases(piece)] = Game.at(piece)
        Game.swapped[:] = lambda other: Game.swapped(other) ^ (Game.at(other) == to)

    @action
    def catch(piece: Device) -> None:
        """{piece} catches the one that it chases, if they are in one place."""
        prey = Game.chases(piece)
        require(there=Game.at(piece) == Game.at(prey), awake=~Game.idle(piece))
        Game.caught[Game.at(piece), prey] = some(Device, lambda other: Game.chases(other) == piece)
        Game.idle[piece] = Game.idle(prey)


GAME = System("game", Accounts, Game)


def packed(ground: Ground, simulation: Simulation, state: State) -> tuple[int, ...]:
    """A state of the plain model as the machine code has it."""
    return ground.pack({atom: simulation.value(state, atom.relation, *atom.at) for atom in ground.domains})


@pytest.mark.parametrize(
    ("system", "sizes"),
    [(GAME, "users=2,devices=3,lists=0,messages=0"), (MULTI_DEVICE, "users=1,devices=2,lists=2,messages=1")],
)
def test_machine_code_takes_the_moves_of_the_plain_model(system: System, sizes: str) -> None:
    simulation, grounded = Simulation(system, scope(sizes)), ground(system, scope(sizes))
    code = native(grounded)
    seen, todo = {simulation.start}, [simulation.start]
    assert packed(grounded, simulation, simulation.start) == grounded.start
    while todo and len(seen) < 5_000:
        state = todo.pop(0)
        following = simulation.successors(state)
        expected = {(move.action, move.args, packed(grounded, simulation, after)) for move, after in following}
        got = code.follow(packed(grounded, simulation, state))
        assert {(found.action, found.arguments, after) for found, after in got} == expected
        assert len(got) == len(following)
        new = {after for _, after in following} - seen
        seen |= new
        todo.extend(sorted(new))
    assert len(seen) > 1_000


def test_a_packed_state_says_what_every_atom_is() -> None:
    simulation, grounded = Simulation(MULTI_DEVICE, scope("small")), ground(MULTI_DEVICE, scope("small"))
    linked = simulation.replace(simulation.start, Accounts.linked, [2], 1)
    values = grounded.unpack(packed(grounded, simulation, linked))
    assert {atom: simulation.value(linked, atom.relation, *atom.at) for atom in values} == values


def test_what_nothing_can_change_is_a_constant() -> None:
    grounded = ground(MULTI_DEVICE, scope("small"))
    relations = {atom.relation for atom in grounded.layout}
    assert Accounts.linked in relations
    assert Atom(Accounts.linked, (0,)) not in grounded.layout, "a phone never links"
    assert History.counterfeited not in relations, "nobody is a rogue at this scope"
    alices_lists = grounded.domains[Atom(DeviceLists.view, (1, 0))]
    assert alices_lists == {0, 2}, "bob never takes a list of his own for one of alice"
    assert len(grounded.layout) < len(grounded.domains) / 2


def test_a_dropped_condition_gives_atoms_back_that_it_kept_constant() -> None:
    kept = ground(MULTI_DEVICE, scope("small"))
    dropped = ground(MULTI_DEVICE, scope("small"), [("fanout.receive", "fresh")])
    new = {atom.relation.name for atom in dropped.layout} - {atom.relation.name for atom in kept.layout}
    assert new == {"fanout.received_twice"}


def test_an_action_that_cannot_happen_is_left_out() -> None:
    names = {action.action.name for action in ground(MULTI_DEVICE, scope("small")).actions}
    assert "linking.scan" in names
    assert names.isdisjoint({"fanout.forge", "history.counterfeit", "linking.vouch_unseen", "linking.unlink"})


def test_an_unknown_condition_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"linking\.confirm has no condition 'secret'; it has: .*linking_secret"):
        ground(MULTI_DEVICE, scope("tiny"), [("linking.confirm", "secret")])
    with pytest.raises(ModelError, match=r"no action is named 'linking\.confirn'"):
        ground(MULTI_DEVICE, scope("tiny"), [("linking.confirn", "linking_secret")])


def test_only_claims_about_states_and_steps_are_grounded() -> None:
    axiom = Claim("configuration", lambda: Linking.vouched)
    with pytest.raises(ModelError, match="only claims about states and steps"):
        ground(MULTI_DEVICE, scope("tiny"), (), [axiom])


def test_claims_become_formulas_about_atoms() -> None:
    def vouched_first(user: User, device: Device) -> Formula:
        """Nobody links without."""
        return implies(Linking.countersigned(user, device), Linking.vouched(user, device))

    (claim,) = ground(MULTI_DEVICE, scope("small"), (), [Claim("state", vouched_first)]).claims
    countersigned, vouched = Atom(Linking.countersigned, (0, 2)), Atom(Linking.vouched, (0, 2))
    for signed, allowed, holds in [(0, 0, 1), (0, 1, 1), (1, 1, 1), (1, 0, 0)]:
        assert value(claim.holds, {countersigned: signed, vouched: allowed}) == holds
        assert value(claim.premise, {countersigned: signed, vouched: allowed}) == signed


class Colour(Sort):
    """Red, green or blue."""


class Paint(Module):
    """One colour for each device."""

    colour = Relation(Device, gives=Colour)
    wet = Relation(Device)


def test_expressions_are_simplified_as_they_are_built() -> None:
    colour, wet = Atom(Paint.colour, (0,)), Atom(Paint.wet, (0,))
    dry, fixed = Atom(Paint.wet, (1,)), Atom(Paint.colour, (1,))
    sets = {colour: {0, 2}, wet: {0, 1}, dry: {0}, fixed: {2}}
    algebra = Algebra({atom: frozenset(domain) for atom, domain in sets.items()})
    x, w, not_w = algebra.atom(colour), algebra.atom(wet), algebra.negate(algebra.atom(wet))
    assert algebra.atom(dry) is algebra.false
    assert algebra.equals(x, 1) is algebra.false
    assert algebra.all([w, algebra.equals(x, 0), not_w]) is algebra.false
    assert algebra.any([w, not_w]) is algebra.true
    assert algebra.same(x, algebra.atom(fixed)) is algebra.equals(x, 2)
    assert algebra.either(w, algebra.false, algebra.true) is not_w
    chosen = algebra.choice(w, x, algebra.number(2))
    assert algebra.values(chosen) == {0, 2}
    assert algebra.equals(chosen, 0) is algebra.all([w, algebra.equals(x, 0)])


def test_one_atom_never_has_two_values_at_once() -> None:
    view = Atom(DeviceLists.view, (0, 0))
    algebra = Algebra({view: frozenset({0, 1, 2})})
    one, other = (algebra.equals(algebra.atom(view), k) for k in (1, 2))
    assert algebra.all((one, other)) is algebra.false  # in machine code it would be one test, for bits of both
    assert algebra.all((one, one)) is one and algebra.any((one, other)).kind == "or"
