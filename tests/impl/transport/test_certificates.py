"""Every wrong chain is refused for its own reason, and the right one is not."""

from dataclasses import replace

import pytest

from impl.crypto.keys import KeyPair
from impl.transport.certificates import TrustedServer, issue, issue_chain, verify
from impl.transport.errors import HandshakeCheck, HandshakeError
from impl.wire.certificates import CertificateChain, CertificateDetails
from impl.wire.errors import DecodeError
from tests.impl.transport.sides import BEGIN, CHAIN, END, ENTROPY, INTERMEDIATE, NOW, ROOT, SERVER, STRANGER

FIRST = CertificateDetails(1, 0, INTERMEDIATE.public, BEGIN, END)
LEAF = CertificateDetails(2, 1, SERVER.public, BEGIN, END)


def chain(
    first: CertificateDetails = FIRST,
    leaf: CertificateDetails = LEAF,
    root: KeyPair = ROOT,
    issuer: KeyPair = INTERMEDIATE,
) -> bytes:
    return CertificateChain(issue(issuer, leaf, ENTROPY), issue(root, first, ENTROPY)).encode()


def check(data: bytes, now: int = NOW) -> TrustedServer:
    return verify(data, ROOT.public, SERVER.public, now)


def test_the_right_chain() -> None:
    assert check(CHAIN) == check(chain()) == TrustedServer(SERVER.public, BEGIN, END)


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("intermediate_signature", chain(root=STRANGER)),
        ("intermediate_signature", chain(root=INTERMEDIATE)),
        ("intermediate_issuer", chain(first=replace(FIRST, issuer_serial=1))),
        ("leaf_signature", chain(issuer=STRANGER)),
        ("leaf_signature", chain(issuer=ROOT)),
        ("leaf_signature", chain(first=replace(FIRST, key=STRANGER.public))),
        ("intermediate_validity", chain(first=replace(FIRST, not_before=NOW + 1))),
        ("intermediate_validity", chain(first=replace(FIRST, not_after=NOW - 1))),
        ("leaf_issuer", chain(leaf=replace(LEAF, issuer_serial=0))),
        ("leaf_issuer", chain(first=replace(FIRST, serial=3))),
        ("leaf_key", chain(leaf=replace(LEAF, key=STRANGER.public))),
        ("leaf_validity", chain(leaf=replace(LEAF, not_before=NOW + 1))),
        ("leaf_validity", chain(leaf=replace(LEAF, not_after=NOW - 1))),
    ],
)
def test_each_wrong_chain(reason: HandshakeCheck, data: bytes) -> None:
    with pytest.raises(HandshakeError) as refusal:
        check(data)
    assert refusal.value.check == reason


def test_changed_details_are_not_what_was_signed() -> None:
    decoded = CertificateChain.decode(CHAIN)
    longer = replace(FIRST, not_after=END + 1).encode()
    changed = replace(decoded, intermediate=replace(decoded.intermediate, details=longer)).encode()
    with pytest.raises(HandshakeError, match="intermediate_signature"):
        check(changed)


@pytest.mark.parametrize("field", ["leaf", "intermediate"])
def test_signed_details_that_are_none(field: str) -> None:
    short = replace(LEAF if field == "leaf" else FIRST, key=bytes(31))
    data = chain(leaf=short) if field == "leaf" else chain(first=short)
    with pytest.raises(DecodeError, match=r"key: 31 bytes"):
        check(data)


def test_valid_from_the_first_second_to_the_last() -> None:
    for now in (BEGIN, END):
        assert check(CHAIN, now).valid_at(now)
    for now in (BEGIN - 1, END + 1):
        with pytest.raises(HandshakeError, match="intermediate_validity"):
            check(CHAIN, now)
        assert not check(CHAIN).valid_at(now)


def test_trust_lasts_as_long_as_both_certificates() -> None:
    data = chain(leaf=replace(LEAF, not_before=BEGIN + 1), first=replace(FIRST, not_after=END - 1))
    assert check(data) == TrustedServer(SERVER.public, BEGIN + 1, END - 1)


def test_a_chain_of_our_own() -> None:
    data = issue_chain(ROOT, INTERMEDIATE, SERVER.public, BEGIN, END, ENTROPY)
    assert CertificateDetails.decode(data.intermediate.details) == FIRST
    assert CertificateDetails.decode(data.leaf.details) == LEAF
