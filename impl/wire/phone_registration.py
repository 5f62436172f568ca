"""How a phone asks for its account, before it can log in: a form, in the style of the mobile clients' `/v2/register`.

wire.md, section 6.7; `yowsup/common/http/warequest.py` of tgalal/yowsup. One-time prekeys follow after login. What
describes the software, and what proves that the number is the client's, is skipped: whoever registers here has it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from impl.crypto.keys import KEY_SIZE, with_type
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.wire import base64url
from impl.wire.client_payload import PREKEY_ID_SIZE, REGISTRATION_ID_SIZE
from impl.wire.errors import DecodeError

FORM_LIMIT = 8 << 10
FIELD_LIMIT = 128
"""Fields of a form; mobile clients send some fifty."""

_KEY_TYPE = with_type(b"")
_CALLING_CODE = re.compile("[1-9][0-9]{0,2}")
_NATIONAL = re.compile("[0-9]{3,14}")
_NUMBER_LIMIT = 15  # digits, E.164


@dataclass(frozen=True, slots=True)
class PhoneRegistration:
    """`user` is the whole number in digits; public keys have 32 bytes, the signature 64, which is not verified yet."""

    user: str
    noise: bytes
    registration_id: int
    identity: bytes
    signed_prekey_id: int
    signed_prekey: bytes
    signature: bytes


def encode(registration: PhoneRegistration) -> bytes:
    """The calling code is taken to be the first digit: nobody here looks at the parts of a number."""
    values = {
        "e_regid": registration.registration_id.to_bytes(REGISTRATION_ID_SIZE),
        "e_keytype": _KEY_TYPE,
        "e_ident": registration.identity,
        "e_skey_id": registration.signed_prekey_id.to_bytes(PREKEY_ID_SIZE),
        "e_skey_val": registration.signed_prekey,
        "e_skey_sig": registration.signature,
        "authkey": registration.noise,
    }
    encoded = {name: base64url.encode(value) for name, value in values.items()}
    return urlencode({"cc": registration.user[:1], "in": registration.user[1:], **encoded}).encode()


def decode(form: bytes) -> PhoneRegistration:
    """Raises DecodeError, whose `where` is the field."""
    fields = _fields(form)
    if _sized(fields, "e_keytype", len(_KEY_TYPE)) != _KEY_TYPE:
        raise DecodeError("not the type of an X25519 key", "e_keytype")
    user = _matching(fields, "cc", _CALLING_CODE) + _matching(fields, "in", _NATIONAL)
    if len(user) > _NUMBER_LIMIT:
        raise DecodeError(f"{len(user)} digits, the limit is {_NUMBER_LIMIT}", "in")
    return PhoneRegistration(
        user,
        _sized(fields, "authkey", KEY_SIZE),
        int.from_bytes(_sized(fields, "e_regid", REGISTRATION_ID_SIZE)),
        _sized(fields, "e_ident", KEY_SIZE),
        int.from_bytes(_sized(fields, "e_skey_id", PREKEY_ID_SIZE)),
        _sized(fields, "e_skey_val", KEY_SIZE),
        _sized(fields, "e_skey_sig", SIGNATURE_SIZE),
    )


def _fields(form: bytes) -> Mapping[str, str]:
    if len(form) > FORM_LIMIT:
        raise DecodeError(f"{len(form)} bytes, the limit is {FORM_LIMIT}", "form")
    try:
        pairs = parse_qsl(form.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=FIELD_LIMIT)
    except ValueError as error:
        raise DecodeError("not a form", "form") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise DecodeError("a field twice", "form")
    return fields


def _sized(fields: Mapping[str, str], name: str, size: int) -> bytes:
    return base64url.decode(_present(fields, name), size, name)


def _matching(fields: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = _present(fields, name)
    if not pattern.fullmatch(value):
        raise DecodeError("not a part of a number", name)
    return value


def _present(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise DecodeError("absent", name)
    return fields[name]
