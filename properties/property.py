"""What a property is: a claim about the model with an id, a source and the threat that it answers.

Kinds: `always` (every state), `step` (every pair of neighbouring states), `independent` (two runs that differ
only in some relations allow the same), `refusal` (what an honest party refuses changes nothing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from model.language import Claim, Relation

Sentence = Callable[..., Any]


class Property(Claim):
    """A claim of the catalogue. `kind` is always, step, independent or refusal.

    `source` says where it comes from, `against` whom it is meant for (ids of the threat model); `of` are the
    relations that an independent property says nobody depends on.
    """

    def __init__(
        self, kind: str, id: str, statement: str, source: str, against: str, fn: Sentence, lemmas: Iterable[Claim]
    ) -> None:
        super().__init__("step" if kind == "step" else "state", fn, lemmas)
        self.kind, self.id, self.statement, self.source, self.against = kind, id, statement, source, against
        self.of: tuple[Relation, ...] = ()

    @property
    def stated(self) -> bool:
        """Whether it is about states or steps alone, so that it can be looked at on the way."""
        return self.kind in ("always", "step")

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
