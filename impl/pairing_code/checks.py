"""How long and how often a code serves, on either side. `WaPairingFlow.ts` of zapo."""

from impl.refusal import Refused

LIFETIME = 180
"""Seconds."""
TRIES = 3
"""A try lets whoever carries the messages guess once."""


def check_alive(since: int, now: int) -> None:
    # a clock that was set back must not lengthen anything
    if not since <= now <= since + LIFETIME:
        raise Refused("expired", f"{now - since} seconds old, the limit is {LIFETIME}")


def check_tries(used: int) -> None:
    if used >= TRIES:
        raise Refused("tries", f"{TRIES} tries are used up")


def check_reference(own: bytes, ref: bytes) -> None:
    if ref != own:
        raise Refused("reference", "this is about another pairing")
