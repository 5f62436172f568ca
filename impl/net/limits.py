"""How much of a server one client may have. Times are in seconds; honest clients notice none of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`handshake` and `idle` are times: until somebody is known, and until a client must say a node again.

    It may say `rate` nodes a second on the long run, `burst` at once, and its replies to what it is told.
    `message` bytes come in one WebSocket message; when `backlog` bytes or more wait for a client nothing is added, and
    what is to be said in the end has `farewell` to go out. So many `connections` are there at a time.
    """

    handshake: float = 20
    idle: float = 90
    rate: float = 200
    burst: int = 500
    message: int = 4 << 20
    backlog: int = 16 << 20
    farewell: float = 2
    connections: int = 256


class TokenBucket:
    """Holds up to `burst` tokens, gets `rate` a second; begins full. Tokens that it is given come on top."""

    __slots__ = ("_burst", "_rate", "_then", "_tokens")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate, self._burst, self._tokens, self._then = rate, burst, float(burst), now

    def take(self, now: float) -> bool:
        """Whether there was one."""
        filled = min(self._burst, self._tokens + (now - self._then) * self._rate)
        self._tokens, self._then = max(self._tokens, filled), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def give(self, tokens: int) -> None:
        self._tokens += tokens
