"""The handshake of pywhats, frame by frame: it expects a connection, and gets one that is filled by hand."""

import asyncio
from typing import Any

from pywhats.socket import crypto
from pywhats.socket.noise import NoiseHandshake

OPENING = b"WA\x06\x03"
"""What `socket.transport` sends before the first frame."""


class Frames:
    """What was sent, and what is to be received; lengths are put around here."""

    def __init__(self) -> None:
        self.sent, self.received = asyncio.Queue[bytes](), asyncio.Queue[bytes]()

    async def send_frame(self, payload: bytes) -> None:
        await self.sent.put(len(payload).to_bytes(3, "big") + payload)

    async def recv_frame(self) -> bytes:
        return await self.received.get()


class Handshake:
    """From the client's hello to stanzas; certificates are read by nobody."""

    def __init__(self, payload: bytes) -> None:
        self._loop, self._frames = asyncio.new_event_loop(), Frames()
        private, self.static = crypto.generate_keypair()
        handshake = NoiseHandshake(self._frames, client_static_private=private)
        self._performing = self._loop.create_task(handshake.perform(payload))

    def hello(self) -> bytes:
        return OPENING + self._sent()

    def finish(self, server_hello: bytes) -> bytes:
        self._frames.received.put_nowait(server_hello)
        self._loop.run_until_complete(self._performing)
        return self._sent()

    def send(self, plaintext: bytes) -> bytes:
        self._loop.run_until_complete(self._performing.result().send(plaintext))
        return self._sent()

    def receive(self, frame: bytes) -> Any:
        self._frames.received.put_nowait(frame[3:])
        return self._loop.run_until_complete(self._performing.result().recv())

    def _sent(self) -> bytes:
        return self._loop.run_until_complete(self._frames.sent.get())
