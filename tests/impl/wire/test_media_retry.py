import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.media_retry import RETRY_LIMIT, RetryAnswer, RetryRequest, RetryResult
from impl.wire.pb import mediaretry_pb2 as pb

MOVED = RetryAnswer("3EB0", RetryResult.SUCCESS, "/v/new")


def test_real_field_numbers():
    assert RetryRequest("3EB0").encode() == b"\x0a\x043EB0"
    assert MOVED.encode() == b"\x0a\x043EB0" + b"\x12\x06/v/new" + b"\x18\x01"


@given(st.text())
def test_decoding_undoes_encoding_of_a_request(message_id):
    assert RetryRequest.decode(RetryRequest(message_id).encode()) == RetryRequest(message_id)


@pytest.mark.parametrize("result", set(RetryResult) - {RetryResult.SUCCESS})
def test_a_failure_has_no_path(result):
    assert RetryAnswer.decode(RetryAnswer("3EB0", result, "/v/new").encode()) == RetryAnswer("3EB0", result)


def test_a_success_has_a_path():
    assert RetryAnswer.decode(MOVED.encode()) == MOVED


def test_the_longest_request():
    longest = RetryRequest("x" * (RETRY_LIMIT - 3))
    assert len(longest.encode()) == RETRY_LIMIT
    assert RetryRequest.decode(longest.encode()) == longest
    with pytest.raises(DecodeError, match="limit"):
        RetryRequest.decode(RetryRequest("x" * (RETRY_LIMIT - 2)).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\x0a\x02\xff\xfe",
        RetryRequest("3EB0").encode(),
        pb.MediaRetryNotification(result="SUCCESS", directPath="/v").SerializeToString(),
        pb.MediaRetryNotification(stanzaID="3EB0", result="SUCCESS").SerializeToString(),
        pb.MediaRetryNotification(stanzaID="3EB0", result="SUCCESS", directPath="v").SerializeToString(),
        pb.MediaRetryNotification(stanzaID="3EB0", result="SUCCESS", directPath="@h/").SerializeToString(),
        b"\x0a\x043EB0" + b"\x18\x07",
        MOVED.encode() + b"\x22\xff\xff" + b"x" * RETRY_LIMIT,
    ],
    ids=[
        "nothing",
        "no protobuf",
        "no utf-8",
        "a request",
        "no message",
        "no path",
        "path without slash",
        "host",
        "unknown result",
        "too long",
    ],
)
def test_each_rule_of_an_answer_is_kept(data):
    with pytest.raises(DecodeError):
        RetryAnswer.decode(data)


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x0a\x02\xff\xfe"])
def test_each_rule_of_a_request_is_kept(data):
    with pytest.raises(DecodeError):
        RetryRequest.decode(data)


@given(st.binary(max_size=200), st.sampled_from([RetryRequest, RetryAnswer]))
def test_any_bytes_give_a_value_or_an_error(data, kind):
    try:
        kind.decode(data)
    except DecodeError as error:
        assert "\n" not in str(error)
