"""The QR text of linking: reference, Noise key, identity key, linking secret, client type.

As current companions show it: whatsapp-rust, `wacore/src/pair.rs`.
"""

import base64
import binascii
from dataclasses import dataclass

from impl.wire.errors import DecodeError

PREFIX = "https://wa.me/settings/linked_devices#"
LIMIT = 512
KEY_SIZE = 32
CLIENT_TYPES = frozenset("0123456789cdef")


@dataclass(frozen=True)
class Qr:
    """`ref` is the server's text; public keys and the secret are 32 bytes; `client_type` is one character."""

    ref: str
    noise: bytes
    identity: bytes
    secret: bytes
    client_type: str

    def encode(self) -> str:
        keys = (base64.b64encode(key).decode() for key in (self.noise, self.identity, self.secret))
        return PREFIX + ",".join((self.ref, *keys, self.client_type))

    @classmethod
    def decode(cls, text: str) -> "Qr":
        """The last four fields are fixed and the rest is the reference, which may hold commas but no other URL.

        Raises DecodeError. The URL before the fields may be missing; it counts towards the limit all the same.
        """
        bare = text.removeprefix(PREFIX)
        if len(PREFIX) + len(bare) > LIMIT:
            raise DecodeError(f"{len(PREFIX) + len(bare)} characters with the URL, the limit is {LIMIT}", "QR")
        fields = bare.rsplit(",", 4)
        if len(fields) != 5 or not fields[0]:
            raise DecodeError("not five fields after the reference rule", "QR")
        ref, noise, identity, secret, client_type = fields
        # the reference goes to the server as bytes, so that a character must be one
        if not (ref.isascii() and ref.isprintable()) or "#" in ref:
            raise DecodeError("a reference is printable ASCII without '#'", "QR")
        if client_type not in CLIENT_TYPES:
            raise DecodeError(f"unknown client type {client_type[:8]!r}", "QR")
        return cls(
            ref,
            _key(noise, "Noise key"),
            _key(identity, "identity key"),
            _key(secret, "linking secret"),
            client_type,
        )


def _key(field: str, what: str) -> bytes:
    try:
        key = base64.b64decode(field, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DecodeError("not base64", f"QR {what}") from error
    # unused low bits of the last character would give one key several spellings
    if len(key) != KEY_SIZE or base64.b64encode(key).decode() != field:
        raise DecodeError(f"not {KEY_SIZE} bytes of canonical base64", f"QR {what}")
    return key
