"""The server's certificates: a leaf for its Noise key, and the intermediate that the root has signed.

Formats: `WACert.proto` of tulir/whatsmeow. Signatures cover the `details` bytes as received.
"""

from dataclasses import dataclass
from typing import Self

from impl.crypto.keys import KEY_SIZE
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.wire.errors import DecodeError
from impl.wire.handshake import PLAINTEXT_LIMIT
from impl.wire.pb import handshake_pb2 as pb
from impl.wire.proto import parse, parse_canonical, present, sized

DETAILS_LIMIT = 256


@dataclass(frozen=True, slots=True)
class CertificateDetails:
    """For whom a certificate stands: a key of 32 bytes, from the second `not_before` to the second `not_after`."""

    serial: int
    issuer_serial: int
    key: bytes
    not_before: int
    not_after: int

    def encode(self) -> bytes:
        return pb.CertChain.NoiseCertificate.Details(
            serial=self.serial,
            issuerSerial=self.issuer_serial,
            key=self.key,
            notBefore=self.not_before,
            notAfter=self.not_after,
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError. The root's serial number, zero, may be left out; WAeys then takes another one for it."""
        message = parse_canonical(pb.CertChain.NoiseCertificate.Details, data, DETAILS_LIMIT)
        present(message, "serial", "notBefore", "notAfter")
        key = sized(message, "key", KEY_SIZE)
        return cls(message.serial, message.issuerSerial, key, message.notBefore, message.notAfter)

    def valid_at(self, now: int) -> bool:
        return self.not_before <= now <= self.not_after


@dataclass(frozen=True, slots=True)
class Certificate:
    """Encoded CertificateDetails, and the issuer's signature over them (64 bytes)."""

    details: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class CertificateChain:
    """CertChain, as the server's payload carries it."""

    leaf: Certificate
    intermediate: Certificate

    def encode(self) -> bytes:
        return pb.CertChain(leaf=_message(self.leaf), intermediate=_message(self.intermediate)).SerializeToString(
            deterministic=True
        )

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError; details are left to whoever has verified their signature."""
        message = parse(pb.CertChain, data, PLAINTEXT_LIMIT)
        present(message, "leaf", "intermediate")
        return cls(_certificate(message.leaf), _certificate(message.intermediate))


def _message(certificate: Certificate) -> pb.CertChain.NoiseCertificate:
    return pb.CertChain.NoiseCertificate(details=certificate.details, signature=certificate.signature)


def _certificate(message: pb.CertChain.NoiseCertificate) -> Certificate:
    present(message, "details")
    if len(message.details) > DETAILS_LIMIT:
        raise DecodeError(f"{len(message.details)} bytes, the limit is {DETAILS_LIMIT}", "NoiseCertificate.details")
    return Certificate(message.details, sized(message, "signature", SIGNATURE_SIZE))
