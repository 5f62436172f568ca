"""Base64url (RFC 4648, section 5) of values whose size is known, in URLs and forms."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from impl.wire.errors import DecodeError

_DIGITS = re.compile("[A-Za-z0-9_-]*")


def encode(value: bytes) -> str:
    """Without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str, size: int, where: str) -> bytes:
    """`size` bytes. Raises DecodeError; whether there is padding makes no difference."""
    digits = text.rstrip("=")
    padded = digits + "=" * (-len(digits) % 4)
    if text not in (digits, padded) or not _DIGITS.fullmatch(digits) or len(digits) % 4 == 1:
        raise DecodeError("not base64url", where)
    value = urlsafe_b64decode(padded)
    if len(value) != size:
        raise DecodeError(f"{len(value)} bytes, must be {size}", where)
    return value
