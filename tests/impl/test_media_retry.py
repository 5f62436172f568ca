from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from impl import media_retry
from impl.crypto.entropy import seeded
from impl.crypto.kdf import hkdf
from impl.crypto.media import MediaKind, open_, seal
from impl.media_retry import SealedRetry
from impl.refusal import Refused
from impl.wire.media_retry import RetryAnswer, RetryRequest, RetryResult

MESSAGE = "3EB0A1"
MEDIA_KEY = bytes(range(32))
WAITING = {MESSAGE: MEDIA_KEY, "3EB0B2": bytes(32)}
MOVED = RetryAnswer(MESSAGE, RetryResult.SUCCESS, "/v/new")
REQUEST = media_retry.request(MESSAGE, MEDIA_KEY, seeded(b"companion"))
ANSWER = media_retry.answer(MOVED, MEDIA_KEY, seeded(b"phone"))


def sealed(plaintext: bytes, associated: str = MESSAGE) -> SealedRetry:
    """What somebody who knows the media key can make."""
    key = hkdf(MEDIA_KEY, b"WhatsApp Media Retry Notification", 32)
    return SealedRetry(AESGCM(key).encrypt(bytes(12), plaintext, associated.encode()), bytes(12))


def test_the_phone_uploads_again_and_the_announced_hashes_still_hold():
    media_retry.check_request(REQUEST, MESSAGE, MEDIA_KEY)
    announced = seal(b"a picture", MEDIA_KEY, MediaKind.IMAGE)
    uploaded = {"/v/new": seal(b"a picture", MEDIA_KEY, MediaKind.IMAGE).file}
    told = media_retry.open_answer(ANSWER, MESSAGE, WAITING)
    file = uploaded[told.path]
    facts = announced.sha256, announced.enc_sha256, announced.length
    assert open_(file, MEDIA_KEY, MediaKind.IMAGE, *facts) == b"a picture"


def test_layout():
    assert REQUEST.payload == AESGCM(hkdf(MEDIA_KEY, b"WhatsApp Media Retry Notification", 32)).encrypt(
        REQUEST.iv, b"\x0a\x063EB0A1", b"3EB0A1"
    )


def test_a_failure_is_an_answer_too():
    gone = RetryAnswer(MESSAGE, RetryResult.NOT_FOUND)
    assert media_retry.open_answer(media_retry.answer(gone, MEDIA_KEY, seeded(b"")), MESSAGE, WAITING) == gone


@pytest.mark.parametrize(
    ("answer", "message_id", "check"),
    [
        (ANSWER, "3EB0C3", "waiting"),
        (ANSWER, "3EB0B2", "retry_intact"),
        (sealed(MOVED.encode(), "3EB0B2"), MESSAGE, "retry_intact"),
        (replace(ANSWER, payload=ANSWER.payload[:-1]), MESSAGE, "retry_intact"),
        (replace(ANSWER, payload=b""), MESSAGE, "retry_intact"),
        (replace(ANSWER, iv=bytes(12)), MESSAGE, "retry_intact"),
        (replace(ANSWER, iv=bytes(11)), MESSAGE, "well_formed"),
        (replace(ANSWER, iv=bytes(13)), MESSAGE, "well_formed"),
        (replace(ANSWER, iv=b""), MESSAGE, "well_formed"),
        (REQUEST, MESSAGE, "well_formed"),
        (sealed(b"\xff"), MESSAGE, "well_formed"),
        (sealed(replace(MOVED, path="v/new").encode()), MESSAGE, "well_formed"),
        (sealed(replace(MOVED, message_id="3EB0B2").encode()), MESSAGE, "same_message"),
    ],
    ids=[
        "not asked for",
        "of another message",
        "sealed for another message",
        "truncated",
        "empty",
        "other iv",
        "short iv",
        "long iv",
        "no iv",
        "the request itself",
        "no protobuf",
        "path without slash",
        "about another message",
    ],
)
def test_an_answer_is_refused(answer, message_id, check):
    with pytest.raises(Refused) as refusal:
        media_retry.open_answer(answer, message_id, WAITING)
    assert refusal.value.check == check


@pytest.mark.parametrize(
    ("request_", "media_key", "check"),
    [
        (REQUEST, bytes(32), "retry_intact"),
        (sealed(RetryRequest(MESSAGE).encode(), "3EB0B2"), MEDIA_KEY, "retry_intact"),
        (replace(REQUEST, iv=b""), MEDIA_KEY, "well_formed"),
        (sealed(b""), MEDIA_KEY, "well_formed"),
        (sealed(RetryRequest("3EB0B2").encode()), MEDIA_KEY, "same_message"),
    ],
    ids=["other media key", "sealed for another message", "no iv", "empty", "about another message"],
)
def test_a_request_is_refused(request_, media_key, check):
    with pytest.raises(Refused) as refusal:
        media_retry.check_request(request_, MESSAGE, media_key)
    assert refusal.value.check == check
