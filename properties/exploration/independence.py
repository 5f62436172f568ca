"""Independence at a scope: the moves of some actors read nothing of what they must not depend on."""

from __future__ import annotations

from dataclasses import dataclass

from model.expression import Algebra, Atom
from model.ground import GroundAction, ground
from model.instance import Reader
from model.language import System
from model.scope import Scope
from model.simulate import Move, Simulation
from properties.conditions import Without
from properties.property import Property


@dataclass(frozen=True)
class Independence:
    """How many ground moves were looked at, and those that depend on a forbidden relation, in words."""

    moves: int
    dependent: tuple[str, ...]


def independence(system: System, scope: Scope, claim: Property, without: Without = frozenset()) -> Independence:
    """Look at every move of the actors that the claim speaks of that can happen at the scope, and is not about it."""
    if any(scope.sizes[sort] == 0 for relation in claim.of for sort in relation.of):
        return Independence(0, ())  # there is nothing that they could depend on
    simulation, algebra = Simulation(system, scope, without), Algebra({})
    actors = _actors(system, scope, claim)
    moves = [
        (move, action)
        for action in ground(system, scope, without).actions
        for move in [Move(action.action, action.arguments)]
        if simulation.actor(move) in actors and not any(atom.relation in claim.of for atom in action.updates)
    ]
    dependent = [
        f"{move.action}({', '.join(move.named(scope).values())}) reads {', '.join(sorted(read))}"
        for move, action in moves
        if (read := {repr(atom.relation) for atom in _read(algebra, action) if atom.relation in claim.of})
    ]
    return Independence(len(moves), tuple(dependent))


def _actors(system: System, scope: Scope, claim: Property) -> set[str]:
    """The names of the elements that the claim, which reads the configuration alone, is true of."""
    algebra, state = Algebra({}), system.state()
    reader = Reader(system, scope, algebra, algebra.atom)
    variables = claim.variables(state.universe)
    applies = reader.read(claim.instance(variables, state))
    (sort,) = claim.parameters.values()
    names = zip(scope.names[sort], reader.elements(variables), strict=True)
    return {name for name, elements in names if applies(elements) is algebra.true}


def _read(algebra: Algebra, action: GroundAction) -> frozenset[Atom]:
    return algebra.atoms(action.condition).union(*map(algebra.atoms, action.updates.values()))
