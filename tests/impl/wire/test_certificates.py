"""Certificates: one encoding of what is signed, both sides of each limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.certificates import Certificate, CertificateChain, CertificateDetails
from impl.wire.errors import DecodeError
from impl.wire.pb import handshake_pb2 as pb

U32, U64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
DETAILS = st.builds(CertificateDetails, U32, U32, st.binary(min_size=32, max_size=32), U64, U64)
CERTIFICATES = st.builds(Certificate, st.binary(max_size=256), st.binary(min_size=64, max_size=64))

WHOLE = {"serial": 1, "issuerSerial": 0, "key": bytes(32), "notBefore": 2, "notAfter": 3}


def details(**fields: int | bytes) -> bytes:
    return pb.CertChain.NoiseCertificate.Details(**fields).SerializeToString()


@given(DETAILS)
def test_decoding_details_undoes_encoding(value: CertificateDetails) -> None:
    assert CertificateDetails.decode(value.encode()) == value


@given(st.builds(CertificateChain, CERTIFICATES, CERTIFICATES))
def test_decoding_a_chain_undoes_encoding(value: CertificateChain) -> None:
    assert CertificateChain.decode(value.encode()) == value


def test_the_bytes_on_the_wire() -> None:
    value = CertificateDetails(1, 2, bytes(32), 3, 4)
    assert value.encode().hex() == "0801" + "1002" + "1a20" + bytes(32).hex() + "2003" + "2804"
    chain = CertificateChain(Certificate(b"leaf", bytes(64)), Certificate(b"i", bytes(64)))
    signature = "1240" + bytes(64).hex()
    assert chain.encode().hex() == "0a48" + "0a04" + b"leaf".hex() + signature + "1245" + "0a01" + "69" + signature


def test_the_roots_number_may_be_left_out_and_is_not() -> None:
    assert CertificateDetails(1, 0, bytes(32), 2, 3).encode() == details(**WHOLE)
    absent = {name: value for name, value in WHOLE.items() if name != "issuerSerial"}
    assert CertificateDetails.decode(details(**WHOLE)) == CertificateDetails.decode(details(**absent))


@pytest.mark.parametrize("absent", ["serial", "key", "notBefore", "notAfter"])
def test_nothing_else_may(absent: str) -> None:
    with pytest.raises(DecodeError, match=f"{absent}: absent"):
        CertificateDetails.decode(details(**{name: value for name, value in WHOLE.items() if name != absent}))


@pytest.mark.parametrize(
    "spelling", [details(**WHOLE) + b"\x30\x01", details(**WHOLE)[2:] + b"\x08\x01", b"\x08\x81\x00"]
)
def test_what_is_signed_has_one_encoding(spelling: bytes) -> None:
    with pytest.raises(DecodeError, match="canonical"):
        CertificateDetails.decode(spelling)


@pytest.mark.parametrize("size", [31, 33])
def test_a_key_has_32_bytes(size: int) -> None:
    with pytest.raises(DecodeError, match=f"{size} bytes, must be 32"):
        CertificateDetails.decode(details(**(WHOLE | {"key": bytes(size)})))


def test_details_have_256_bytes_at_most() -> None:
    right = Certificate(bytes(256), bytes(64))
    assert CertificateChain.decode(CertificateChain(right, right).encode()).leaf == right
    wrong = Certificate(bytes(257), bytes(64))
    for chain in (CertificateChain(wrong, right), CertificateChain(right, wrong)):
        with pytest.raises(DecodeError, match="257 bytes, the limit is 256"):
            CertificateChain.decode(chain.encode())
    with pytest.raises(DecodeError, match="257 bytes, the limit is 256"):
        CertificateDetails.decode(bytes(257))


@pytest.mark.parametrize("size", [63, 65])
def test_a_signature_has_64_bytes(size: int) -> None:
    right, wrong = Certificate(b"", bytes(64)), Certificate(b"", bytes(size))
    for chain in (CertificateChain(wrong, right), CertificateChain(right, wrong)):
        with pytest.raises(DecodeError, match=f"{size} bytes, must be 64"):
            CertificateChain.decode(chain.encode())


@pytest.mark.parametrize(
    ("leaf", "intermediate", "absent"),
    [
        (None, {"details": b"", "signature": bytes(64)}, "leaf"),
        ({"details": b"", "signature": bytes(64)}, None, "intermediate"),
        ({"signature": bytes(64)}, {"details": b"", "signature": bytes(64)}, "details"),
        ({"details": b"", "signature": bytes(64)}, {"details": b""}, "signature"),
    ],
)
def test_both_certificates_are_whole(
    leaf: dict[str, bytes] | None, intermediate: dict[str, bytes] | None, absent: str
) -> None:
    with pytest.raises(DecodeError, match=f"{absent}: absent"):
        CertificateChain.decode(pb.CertChain(leaf=leaf, intermediate=intermediate).SerializeToString())


def test_a_chain_has_2032_bytes_at_most_as_it_travels_in_a_payload() -> None:
    right = Certificate(b"", bytes(64))
    known = CertificateChain(right, right).encode()
    unknown = 2032 - len(known) - 4
    padded = known + b"\xfa\x01" + bytes([unknown & 0x7F | 0x80, unknown >> 7]) + bytes(unknown)
    assert CertificateChain.decode(padded) == CertificateChain(right, right)
    with pytest.raises(DecodeError, match="2033 bytes"):
        CertificateChain.decode(padded + b"\0")
