"""The root of the certificates that this server shows: a key that everybody knows, for tests on loopback alone."""

from __future__ import annotations

from hashlib import sha256

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.transport.certificates import issue_chain
from impl.wire.certificates import CertificateChain

ROOT = KeyPair.of(sha256(b"Pentad: the root of loopback").digest())
"""Fixed, so that a client's setting stays right from one run to the next. It proves nothing to anybody."""

DAY = 86400
YEARS = 10 * 365 * DAY


def certified(key: bytes, now: int, entropy: Entropy) -> CertificateChain:
    """A chain for the Noise key of a server that starts now."""
    return issue_chain(ROOT, KeyPair.generate(entropy), key, now - DAY, now + YEARS, entropy)
