"""The connection after the handshake: one key each way, a counter each, and an end at the first failure.

`socket/noisesocket.go` of tulir/whatsmeow, which goes on after a frame that does not open; nothing legitimate
follows one.
"""

from collections.abc import Callable

from impl.crypto.gcm import TAG_SIZE
from impl.transport.errors import ChannelError
from impl.transport.framing import FRAME_LIMIT
from impl.transport.noise import CipherState, CounterUsedUp

PLAINTEXT_LIMIT = FRAME_LIMIT - TAG_SIZE


class Channel:
    """Seals what we send and opens what the other side sent, each in order. A new connection has new keys."""

    __slots__ = ("_receiving", "_sending", "closed")

    def __init__(self, sending: CipherState, receiving: CipherState) -> None:
        self._sending = sending
        self._receiving = receiving
        self.closed = False

    def seal(self, plaintext: bytes) -> bytes:
        """The payload of our next frame. ChannelError "size", "counter" or "closed"."""
        if len(plaintext) > PLAINTEXT_LIMIT:
            raise ChannelError("size", f"{len(plaintext)} bytes, the limit is {PLAINTEXT_LIMIT}")
        return self._or_close(self._sending.seal, plaintext)

    def open(self, sealed: bytes) -> bytes:
        """What the payload of their next frame says. ChannelError "tag", "counter" or "closed"."""
        return self._or_close(self._receiving.open, sealed)

    def _or_close(self, turn: Callable[[bytes], bytes], data: bytes) -> bytes:
        if self.closed:
            raise ChannelError("closed", "the channel has failed before")
        try:
            return turn(data)
        except CounterUsedUp as error:
            self.closed = True
            raise ChannelError("counter", "the key is used up, a new connection has new ones") from error
        except ValueError as error:
            self.closed = True
            raise ChannelError("tag", str(error)) from error
