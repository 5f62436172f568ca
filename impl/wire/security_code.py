"""The bytes in the QR of a security code: the fingerprints of both accounts, as the one who shows it sees them.

CombinedFingerprints of signalapp/libsignal (`rust/protocol/src/fingerprint.rs`).
"""

from dataclasses import dataclass

from impl.wire.errors import DecodeError
from impl.wire.pb import security_code_pb2 as pb
from impl.wire.proto import parse_canonical, present, sized

VERSION = 1  # libsignal's for accounts that are telephone numbers
FINGERPRINT_SIZE = 32
SIZE = 74


@dataclass(frozen=True, slots=True)
class CombinedFingerprints:
    """32 bytes each: of the account that shows the code, and of the other one."""

    local: bytes
    remote: bytes

    def encode(self) -> bytes:
        return pb.CombinedFingerprints(
            version=VERSION,
            localFingerprint=pb.LogicalFingerprint(content=self.local),
            remoteFingerprint=pb.LogicalFingerprint(content=self.remote),
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> "CombinedFingerprints":
        """Raises DecodeError, also for another version: its code might be made in another way."""
        message = parse_canonical(pb.CombinedFingerprints, data, SIZE)
        present(message, "localFingerprint", "remoteFingerprint")
        if message.version != VERSION:
            raise DecodeError(f"{message.version}, must be {VERSION}", "CombinedFingerprints.version")
        return cls(
            sized(message.localFingerprint, "content", FINGERPRINT_SIZE),
            sized(message.remoteFingerprint, "content", FINGERPRINT_SIZE),
        )
