"""The sender keys of one device in one group: the newest, and former ones for what is still under way.

Source: libsignal, rust/protocol/src/sender_keys.rs, which besides moves a key that it hears of again to the front.
"""

from dataclasses import dataclass
from typing import Self

from impl.groups.state import SenderKeyState

MAX_STATES = 5
"""How many keys of one sender are kept; the oldest is given up first."""


@dataclass(frozen=True, slots=True)
class SenderKeyRecord:
    """States under different identifiers, newest first."""

    states: tuple[SenderKeyState, ...] = ()

    def find(self, id: int) -> SenderKeyState | None:
        return next((each for each in self.states if each.id == id), None)

    def learn(self, state: SenderKeyState) -> Self:
        """`state` joins as the newest.

        One that is known already has no effect: a distribution that is sent again would rewind the chain, and
        what was opened would open again. Under the same identifier another signing key takes the place of the old.
        """
        known = self.find(state.id)
        if known is not None and known.signing_key == state.signing_key:
            return self
        others = [each for each in self.states if each.id != state.id]
        return type(self)((state, *others)[:MAX_STATES])

    def update(self, state: SenderKeyState) -> Self:
        """`state` takes the place of the one with its identifier."""
        return type(self)(tuple(state if each.id == state.id else each for each in self.states))
