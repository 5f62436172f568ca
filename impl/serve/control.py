"""How another process speaks to the running server: `pentad tell` and `pentad scan`, and clients that post their QR.

HTTP on the same port, loopback only. A page in a browser cannot: the content type is one that it must ask leave for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import ClientError, web

from impl.net import loopback
from impl.serve.errors import NobodyThere, Unable

TELL, QR = "/pentad/tell", "/pentad/qr"
PATIENCE = 60.0
WORDS_LIMIT = 1 << 16

Grant = Callable[[str], Awaitable[Sequence[str]]]


def control_routes(grant: Grant, auto: bool) -> list[web.RouteDef]:
    """`grant` does what words say; with `auto` a QR that a client posts is scanned at once."""

    async def tell(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="JSON is taken, and nothing else")
        try:
            words = (await request.json())["say"]
        except (ValueError, KeyError, TypeError) as error:
            raise web.HTTPBadRequest(text='{"say": "..."} is taken') from error
        return await _granted(str(words))

    async def qr(request: web.Request) -> web.Response:
        if not auto:
            raise web.HTTPForbidden(text="this phone scans nothing by itself: start the server with --auto")
        text = (await request.content.read(WORDS_LIMIT)).decode(errors="replace").strip()
        return await _granted(f"scan {_quoted(text)}")

    async def _granted(words: str) -> web.Response:
        try:
            return web.json_response({"lines": list(await grant(words))})
        except Unable as unable:
            return web.json_response({"unable": str(unable)}, status=409)

    return [web.post(TELL, tell), web.post(QR, qr)]


async def tell(port: int, words: str) -> Sequence[str]:
    """Says it to the server at this port. Raises NobodyThere, and Unable as it was said there."""
    async with loopback.session(PATIENCE) as session:
        try:
            async with session.post(f"http://{loopback.HOST}:{port}{TELL}", json={"say": words}) as answer:
                said: dict[str, Any] = await answer.json()
        except (ClientError, OSError, ValueError, TimeoutError) as error:
            raise NobodyThere(f"no Pentad answers at port {port}; start one with `pentad serve`") from error
    if "unable" in said:
        raise Unable(str(said["unable"]))
    return [str(line) for line in said["lines"]]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "") + "'"
