import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.frames import FRAME_LIMIT
from impl.wire.senderkeys import ITERATION_LIMIT, SenderKeyDistribution, SenderKeyMessage
from tests.impl.wire.test_frames import BLOCKS, KEY, POINT, U32, field
from tests.vectors import load

ITERATION = st.integers(0, ITERATION_LIMIT - 1)
DISTRIBUTION = st.builds(SenderKeyDistribution, U32, ITERATION, KEY, KEY)
MESSAGE = st.builds(SenderKeyMessage, U32, ITERATION, BLOCKS, st.binary(min_size=64, max_size=64))

CHAIN_KEY = b"a chain key has thirty-two bytes"
SIGNATURE = bytes(range(64))
DISTRIBUTION_FIELDS = {1: 7, 2: 3, 3: CHAIN_KEY, 4: POINT}
MESSAGE_FIELDS = {1: 7, 2: 3, 3: b"sixteen bytes in"}


def distribution(fields: dict[int, bytes | int], version: bytes = b"\x33") -> bytes:
    return version + b"".join(field(*each) for each in fields.items())


def message(fields: dict[int, bytes | int], version: bytes = b"\x33") -> bytes:
    return distribution(fields, version) + SIGNATURE


def refusal(kind: type[SenderKeyDistribution] | type[SenderKeyMessage], frame: bytes) -> str:
    with pytest.raises(DecodeError) as refused:
        kind.decode(frame)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@given(DISTRIBUTION)
def test_a_distribution_survives_the_wire(sent):
    assert SenderKeyDistribution.decode(sent.encode()) == sent


@given(MESSAGE)
def test_a_message_survives_the_wire(sent):
    assert SenderKeyMessage.decode(sent.encode()) == sent
    assert sent.encode() == sent.signed() + sent.signature


def test_the_layout_is_the_documented_one():
    decoded = SenderKeyDistribution.decode(distribution(DISTRIBUTION_FIELDS))
    assert decoded == SenderKeyDistribution(7, 3, CHAIN_KEY, POINT[1:])
    assert SenderKeyMessage.decode(message(MESSAGE_FIELDS)) == SenderKeyMessage(7, 3, b"sixteen bytes in", SIGNATURE)


def test_foreign_frames_are_canonical():
    kinds = {"distribute": SenderKeyDistribution, "seal": SenderKeyMessage}
    frames = [(kinds[step["do"]], step["body"]) for step in load("senderkeys")["steps"] if "body" in step]
    assert len(frames) == 11
    for kind, body in frames:
        assert kind.decode(bytes.fromhex(body)).encode().hex() == body


@pytest.mark.parametrize("number", DISTRIBUTION_FIELDS)
def test_every_field_of_a_distribution_is_required(number):
    left = {each: value for each, value in DISTRIBUTION_FIELDS.items() if each != number}
    assert "absent" in refusal(SenderKeyDistribution, distribution(left))


@pytest.mark.parametrize("number", MESSAGE_FIELDS)
def test_every_field_of_a_message_is_required(number):
    left = {each: value for each, value in MESSAGE_FIELDS.items() if each != number}
    assert "absent" in refusal(SenderKeyMessage, message(left))


@pytest.mark.parametrize("chain_key", [b"", CHAIN_KEY[1:], CHAIN_KEY + b"\x00"])
def test_a_chain_key_has_32_bytes(chain_key):
    assert "chainKey" in refusal(SenderKeyDistribution, distribution(DISTRIBUTION_FIELDS | {3: chain_key}))


@pytest.mark.parametrize("point", [b"", POINT[1:], POINT + b"\x00", b"\x04" + POINT[1:]])
def test_a_signing_key_has_33_bytes_and_the_type(point):
    assert "signingKey" in refusal(SenderKeyDistribution, distribution(DISTRIBUTION_FIELDS | {4: point}))


@pytest.mark.parametrize("ciphertext", [b"", b"x" * 15, b"x" * 17])
def test_ciphertext_is_whole_blocks(ciphertext):
    assert "ciphertext" in refusal(SenderKeyMessage, message(MESSAGE_FIELDS | {3: ciphertext}))


def test_iterations_have_31_bits():
    assert ITERATION_LIMIT == 2**31
    last, beyond = {2: ITERATION_LIMIT - 1}, {2: ITERATION_LIMIT}
    SenderKeyDistribution.decode(distribution(DISTRIBUTION_FIELDS | last))
    SenderKeyMessage.decode(message(MESSAGE_FIELDS | last))
    assert "iteration" in refusal(SenderKeyDistribution, distribution(DISTRIBUTION_FIELDS | beyond))
    assert "iteration" in refusal(SenderKeyMessage, message(MESSAGE_FIELDS | beyond))


@pytest.mark.parametrize("version", [b"\x22", b"\x23", b"\x32", b"\x34", b"\x43", b"3" * 2, b""])
def test_other_versions_are_refused(version):
    refusal(SenderKeyDistribution, distribution(DISTRIBUTION_FIELDS, version))
    refusal(SenderKeyMessage, message(MESSAGE_FIELDS, version))


def test_the_version_named_is_the_one_received():
    assert refusal(SenderKeyDistribution, b"") == "SenderKeyDistributionMessage: version byte absent, must be 33"
    assert refusal(SenderKeyMessage, b"\x34" * 65) == "SenderKeyMessage: version byte 34, must be 33"


@pytest.mark.parametrize("length", [0, 1, 64])
def test_a_frame_too_short_for_a_signature_is_refused(length):
    assert "signature" in refusal(SenderKeyMessage, b"\x33" * length)
    assert "absent" in refusal(SenderKeyMessage, b"\x33" * 65)


def test_size_is_bounded():
    blocks = FRAME_LIMIT // 16 * 16
    SenderKeyMessage.decode(message(MESSAGE_FIELDS | {3: bytes(blocks - 16)}))
    assert "limit" in refusal(SenderKeyMessage, message(MESSAGE_FIELDS | {3: bytes(blocks)}))
    assert "limit" in refusal(SenderKeyDistribution, distribution(DISTRIBUTION_FIELDS | {3: bytes(blocks)}))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda body: body + field(5, 1), id="unknown field"),
        pytest.param(lambda body: body + field(2, 3), id="field sent twice"),
        pytest.param(lambda body: b"\x33" + field(2, 3) + body[1:], id="field sent twice, apart"),
        pytest.param(lambda body: b"\x33" + body[3:] + body[1:3], id="fields in another order"),
        pytest.param(lambda body: body.replace(b"\x10\x03", b"\x10\x83\x00"), id="long varint"),
        pytest.param(lambda body: body.replace(b"\x10\x03", b"\x10\x83\x80\x80\x80\x10"), id="beyond 32 bits"),
    ],
)
def test_a_frame_has_one_encoding(other):
    assert "canonical" in refusal(SenderKeyDistribution, other(distribution(DISTRIBUTION_FIELDS)))
    assert "canonical" in refusal(SenderKeyMessage, other(distribution(MESSAGE_FIELDS)) + SIGNATURE)


def test_the_chain_key_is_not_printed():
    assert "chain_key" not in repr(SenderKeyDistribution.decode(distribution(DISTRIBUTION_FIELDS)))


@given(st.data())
def test_any_bytes_are_a_canonical_frame_or_an_error(data):
    kind, valid = data.draw(st.sampled_from([(SenderKeyDistribution, DISTRIBUTION), (SenderKeyMessage, MESSAGE)]))
    frame = bytearray(data.draw(valid.map(lambda sent: sent.encode()) | st.binary(max_size=120)))
    edits = st.tuples(st.integers(0, max(len(frame) - 1, 0)), st.binary(max_size=2))
    for position, replacement in data.draw(st.lists(edits, max_size=3)):
        frame[position : position + 1] = replacement
    try:
        decoded = kind.decode(bytes(frame))
    except DecodeError as refused:
        assert str(refused).startswith(f"{refused.where}: ")
    else:
        assert decoded.encode() == frame
