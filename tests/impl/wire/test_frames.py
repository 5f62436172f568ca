import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.frames import FRAME_LIMIT, ID_LIMIT, PreKeySignalMessage, SignalMessage
from tests.vectors import load

KEY = st.binary(min_size=32, max_size=32)
U32 = st.integers(0, 2**32 - 1)
ID = st.integers(0, ID_LIMIT - 1)
BLOCKS = st.integers(1, 5).flatmap(lambda count: st.binary(min_size=16 * count, max_size=16 * count))
SIGNAL = st.builds(SignalMessage, KEY, U32, U32, BLOCKS, st.binary(min_size=8, max_size=8))
PREKEY = st.builds(PreKeySignalMessage, U32, st.none() | ID, ID, KEY, KEY, SIGNAL.map(lambda message: message.encode()))

POINT = b"\x05" + bytes(range(32))
MAC = b"MACs MAC"


def field(number: int, value: bytes | int) -> bytes:
    """One protobuf field; small numbers only."""
    if isinstance(value, int):
        return bytes([number << 3]) + varint(value)
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def varint(value: int) -> bytes:
    head = bytearray()
    while value > 0x7F:
        head.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*head, value])


SIGNAL_FIELDS = {1: POINT, 2: 3, 3: 0, 4: b"sixteen bytes in"}
INNER = b"\x33" + b"".join(field(*each) for each in SIGNAL_FIELDS.items()) + MAC
PREKEY_FIELDS = {1: 77, 2: POINT, 3: POINT, 4: INNER, 5: 1001, 6: 5}


def signal(fields: dict[int, bytes | int], version: bytes = b"\x33") -> bytes:
    return version + b"".join(field(*each) for each in fields.items()) + MAC


def prekey(fields: dict[int, bytes | int], version: bytes = b"\x33") -> bytes:
    return signal(fields, version).removesuffix(MAC)


def refusal(kind: type[SignalMessage] | type[PreKeySignalMessage], frame: bytes) -> str:
    with pytest.raises(DecodeError) as refused:
        kind.decode(frame)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@given(SIGNAL)
def test_a_message_survives_the_wire(message):
    assert SignalMessage.decode(message.encode()) == message
    assert message.encode() == message.authenticated() + message.mac


@given(PREKEY)
def test_a_first_message_survives_the_wire(message):
    assert PreKeySignalMessage.decode(message.encode()) == message


def test_the_layout_is_the_documented_one():
    assert SignalMessage.decode(signal(SIGNAL_FIELDS)) == SignalMessage(POINT[1:], 3, 0, b"sixteen bytes in", MAC)
    decoded = PreKeySignalMessage.decode(prekey(PREKEY_FIELDS))
    assert decoded == PreKeySignalMessage(1001, 77, 5, POINT[1:], POINT[1:], INNER)
    without_one_time = {number: value for number, value in PREKEY_FIELDS.items() if number != 1}
    assert PreKeySignalMessage.decode(prekey(without_one_time)).one_time_id is None


@pytest.mark.parametrize("sent", load("foreign")["session"]["messages"], ids=lambda sent: sent["plaintext"])
def test_foreign_frames_are_canonical(sent):
    kind = PreKeySignalMessage if sent["type"] == "pkmsg" else SignalMessage
    assert kind.decode(bytes.fromhex(sent["body"])).encode().hex() == sent["body"]


@pytest.mark.parametrize("number", SIGNAL_FIELDS)
def test_every_field_of_a_message_is_required(number):
    left = {each: value for each, value in SIGNAL_FIELDS.items() if each != number}
    assert "absent" in refusal(SignalMessage, signal(left))


@pytest.mark.parametrize("number", set(PREKEY_FIELDS) - {1})
def test_every_field_of_a_first_message_but_the_one_time_prekey_is_required(number):
    left = {each: value for each, value in PREKEY_FIELDS.items() if each != number}
    assert "absent" in refusal(PreKeySignalMessage, prekey(left))


@pytest.mark.parametrize("point", [b"", POINT[1:], POINT + b"\x00", b"\x04" + POINT[1:]])
def test_points_have_33_bytes_and_the_type(point):
    assert "ratchetKey" in refusal(SignalMessage, signal(SIGNAL_FIELDS | {1: point}))
    assert "baseKey" in refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS | {2: point}))
    assert "identityKey" in refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS | {3: point}))


@pytest.mark.parametrize("ciphertext", [b"", b"x" * 15, b"x" * 17])
def test_ciphertext_is_whole_blocks(ciphertext):
    assert "ciphertext" in refusal(SignalMessage, signal(SIGNAL_FIELDS | {4: ciphertext}))


@pytest.mark.parametrize(("number", "name"), [(1, "preKeyId"), (6, "signedPreKeyId")])
def test_key_identifiers_have_24_bits(number, name):
    assert name in refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS | {number: ID_LIMIT}))
    PreKeySignalMessage.decode(prekey(PREKEY_FIELDS | {number: ID_LIMIT - 1}))


@pytest.mark.parametrize("version", [b"\x22", b"\x23", b"\x32", b"\x34", b"\x43", b"3" * 2, b""])
def test_other_versions_are_refused(version):
    refusal(SignalMessage, signal(SIGNAL_FIELDS, version))
    refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS, version))


def test_the_version_named_is_the_one_received():
    assert refusal(SignalMessage, b"\x34") == "SignalMessage: version byte 34, must be 33"
    assert refusal(SignalMessage, b"") == "SignalMessage: version byte absent, must be 33"


@pytest.mark.parametrize("length", range(1, 9))
def test_a_frame_too_short_for_a_mac_is_refused(length):
    assert "MAC" in refusal(SignalMessage, b"\x33" * length)


def test_the_message_inside_a_first_message_is_checked():
    assert "ciphertext" in refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS | {4: signal(SIGNAL_FIELDS | {4: b"x"})}))


def test_size_is_bounded():
    assert FRAME_LIMIT == 1024 * 1024
    blocks = FRAME_LIMIT // 16 * 16
    SignalMessage.decode(signal(SIGNAL_FIELDS | {4: bytes(blocks - 64)}))
    assert "limit" in refusal(SignalMessage, signal(SIGNAL_FIELDS | {4: bytes(blocks)}))
    assert "limit" in refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS | {4: bytes(blocks)}))


BODY = INNER.removesuffix(MAC)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(BODY + field(5, 1), id="unknown field"),
        pytest.param(BODY + field(2, 3), id="field sent twice"),
        pytest.param(b"\x33" + field(2, 3) + BODY[1:], id="field sent twice, apart"),
        pytest.param(signal(dict(reversed(SIGNAL_FIELDS.items()))).removesuffix(MAC), id="fields in another order"),
        pytest.param(BODY.replace(b"\x10\x03", b"\x10\x83\x00"), id="long varint"),
        pytest.param(BODY.replace(b"\x10\x03", b"\x10\x83\x80\x80\x80\x10"), id="counter beyond 32 bits"),
    ],
)
def test_a_message_has_one_encoding(other):
    SignalMessage.decode(BODY + MAC)
    refusal(SignalMessage, other + MAC)
    refusal(PreKeySignalMessage, prekey(PREKEY_FIELDS | {4: other + MAC}))


def test_a_first_message_has_one_encoding():
    frame = prekey(PREKEY_FIELDS)
    refusal(PreKeySignalMessage, frame + field(7, 1))
    refusal(PreKeySignalMessage, frame + field(6, 5))
    refusal(PreKeySignalMessage, prekey(dict(reversed(PREKEY_FIELDS.items()))))


@given(st.data())
def test_any_bytes_are_a_canonical_frame_or_an_error(data):
    kind, valid = data.draw(st.sampled_from([(SignalMessage, SIGNAL), (PreKeySignalMessage, PREKEY)]))
    frame = bytearray(data.draw(valid.map(lambda message: message.encode()) | st.binary(max_size=100)))
    edits = st.tuples(st.integers(0, max(len(frame) - 1, 0)), st.binary(max_size=2))
    for position, replacement in data.draw(st.lists(edits, max_size=3)):
        frame[position : position + 1] = replacement
    try:
        message = kind.decode(bytes(frame))
    except DecodeError as refused:
        assert str(refused).startswith(f"{refused.where}: ")
    else:
        assert message.encode() == frame
