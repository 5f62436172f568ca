"""All that one port serves: connections, files, backups, phones that register. Every decision is that of the server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Self

from aiohttp import web

from impl.address import PHONE, Address
from impl.connected import Desk, Outlet, TurnedAway
from impl.connected.desk import Watch
from impl.crypto.keys import KeyPair
from impl.dialogue import Client, Declined, DeleteBlob, Download, FetchBackup, RegisterPhone, StoreBackup, Upload
from impl.net.endpoint import Endpoint
from impl.net.files import backup_routes, file_routes
from impl.net.limits import Limits
from impl.net.register import register_routes
from impl.net.session import Session, StreamFailure
from impl.serve.root import certified
from impl.server import Server
from impl.sessions import PrekeyBundle
from impl.transport.connection import Opened
from impl.wire.phone_registration import PhoneRegistration

ANYBODY = b""
"""Who asks for files: whoever knows the name of one may have it."""


class Host:
    """`server` on one port. `watch` sees every stanza, `left` who is gone, and why."""

    def __init__(
        self,
        server: Server,
        clock: Callable[[], int],
        watch: Watch = lambda *_: None,
        left: Callable[[Client, str], None] = lambda *_: None,
        limits: Limits = Limits(),  # noqa: B008
        routes: Iterable[web.AbstractRouteDef] = (),
    ) -> None:
        static = KeyPair.generate(os.urandom)
        chain = certified(static.public, clock(), os.urandom).encode()
        self.server = server
        self.desk = Desk(server, clock, "", watch, left)
        own = (*routes, *register_routes(self._register), *backup_routes(self), *file_routes(self))
        self._endpoint = Endpoint(static, chain, self._accept, own, limits)

    @property
    def port(self) -> int:
        return self._endpoint.port

    @property
    def connections(self) -> int:
        return self._endpoint.connections

    async def start(self, port: int = 0, tcp_port: int | None = None) -> Self:
        """Raises PortInUse."""
        await self._endpoint.start(port, tcp_port)
        self.desk.host = f"127.0.0.1:{self.port}"
        return self

    async def stop(self) -> None:
        await self._endpoint.stop()

    def _accept(self, opened: Opened, outlet: Outlet) -> Session:
        try:
            return self.desk.accept(opened.noise, opened.payload, opened.proven, outlet)
        except TurnedAway as turned:
            raise StreamFailure(turned.why, turned.node) from turned

    def _register(self, phone: PhoneRegistration) -> None:
        bundle = PrekeyBundle(
            phone.registration_id, phone.identity, phone.signed_prekey_id, phone.signed_prekey, phone.signature
        )
        self.desk.perform(phone.noise, RegisterPhone(phone.user, bundle, ()))

    def upload(self, path: str, blob: bytes) -> None:
        self.desk.perform(ANYBODY, Upload(path, blob))

    def download(self, path: str) -> bytes:
        blob: bytes = self.desk.perform(ANYBODY, Download(path))
        return blob

    def delete(self, path: str) -> None:
        self.desk.perform(ANYBODY, DeleteBlob(path))

    def store(self, authorization: str, file: bytes) -> None:
        self.desk.perform(self._phone(authorization), StoreBackup(file))

    def fetch(self, authorization: str) -> bytes:
        backup: bytes = self.desk.perform(self._phone(authorization), FetchBackup())
        return backup

    def _phone(self, authorization: str) -> Address:
        """Whose Noise key this is. Raises Declined."""
        for address, noise in self.server.logins.phones.items():
            if noise.hex() == authorization and address.device == PHONE:
                return address
        raise Declined(401, "no phone connects with this key")
