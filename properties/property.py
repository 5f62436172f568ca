"""What a property is: a claim about the model with an id, a source and the threat that it answers.

Kinds: `always` (every state), `step` (every pair of neighbouring states), `independent` (two runs that differ
only in some relations allow the same), `refusal` (what an honest party refuses changes nothing), `progress` (from every
state one can be reached in which it is true, by moves that are named).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from model.language import Claim, ModelError, Relation, Through

Sentence = Callable[..., Any]
Steps = list[tuple[Any, ...]]
"""Moves: an action and its arguments each."""
Way = Callable[..., Steps]


class Property(Claim):
    """A claim of the catalogue. `kind` is always, step, independent, refusal or progress.

    `source` says where it comes from, `against` whom it is meant for (ids of the threat model); `of` are the
    relations that an independent property says nobody depends on. Progress is made `through` some moves; a proof is
    given the `way`.
    """

    def __init__(
        self, kind: str, id: str, statement: str, source: str, against: str, fn: Sentence, lemmas: Iterable[Claim]
    ) -> None:
        super().__init__("step" if kind == "step" else "state", fn, lemmas)
        self.kind, self.id, self.statement, self.source, self.against = kind, id, statement, source, against
        self.of: tuple[Relation, ...] = ()
        self.moves: Through = {}
        self.way: Way | None = None

    @property
    def through(self) -> Through:
        return self.moves

    @property
    def stated(self) -> bool:
        """Whether it is about states or steps alone, so that it can be looked at on the way."""
        return self.kind in ("always", "step")

    @property
    def explored(self) -> bool:
        """Whether a search of all states can tell."""
        return self.stated or self.kind == "progress"

    def __repr__(self) -> str:
        return self.id


def _decorator(kind: str) -> Callable[..., Callable[[Sentence], Property]]:
    def declare(
        id: str, statement: str, *, source: str, against: str, lean_on: Iterable[Claim] = ()
    ) -> Callable[[Sentence], Property]:
        return lambda fn: Property(kind, id, statement, source, against, fn, lean_on)

    return declare


always = _decorator("always")
step = _decorator("step")
refusal = _decorator("refusal")


def independent(
    id: str, statement: str, *, of: Iterable[Relation], source: str, against: str
) -> Callable[[Sentence], Property]:
    """No action of the actors that `fn` describes depends on the relations `of`."""

    def declare(fn: Sentence) -> Property:
        found = Property("independent", id, statement, source, against, fn, ())
        found.of = tuple(of)
        return found

    return declare


def progress(
    id: str,
    statement: str,
    *,
    through: Through,
    way: Way,
    source: str,
    against: str,
    lean_on: Iterable[Claim] = (),
) -> Callable[[Sentence], Property]:
    """From every state one can be reached in which `fn` is true of all elements, by the moves of `through` alone.

    `way` gives, for elements of which it is not true, moves that make it so and undo nothing.
    """

    if not through:
        raise ModelError(f"{id} is to come true through no moves; name the actions whose moves count")

    def declare(fn: Sentence) -> Property:
        found = Property("progress", id, statement, source, against, fn, lean_on)
        found.moves, found.way = through, way
        return found

    return declare
