"""Where a file lies on the media servers: paths only, for a message never names a host.

Formats: tulir/whatsmeow, download.go and upload.go. The hosts are those of the server's `media_conn`; a client
that contacts the host of a message's `url` tells its address to whom the sender likes.
"""

import re
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

from impl.crypto.media import MediaKind
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


def parse_token(token: str) -> bytes:
    """The hash (32 bytes) that a file is named after. Raises DecodeError; some clients leave out the padding."""
    return base64url.decode(token, HASH_SIZE, "token")


def download_path(direct_path: str, enc_sha256: bytes, kind: MediaKind) -> str:
    """What to get from any host, for a path that `check_direct_path` let pass."""
    joint = "&" if "?" in direct_path else "?"
    return f"{direct_path}{joint}hash={token(enc_sha256)}&mms-type={kind.mms_type}&__wa-mms="


def upload_path(enc_sha256: bytes, kind: MediaKind, auth: str) -> str:
    """Where to post a file, with the `auth` of `media_conn`."""
    name = token(enc_sha256)
    return f"/mms/{kind.mms_type}/{name}?" + urlencode({"auth": auth, "token": name})
