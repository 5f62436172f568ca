from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from impl.wire.adv import (
    INDEX_LIMIT,
    AccountType,
    DeviceIdentity,
    IdentityContainer,
    KeyIndexList,
    SignedDeviceIdentity,
    SignedKeyIndexList,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import adv_pb2
from tests.vectors import load

LINKING = load("foreign")["linking"]
LIST = load("foreign")["device_list"]

U32 = st.integers(0, 2**32 - 1)
U64 = st.integers(0, 2**64 - 1)
KINDS = st.sampled_from(AccountType)
KEY = st.binary(min_size=32, max_size=32)
SIGNATURE = st.binary(min_size=64, max_size=64)
DETAILS = st.binary(max_size=40)
INDEXES = st.sets(U32, max_size=INDEX_LIMIT).map(sorted).map(tuple)

Codec = type[DeviceIdentity | SignedDeviceIdentity | IdentityContainer | KeyIndexList | SignedKeyIndexList]

VALUES: dict[Codec, st.SearchStrategy[Any]] = {
    DeviceIdentity: st.builds(DeviceIdentity, U32, U64, U32, KINDS, KINDS),
    SignedDeviceIdentity: st.builds(
        SignedDeviceIdentity, DETAILS, st.none() | KEY, st.none() | SIGNATURE, st.none() | SIGNATURE
    ),
    IdentityContainer: st.builds(IdentityContainer, DETAILS, KEY, KINDS),
    KeyIndexList: st.builds(KeyIndexList, U32, U64, U32, INDEXES, KINDS),
    SignedKeyIndexList: st.builds(SignedKeyIndexList, DETAILS, SIGNATURE, st.none() | KEY),
}
UPSTREAM: dict[Codec, str] = {
    DeviceIdentity: "ADVDeviceIdentity",
    SignedDeviceIdentity: "ADVSignedDeviceIdentity",
    IdentityContainer: "ADVSignedDeviceIdentityHMAC",
    KeyIndexList: "ADVKeyIndexList",
    SignedKeyIndexList: "ADVSignedKeyIndexList",
}
CODEC = pytest.mark.parametrize("codec", UPSTREAM)


def test_a_foreign_container_decodes_layer_by_layer() -> None:
    container = IdentityContainer.decode(bytes.fromhex(LINKING["container"]))
    assert container == IdentityContainer(bytes.fromhex(LINKING["signed_identity"]), bytes.fromhex(LINKING["hmac"]))
    signed = SignedDeviceIdentity.decode(container.details)
    assert signed == SignedDeviceIdentity(
        bytes.fromhex(LINKING["details"]),
        bytes.fromhex(LINKING["account_public"]),
        bytes.fromhex(LINKING["account_signature"]),
    )
    assert signed.identity == DeviceIdentity(LINKING["raw_id"], LINKING["timestamp"], LINKING["key_index"])


def test_a_foreign_list_decodes() -> None:
    signed = SignedKeyIndexList.decode(bytes.fromhex(LIST["signed_list"]))
    assert signed == SignedKeyIndexList(bytes.fromhex(LIST["details"]), bytes.fromhex(LIST["signature"]))
    assert signed.list == KeyIndexList(
        LIST["raw_id"], LIST["timestamp"], LIST["current_index"], tuple(LIST["valid_indexes"])
    )


@pytest.mark.parametrize(("written", "kind"), [("2000", AccountType.E2EE), ("2001", AccountType.HOSTED)])
def test_the_account_type_is_read_by_its_number(written: str, kind: AccountType) -> None:
    identity = DeviceIdentity.decode(bytes.fromhex("080110021803" + written))
    assert identity.account_type.name == kind.name
    assert (AccountType.E2EE, AccountType.HOSTED) == (0, 1)


def test_foreign_containers_encode_byte_for_byte() -> None:
    """Their `details` are kept as received; our own leave out the zero enums, as phones do."""
    for codec, vector in (
        (IdentityContainer, LINKING["container"]),
        (SignedDeviceIdentity, LINKING["signed_identity"]),
        (SignedKeyIndexList, LIST["signed_list"]),
    ):
        assert codec.decode(bytes.fromhex(vector)).encode().hex() == vector
    identity = DeviceIdentity(LINKING["raw_id"], LINKING["timestamp"], LINKING["key_index"])
    assert identity.encode().hex() + "20002800" == LINKING["details"]
    content = KeyIndexList(LIST["raw_id"], LIST["timestamp"], LIST["current_index"], (0, 3, 5))
    assert content.encode().hex() + "2800" == LIST["details"]


@given(st.one_of(*VALUES.values()))
def test_decoding_undoes_encoding(value: Any) -> None:
    assert type(value).decode(value.encode()) == value


@CODEC
@given(data=st.data())
def test_accepted_bytes_are_the_only_spelling(codec: Codec, data: st.DataObject) -> None:
    """A valid encoding with bytes changed, or with fields put before it: no second way to say the same."""
    value = data.draw(VALUES[codec])
    encoded = value.encode()
    at, replaced = data.draw(st.integers(0, len(encoded))), data.draw(st.integers(0, 2))
    mutated = encoded[:at] + data.draw(st.binary(max_size=2)) + encoded[at + replaced :]
    overridden = data.draw(VALUES[codec]).encode() + encoded
    changed = data.draw(st.sampled_from([mutated, overridden]))
    assume(changed != encoded)
    with suppress(DecodeError):
        assert codec.decode(changed) != value or _spells_out_a_zero(codec, changed)


def _spells_out_a_zero(codec: Codec, data: bytes) -> bool:
    """The one freedom that foreign encoders take: an enum of value zero that could have been left out."""
    message = getattr(adv_pb2, UPSTREAM[codec]).FromString(data)
    return any(field.enum_type is not None and not number for field, number in message.ListFields())


@CODEC
@given(data=st.binary(max_size=120))
def test_any_bytes_give_a_value_or_an_error(codec: Codec, data: bytes) -> None:
    try:
        codec.decode(data)
    except DecodeError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("decode", "data", "where"),
    [
        (DeviceIdentity.decode, "", "rawID"),
        (DeviceIdentity.decode, "080110021803" + "2002", "ADVDeviceIdentity"),
        (DeviceIdentity.decode, "080110021803" + "3001", "ADVDeviceIdentity"),
        (DeviceIdentity.decode, "100208011803", "ADVDeviceIdentity"),
        (DeviceIdentity.decode, "0801080110021803", "ADVDeviceIdentity"),
        (DeviceIdentity.decode, "08810010021803", "ADVDeviceIdentity"),
        (SignedDeviceIdentity.decode, "", "details"),
        (SignedDeviceIdentity.decode, "0a00121f" + "00" * 31, "accountSignatureKey"),
        (SignedDeviceIdentity.decode, "0a001a41" + "00" * 65, "accountSignature"),
        (SignedDeviceIdentity.decode, "0a00223f" + "00" * 63, "deviceSignature"),
        (IdentityContainer.decode, "0a00121f" + "00" * 31, "HMAC"),
        (IdentityContainer.decode, "0a001220" + "00" * 32 + "1802", "ADVSignedDeviceIdentityHMAC"),
        (KeyIndexList.decode, "080110021803" + "20002003", "ADVKeyIndexList"),
        (KeyIndexList.decode, "080110021803" + "22020300", "validIndexes"),
        (KeyIndexList.decode, "080110021803" + "22020303", "validIndexes"),
        (KeyIndexList.decode, "080110021803" + "2241" + bytes(range(65)).hex(), "validIndexes"),
        (SignedKeyIndexList.decode, "0a00", "accountSignature"),
        (SignedKeyIndexList.decode, "0a00" * 2100, "ADVSignedKeyIndexList"),
    ],
)
def test_each_bound_is_kept(decode: Callable[[bytes], object], data: str, where: str) -> None:
    with pytest.raises(DecodeError) as error:
        decode(bytes.fromhex(data))
    assert error.value.where.endswith(where)
