"""Nothing here ever leaves this machine: whatever a URL or a redirect says, no name is looked up and no host met."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from yarl import URL

from impl.net.errors import NotLoopback

HOST = "127.0.0.1"

_NAMES = {HOST, "localhost"}


def loopback(url: str, scheme: str) -> URL:
    """The URL, at the loopback address. Raises NotLoopback, also for another scheme."""
    try:
        parsed = URL(url)
    except ValueError as error:
        raise NotLoopback(f"{url!r} is no URL") from error
    if parsed.host not in _NAMES or parsed.scheme != scheme:
        raise NotLoopback(f"{url!r} leads away: only {scheme}://{HOST} is contacted")
    return parsed.with_host(HOST)


def session(patience: float | None = None) -> ClientSession:
    """Of HTTP and WebSockets; where it leads away, NotLoopback is raised. `patience` is in seconds for each request."""
    connector = TCPConnector(socket_factory=_socket, resolver=_NoNames())
    return ClientSession(connector=connector, timeout=ClientTimeout(patience))


class _NoNames(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise NotLoopback(f"{host} may be another host: only {HOST} is contacted")

    async def close(self) -> None:
        """Nothing is held."""


def _socket(info: AddrInfoType) -> socket.socket:
    family, kind, protocol, _, address = info
    if not ip_address(str(address[0])).is_loopback:
        raise NotLoopback(f"{address[0]} is another host: only {HOST} is contacted")
    return socket.socket(family, kind, protocol)
