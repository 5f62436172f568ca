"""What a client does over HTTP: files, backups, and a phone's registration. All of it raises Declined and LinkLost.

Paths come from whoever sent a message: they are appended to this one origin, and raise DecodeError where that is not
possible.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Self

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession
from yarl import URL

from impl.dialogue import Declined
from impl.net.errors import LinkLost
from impl.net.files import BEARER
from impl.net.loopback import HOST, session
from impl.net.register import PATH
from impl.wire.media_path import check_direct_path
from impl.wire.phone_registration import PhoneRegistration, encode

OK = 200

PATIENCE = 60.0
"""Seconds for a request and its answer."""

PIECE = 64 << 10
"""Bytes of a file that are in memory at a time."""

ANY_KIND = "document"
"""What a file is uploaded as: its kind is nothing that this server asks about."""


class HttpFiles:
    """Of the endpoint at `port`; to be used as a context."""

    def __init__(self, port: int) -> None:
        self._origin = f"http://{HOST}:{port}"
        self._session: ClientSession

    async def __aenter__(self) -> Self:
        self._session = session(PATIENCE)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def upload(self, path: str, blob: bytes) -> None:
        """`path` is that of the file's hash; anywhere else the server puts nothing."""
        await self._ask("POST", f"/mms/{ANY_KIND}{path}", data=blob)

    async def download(self, path: str) -> bytes:
        return await self._ask("GET", path)

    async def upload_file(self, path: str, file: Path) -> None:
        """As `upload`, read in pieces. Raises OSError."""
        with file.open("rb") as content:
            await self._ask("POST", f"/mms/{ANY_KIND}{path}", data=content)

    async def download_file(self, path: str, file: Path) -> None:
        """As `download`, written in pieces. Raises OSError."""
        with file.open("wb") as target:
            await self._ask("GET", path, target)

    async def delete(self, path: str) -> None:
        await self._ask("DELETE", path)

    async def store_backup(self, authorization: str, file: bytes) -> None:
        await self._ask("PUT", "/backup", data=file, headers={"Authorization": BEARER + authorization})

    async def fetch_backup(self, authorization: str) -> bytes:
        return await self._ask("GET", "/backup", headers={"Authorization": BEARER + authorization})

    async def register(self, registration: PhoneRegistration) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        await self._ask("POST", PATH, data=encode(registration), headers=form)

    async def _ask(self, method: str, path: str, into: BinaryIO | None = None, **rest: Any) -> bytes:
        """What the server says, unless that goes `into` a file."""
        url = URL(self._origin + check_direct_path(path, "path"), encoded=True)
        try:
            async with self._session.request(method, url, allow_redirects=False, **rest) as answer:
                if into is not None and answer.status == OK:
                    async for piece in answer.content.iter_chunked(PIECE):
                        into.write(piece)
                body = await answer.read()
        except (ClientError, OSError, TimeoutError) as error:
            raise LinkLost(f"nobody answers at {self._origin}") from error
        if answer.status != OK:
            raise Declined(answer.status, _reason(answer, body))
        return body


class _Failure(msgspec.Struct):
    reason: str
    param: str = ""


def _reason(answer: ClientResponse, body: bytes) -> str:
    if answer.content_type != "application/json":
        return body.decode(errors="replace")
    try:
        failure = msgspec.json.decode(body, type=_Failure)
    except msgspec.MsgspecError:
        return "an answer that is none"
    return f"{failure.reason} {failure.param}".strip()
