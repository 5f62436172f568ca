"""Security codes in a world. Over which keys one is, is found by trying: a hash does not say."""

from __future__ import annotations

from functools import cache
from itertools import chain, combinations
from typing import TYPE_CHECKING

from impl.security_code import fingerprint
from model.kinds import CodeSpec

if TYPE_CHECKING:
    from properties.conform.world import World


class Comparisons:
    """The codes that were shown, by the names of the scope, and the devices behind each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.specs: dict[str, CodeSpec] = {row.name: row for row in world.scope.more["codes"]}
        self.covered: dict[str, set[str]] = {}

    def show(self, code: str) -> None:
        """A companion may have joined the other account; then it is its owner's with which it compares."""
        spec = self.specs[code]
        own = self.world.account(spec.device)
        (other,) = {self.world.specs[spec.device].owner, spec.other} - {own}
        shown = self.world.device(spec.device).security_code(other)
        self.covered[code] = {*self._behind(shown.local, own), *self._behind(shown.remote, other)}

    def _behind(self, half: bytes, user: str) -> tuple[str, ...]:
        """The devices of an account, or that claim to be, whose keys make this half of a code."""
        names = [name for name in self.world.specs if self.world.account(name) == user]
        keys = {name: self.world.peek(name).identity.public for name in names}
        sets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
        return next(some for some in sets if _half(user, frozenset(keys[name] for name in some)) == half)


@cache
def _half(user: str, identities: frozenset[bytes]) -> bytes:
    return fingerprint(user, identities)
