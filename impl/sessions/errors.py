"""Why a session refuses."""

from typing import Literal

Reason = Literal[
    "prekey_signature",  # the signed prekey was not signed by the identity it came with
    "invalid_key",  # a key agreement gave all zeros
    "invalid_key_id",  # a prekey that we do not hold: never made, used up, or expired
    "key_ids_exhausted",  # no identifier is left for a new prekey
    "no_session",
    "no_sender_key",  # a group message names a key that its sender never gave us, or one given up since
    "stale",  # the peer has not answered for so long that it may have lost it; or ours comes from an old copy
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
