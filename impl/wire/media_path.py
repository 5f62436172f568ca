"""Where a file lies on the media servers: paths only, for a message never names a host.

Formats: tulir/whatsmeow, download.go and upload.go. The hosts are those of the server's `media_conn`; a client
that contacts the host of a message's `url` tells its address to whom the sender likes.
"""

import re
from base64 import urlsafe_b64encode

from impl.wire import base64url
from impl.wire.errors import DecodeError

PATH_LIMIT = 2048
HASH_SIZE = 32
_PATH = re.compile(r"/[!-~]*")
"""Printable ASCII, so that no path ends a line of the request, and a slash, so that none continues the host."""


def check_direct_path(path: str, where: str) -> str:
    """`path` as it is. Raises DecodeError, for the field `where`, unless it can follow a host's name."""
    if len(path) > PATH_LIMIT:
        raise DecodeError(f"{len(path)} characters, the limit is {PATH_LIMIT}", where)
    if not _PATH.fullmatch(path):
        raise DecodeError("must begin with / and be printable ASCII", where)
    return path


def token(enc_sha256: bytes) -> str:
    """The name of a file on the media servers: base64url of its 32-byte hash."""
    return urlsafe_b64encode(enc_sha256).decode()


def path_of(enc_sha256: bytes) -> str:
    """Where our server keeps a file, by its 32-byte hash."""
    return "/" + token(enc_sha256)


def parse_token(token: str) -> bytes:
    """The hash (32 bytes) that a file is named after. Raises DecodeError; some clients leave out the padding."""
    return base64url.decode(token, HASH_SIZE, "token")
