"""Whatever the network does, every genuine message opens once, to the right text, and nothing else opens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.sessions import SessionError
from impl.wire.errors import DecodeError
from tests.impl.sessions.sides import Sent, Side, strangers

MOVES = ("start", "say", "say", "deliver", "deliver", "lose", "replay", "forge")

# A chain is given up only after five later ones, and each of those takes four moves: no message of so short
# a schedule is ever too late.
SCHEDULE = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 5), st.booleans()), max_size=20)


class Network:
    """Two sides, what is between them, and what has arrived; `sides[to]` is who shall open a message."""

    def __init__(self) -> None:
        self.sides = strangers()
        self.under_way: list[tuple[int, Sent, bytes]] = []
        self.arrived: list[tuple[int, Sent]] = []
        self.said = 0

    def start(self, _: int, second: bool) -> None:
        self.sides[second].start(self.sides[not second])

    def say(self, pick: int, second: bool) -> None:
        speaker: Side = self.sides[second]
        if speaker.record is None:
            self.start(pick, second)
        text = f"message {self.said}".encode()
        self.said += 1
        self.under_way.append((1 - second, speaker.says(text), text))

    def deliver(self, pick: int, _: bool) -> None:
        if self.under_way:
            to, sent, text = self.under_way.pop(pick % len(self.under_way))
            assert self.sides[to].hears(sent) == text
            self.arrived.append((to, sent))

    def lose(self, pick: int, _: bool) -> None:
        if self.under_way:
            self.under_way.pop(pick % len(self.under_way))

    def replay(self, pick: int, _: bool) -> None:
        if self.arrived:
            to, sent = self.arrived[pick % len(self.arrived)]
            before = self.sides[to].state()
            with pytest.raises(SessionError, match="duplicate"):
                self.sides[to].opens(sent)
            assert self.sides[to].state() == before

    def forge(self, pick: int, ending: bool) -> None:
        """Damage the MAC, or the first byte of the ratchet or base key."""
        if self.under_way:
            to, (enc_type, body), _ = self.under_way[pick % len(self.under_way)]
            at = body.index(b"\x33", 20) + 1 if enc_type == "pkmsg" and not ending else 4
            damaged = bytearray(body)
            damaged[-1 if ending and enc_type == "msg" else at] ^= 1
            before = self.sides[to].state()
            with pytest.raises((SessionError, DecodeError)):
                self.sides[to].opens((enc_type, bytes(damaged)))
            assert self.sides[to].state() == before


@settings(max_examples=150, deadline=None)
@given(SCHEDULE)
def test_every_message_opens_once(schedule):
    network = Network()
    for move, pick, flag in schedule:
        getattr(network, move)(pick, flag)
    while network.under_way:
        network.deliver(0, False)
    for pick in range(len(network.arrived)):
        network.replay(pick, False)
