"""A published flaw as one small change to the correct implementation, switched on from outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True)
class Flaw:
    """`breaks` names properties of the catalogue, `needs` the adversary's capability (N network, C contact).

    `owner.name` is the one function that is swapped; `flawed` makes the replacement from the original.
    """

    id: str
    where: str
    change: str
    source: str
    breaks: tuple[str, ...]
    needs: str
    owner: Any = field(repr=False)
    name: str
    flawed: Callable[[Any], Any] = field(repr=False)

    @contextmanager
    def active(self) -> Iterator[None]:
        """The implementation has the flaw as long as this lasts."""
        with patch.object(self.owner, self.name, self.flawed(getattr(self.owner, self.name))):
            yield


def dropped(_: Callable[..., None]) -> Callable[..., None]:
    """The check or effect does not happen."""

    def nothing(*args: object) -> None:
        pass

    return nothing
