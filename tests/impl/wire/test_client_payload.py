"""What a client says of itself: a registration or a login, all lengths exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.kinds import DeviceProps, Platform
from impl.wire.client_payload import ClientPayload, Login, Registration, decode, encode
from impl.wire.errors import DecodeError
from impl.wire.pb import handshake_pb2 as pb

KEY = st.binary(min_size=32, max_size=32)
PAYLOADS = st.builds(Login, st.integers(0, 2**64 - 1), st.integers(0, 255)) | st.builds(
    Registration,
    st.integers(0, 2**32 - 1),
    KEY,
    st.integers(0, 2**24 - 1),
    KEY,
    st.binary(min_size=64, max_size=64),
    st.binary(min_size=16, max_size=16),
    st.builds(DeviceProps, st.sampled_from(Platform), st.text(max_size=20)),
)
PROPS = pb.DeviceProps(os="Linux", platformType=1).SerializeToString()
WHOLE = {
    "eRegid": bytes.fromhex("01020304"),
    "eKeytype": b"\x05",
    "eIdent": b"i" * 32,
    "eSkeyID": bytes.fromhex("050607"),
    "eSkeyVal": b"k" * 32,
    "eSkeySig": b"s" * 64,
    "buildHash": b"h" * 16,
    "deviceProps": PROPS,
}
REGISTRATION = Registration(
    0x01020304, b"i" * 32, 0x050607, b"k" * 32, b"s" * 64, b"h" * 16, DeviceProps(Platform.CHROME, "Linux")
)


def registration(**changes: bytes | None) -> bytes:
    return pb.ClientPayload(devicePairingData=WHOLE | changes, passive=False, pull=False).SerializeToString()


@given(PAYLOADS)
def test_decoding_undoes_encoding(value: ClientPayload) -> None:
    assert decode(encode(value)) == value


def test_a_registration() -> None:
    assert encode(REGISTRATION) == registration()
    assert decode(registration()) == REGISTRATION


def test_a_login() -> None:
    assert encode(Login(15550001, 3)).hex() == "08b18cb507" + "1801" + "900103" + "880201"


@pytest.mark.parametrize("field", [name for name in WHOLE if name != "deviceProps"])
def test_each_field_of_a_registration_has_its_length(field: str) -> None:
    for value in (WHOLE[field][:-1], WHOLE[field] + b"\0"):
        with pytest.raises(DecodeError, match=f"{field}: {len(value)} bytes, must be {len(WHOLE[field])}"):
            decode(registration(**{field: value}))


@pytest.mark.parametrize("field", WHOLE)
def test_no_field_of_a_registration_is_absent(field: str) -> None:
    with pytest.raises(DecodeError, match=f"{field}: absent"):
        decode(registration(**{field: None}))


def test_a_key_of_another_type_is_refused() -> None:
    with pytest.raises(DecodeError, match="not the type"):
        decode(registration(eKeytype=b"\x06"))


@pytest.mark.parametrize("number", [len(Platform), -1])
def test_a_platform_nobody_knows_is_unknown(number: int) -> None:
    props = pb.DeviceProps(os="Linux", platformType=number).SerializeToString()
    decoded = decode(registration(deviceProps=props))
    assert isinstance(decoded, Registration)
    assert decoded.props.platform is Platform.UNKNOWN


@pytest.mark.parametrize("props", [b"", b"\xff", b"\x0a\x01\xff"])
def test_properties_without_a_readable_name(props: bytes) -> None:
    with pytest.raises(DecodeError, match="DeviceProps"):
        decode(registration(deviceProps=props))


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (pb.ClientPayload(), "username: absent"),
        (pb.ClientPayload(username=1), "device: absent"),
        (pb.ClientPayload(device=1), "username: absent"),
        (pb.ClientPayload(username=1, devicePairingData=WHOLE), "with an account"),
        (pb.ClientPayload(username=1, device=256), "256, the limit is 255"),
    ],
)
def test_neither_one_nor_the_other(message: pb.ClientPayload, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        decode(message.SerializeToString())


def test_device_255_is_the_last() -> None:
    assert decode(encode(Login(1, 255))) == Login(1, 255)


def test_what_describes_the_software_is_skipped_and_2032_bytes_are_the_limit() -> None:
    login = encode(Login(1, 2))
    unknown = 2032 - len(login) - 3
    padded = login + b"\x2a" + bytes([unknown & 0x7F | 0x80, unknown >> 7]) + bytes(unknown)
    assert len(padded) == 2032
    assert decode(padded) == Login(1, 2)
    with pytest.raises(DecodeError, match="2033 bytes"):
        decode(padded + b"\0")
