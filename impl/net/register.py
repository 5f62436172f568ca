"""The registration of phones over HTTP: a form comes, JSON goes. `impl.wire.phone_registration`."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from impl.dialogue import Declined
from impl.net.answers import BAD_REQUEST, body, status
from impl.refusal import Refused
from impl.transport.registration import check_signed_prekey
from impl.wire.errors import DecodeError
from impl.wire.phone_registration import FORM_LIMIT, PhoneRegistration, decode

PATH = "/v2/register"

Register = Callable[[PhoneRegistration], object]
"""Gives somebody the account, whose signed prekey is one by now. May raise Declined."""


def register_routes(register: Register) -> list[web.RouteDef]:
    async def answer(request: web.Request) -> web.Response:
        try:
            registration = decode(await body(request, FORM_LIMIT))
            check_signed_prekey(registration)
            register(registration)
        except DecodeError as error:
            return _fail(BAD_REQUEST, reason="bad_param", param=error.where)
        except Refused:
            return _fail(BAD_REQUEST, reason="bad_param", param="e_skey_sig")
        except Declined as declined:
            return _fail(status(declined), reason=declined.why)
        return web.json_response({"status": "ok", "login": registration.user})

    return [web.post(PATH, answer)]


def _fail(code: int, **why: str) -> web.Response:
    return web.json_response({"status": "fail", **why}, status=code)
