"""The server's certificate chain: what makes its Noise key more than somebody's.

Order of checks as in `handshake.go` of tulir/whatsmeow. The root is a constant in every client, and a parameter here.
"""

from dataclasses import dataclass

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.transport.errors import HandshakeError
from impl.wire.certificates import Certificate, CertificateChain, CertificateDetails

ROOT_SERIAL = 0


@dataclass(frozen=True, slots=True)
class TrustedServer:
    """A server's key (32 bytes) that certificates stand for, both of them from one second to the other."""

    key: bytes
    not_before: int
    not_after: int

    def valid_at(self, now: int) -> bool:
        return self.not_before <= now <= self.not_after


def verify(chain: bytes, root: bytes, key: bytes, now: int) -> TrustedServer:
    """The server that proved to hold `key` is the one that the root vouches for. HandshakeError, DecodeError."""
    decoded = CertificateChain.decode(chain)
    if not xeddsa.verify(root, decoded.intermediate.details, decoded.intermediate.signature):
        raise HandshakeError("intermediate_signature", "not by the root")
    intermediate = CertificateDetails.decode(decoded.intermediate.details)
    if intermediate.issuer_serial != ROOT_SERIAL:
        raise HandshakeError("intermediate_issuer", f"names {intermediate.issuer_serial}, not the root")
    if not xeddsa.verify(intermediate.key, decoded.leaf.details, decoded.leaf.signature):
        raise HandshakeError("leaf_signature", "not by the intermediate")
    if not intermediate.valid_at(now):
        raise HandshakeError("intermediate_validity", f"not at {now}")
    leaf = CertificateDetails.decode(decoded.leaf.details)
    if leaf.issuer_serial != intermediate.serial:
        raise HandshakeError("leaf_issuer", f"names {leaf.issuer_serial}, not {intermediate.serial}")
    if leaf.key != key:
        raise HandshakeError("leaf_key", "stands for another key than the server's")
    if not leaf.valid_at(now):
        raise HandshakeError("leaf_validity", f"not at {now}")
    not_before = max(leaf.not_before, intermediate.not_before)
    return TrustedServer(key, not_before, min(leaf.not_after, intermediate.not_after))


def issue(issuer: KeyPair, details: CertificateDetails, entropy: Entropy) -> Certificate:
    encoded = details.encode()
    return Certificate(encoded, xeddsa.sign(issuer.private, encoded, entropy))


def issue_chain(
    root: KeyPair, intermediate: KeyPair, key: bytes, not_before: int, not_after: int, entropy: Entropy
) -> CertificateChain:
    """The chain of a server of our own: `key` is its Noise key, both certificates are valid for the same seconds."""
    first = CertificateDetails(1, ROOT_SERIAL, intermediate.public, not_before, not_after)
    leaf = CertificateDetails(2, first.serial, key, not_before, not_after)
    return CertificateChain(issue(intermediate, leaf, entropy), issue(root, first, entropy))
