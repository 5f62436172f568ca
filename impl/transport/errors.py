"""Why a connection ends."""

from typing import Literal

HandshakeCheck = Literal[
    "order",  # a message that is not due
    "key",  # a key agreement that gives all zeros, or a coordinate beyond the field
    "tag",  # not sealed for us by whoever holds the keys so far
    "intermediate_signature",  # not by the root
    "intermediate_issuer",  # does not name the root
    "leaf_signature",  # not by the intermediate
    "intermediate_validity",
    "leaf_issuer",  # does not name the intermediate
    "leaf_key",  # stands for another key than the one that the server holds
    "leaf_validity",
    "trust",  # what is remembered of the server is no longer valid
]
ChannelCheck = Literal[
    "size",  # does not fit a frame; the one refusal that closes nothing
    "tag",  # altered, lost, repeated or out of order
    "counter",  # used up
    "closed",
]


class HandshakeError(Exception):
    """A handshake ends because of one check; there is no way on."""

    def __init__(self, check: HandshakeCheck, why: str) -> None:
        super().__init__(f"{check}: {why}")
        self.check: HandshakeCheck = check


class ChannelError(Exception):
    """A channel refuses because of one check."""

    def __init__(self, check: ChannelCheck, why: str) -> None:
        super().__init__(f"{check}: {why}")
        self.check: ChannelCheck = check


ConnectionCheck = HandshakeCheck | ChannelCheck | Literal["decode"]
"""What a decoder refuses is "decode"; "order" is also a node before the handshake is done, or after the end."""


class ConnectionFailed(Exception):
    """A connection ends because of one check; nothing more is read from it."""

    def __init__(self, check: ConnectionCheck, why: str) -> None:
        super().__init__(f"{check}: {why}")
        self.check: ConnectionCheck = check
        self.why = why
