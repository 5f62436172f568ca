"""Which moves of a ground system commute: one after the other, in either order, they end in the same state.

Two moves commute if neither changes what the other's condition or effect reads, and if what both of them change comes
out the same in either order.
"""

from __future__ import annotations

from model.expression import Algebra, Atom, Node
from model.ground import Ground, GroundAction


def commuting(ground: Ground) -> list[list[bool]]:
    """For each two actions, by their numbers in `ground.actions`.

    Where both are possible, either is so after the other, and the state after both does not depend on the order; where
    one is not possible, the other does not make it so.
    """
    algebra = Algebra(ground.domains)
    moves = [_Move(algebra, action) for action in ground.actions]
    return [[one.as_before(other) and other.as_before(one) for other in moves] for one in moves]


class _Move:
    def __init__(self, algebra: Algebra, action: GroundAction) -> None:
        self.changes = action.updates
        self._needs = algebra.atoms(action.condition)
        self._reads = {atom: algebra.atoms(value) for atom, value in action.updates.items()}
        self._adds = {atom: _added(algebra, atom, value) for atom, value in action.updates.items()}

    def as_before(self, other: _Move) -> bool:
        """After the other move it is possible where it was, and changes things as it would have."""
        return self._needs.isdisjoint(other.changes) and all(
            self._in_either_order(atom, other) if atom in other.changes else reads.isdisjoint(other.changes)
            for atom, reads in self._reads.items()
        )

    def _in_either_order(self, atom: Atom, other: _Move) -> bool:
        """Both move the atom: to one value, or both make it true where something holds that the other leaves alone."""
        mine, its = self.changes[atom], other.changes[atom]
        if mine.kind == its.kind == "number":
            return mine.parts == its.parts
        adds = self._adds[atom]
        return adds is not None and other._adds[atom] is not None and adds.isdisjoint(other.changes)


def _added(algebra: Algebra, atom: Atom, value: Node) -> frozenset[Atom] | None:
    """What decides, of an effect that only ever makes the atom true, besides what it was; None if it is no such."""
    if value.is_number(1):
        return frozenset()
    if value.kind != "or":
        return None
    others = [part for part in value.parts if (part.kind, part.parts) != ("atom", (atom,))]
    return frozenset().union(*map(algebra.atoms, others)) if len(others) < len(value.parts) else None
