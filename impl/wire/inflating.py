"""Inflating what others have compressed, zlib (RFC 1950) or gzip (RFC 1952), within limits of size and ratio."""

import zlib

from impl.wire.errors import DecodeError

RATIO_LIMIT = 200
RATIO_FREE = 64 << 10  # bytes that may be inflated whatever the ratio: short repetitive texts compress well

ZLIB = zlib.MAX_WBITS
GZIP = 16 + zlib.MAX_WBITS


def inflated_limit(length: int, size_limit: int) -> int:
    """Into how many bytes a stream of `length` bytes may inflate."""
    return min(size_limit, max(RATIO_FREE, RATIO_LIMIT * length))


def inflate(data: bytes, size_limit: int, where: str, form: int = ZLIB) -> bytes:
    """One whole stream and nothing after it; `form` is ZLIB or GZIP. Raises DecodeError."""
    limit = inflated_limit(len(data), size_limit)
    stream = zlib.decompressobj(form)
    try:
        inflated = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise DecodeError("not a compressed stream", where) from error
    if len(inflated) > limit:
        raise DecodeError(f"inflates beyond {limit} bytes", where)
    if not stream.eof or stream.unused_data:
        raise DecodeError("not exactly one whole stream", where)
    return inflated
