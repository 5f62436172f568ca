"""Files and backups over HTTP. wire.md, section 12.3; any path may carry a query, which says nothing new.

Some clients go on with `&` where our paths have no `?` before (tulir/whatsmeow, download.go; pywhats). A file lies at
`/` and the name that `impl.wire.media_path.token` makes of its hash, wherever it was posted to.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Protocol

from aiohttp import web

from impl.dialogue import Declined
from impl.net.answers import BAD_REQUEST, body, declining
from impl.wire.media_path import parse_token, token

FILE_LIMIT = 128 << 20
"""Bytes of a file, and of a backup."""

BEARER = "Bearer "


class Files(Protocol):
    """Each may raise Declined."""

    def upload(self, path: str, blob: bytes) -> object: ...

    def download(self, path: str) -> bytes: ...

    def delete(self, path: str) -> object: ...


class Backups(Protocol):
    """`authorization` says whose backup it is. Each may raise Declined."""

    def store(self, authorization: str, file: bytes) -> object: ...

    def fetch(self, authorization: str) -> bytes: ...


def file_routes(files: Files) -> list[web.RouteDef]:
    async def upload(request: web.Request) -> web.Response:
        enc_sha256 = parse_token(request.match_info["token"])
        blob = await body(request, FILE_LIMIT)
        if sha256(blob).digest() != enc_sha256:
            raise Declined(BAD_REQUEST, "the file is not the one that its name says")
        path = "/" + token(enc_sha256)
        files.upload(path, blob)
        url = str(request.url.origin().with_path(path))
        return web.json_response({"url": url, "direct_path": path, "handle": token(enc_sha256)})

    async def download(request: web.Request) -> web.Response:
        return web.Response(body=files.download(_path(request)))

    async def delete(request: web.Request) -> web.Response:
        files.delete(_path(request))
        return web.Response()

    return [
        # /mms/image/TOKEN; and /TOKEN alone, as npm baileys posts app state
        web.post("/{place:(.*/)?}{token:[^/]+}", declining(upload)),
        web.get("/{path:.+}", declining(download)),
        web.delete("/{path:.+}", declining(delete)),
    ]


def _path(request: web.Request) -> str:
    return request.path.partition("&")[0]


def backup_routes(backups: Backups) -> list[web.RouteDef]:
    async def store(request: web.Request) -> web.Response:
        authorization = _authorization(request)
        backups.store(authorization, await body(request, FILE_LIMIT))
        return web.Response()

    async def fetch(request: web.Request) -> web.Response:
        return web.Response(body=backups.fetch(_authorization(request)))

    return [web.put("/backup", declining(store)), web.get("/backup", declining(fetch))]


def _authorization(request: web.Request) -> str:
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        raise Declined(401, "whose backup is it?")
    return header.removeprefix(BEARER)
