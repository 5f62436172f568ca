"""Why a session refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from impl.crypto.keys import InvalidKey

Reason = Literal[
    "prekey_signature",  # the signed prekey was not signed by the identity it came with
    "invalid_key",  # a key agreement gave all zeros
    "invalid_key_id",  # a prekey that we do not hold: never made, or used up
    "no_session",
    "no_sender_key",  # a group message names a key that its sender never gave us, or one given up since
    "duplicate",  # opened before, or so old that its key was given up
    "too_far",  # further ahead in its chain than we are willing to step
    "bad_mac",
    "bad_signature",  # a group message was not signed by the key that was handed out
    "bad_padding",
    "chain_exhausted",  # the counter of a sending chain is used up
]


class SessionError(Exception):
    """A session refuses for one reason; nothing has changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"session refused: {reason}")
        self.reason: Reason = reason


@contextmanager
def refusing_invalid_keys() -> Iterator[None]:
    """Turn InvalidKey into a refusal, where keys of the peer enter an agreement."""
    try:
        yield
    except InvalidKey as error:
        raise SessionError("invalid_key") from error
