"""How HTTP says no: with the code that a stanza error would have, and why, as text."""

from __future__ import annotations

import asyncio
from functools import wraps

from aiohttp import web
from aiohttp.typedefs import Handler

from impl.dialogue import Declined
from impl.wire.errors import DecodeError

BAD_REQUEST, TOO_SLOW, TOO_LARGE, SERVER_ERROR = 400, 408, 413, 500

PATIENCE = 60.0
"""Seconds for what a request brings with it."""


def declining(handler: Handler) -> Handler:
    """Answers with what is raised: Declined, DecodeError."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Declined as declined:
            return web.Response(status=status(declined), text=declined.why)
        except DecodeError as error:
            return web.Response(status=BAD_REQUEST, text=str(error))

    return answer


def status(declined: Declined) -> int:
    """Its code where HTTP has such a one."""
    return declined.code if BAD_REQUEST <= declined.code < 600 else SERVER_ERROR


async def body(request: web.Request, limit: int) -> bytes:
    """What was sent. Raises Declined for more than `limit` bytes, as soon as that is clear, or if it takes too long."""
    read = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.content.iter_any():
                read += piece
                if len(read) > limit:
                    raise Declined(TOO_LARGE, f"more than {limit} bytes")
    except TimeoutError as error:
        raise Declined(TOO_SLOW, f"not everything in {PATIENCE} s") from error
    return bytes(read)
