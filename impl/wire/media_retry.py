"""What is encrypted in a media retry: the request to upload a file again, and the phone's answer.

Formats: `waMmsRetry` of tulir/whatsmeow.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from impl.wire.media_path import check_direct_path
from impl.wire.pb import mediaretry_pb2 as pb
from impl.wire.proto import parse, present, text

RETRY_LIMIT = 4096


class RetryResult(IntEnum):
    """MediaRetryNotification.ResultType."""

    GENERAL_ERROR = 0
    SUCCESS = 1
    NOT_FOUND = 2
    DECRYPTION_ERROR = 3


@dataclass(frozen=True, slots=True)
class RetryRequest:
    """ServerErrorReceipt: the message whose file is gone."""

    message_id: str

    def encode(self) -> bytes:
        return pb.ServerErrorReceipt(stanzaID=self.message_id).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError."""
        return cls(text(parse(pb.ServerErrorReceipt, data, RETRY_LIMIT), "stanzaID"))


@dataclass(frozen=True, slots=True)
class RetryAnswer:
    """MediaRetryNotification: how the upload went, and with SUCCESS, and only then, where the file lies now."""

    message_id: str
    result: RetryResult
    path: str | None = None

    def encode(self) -> bytes:
        return pb.MediaRetryNotification(
            stanzaID=self.message_id, directPath=self.path, result=self.result.name
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises DecodeError, also without a result: a request, sent back by the server, is no answer."""
        message = parse(pb.MediaRetryNotification, data, RETRY_LIMIT)
        present(message, "result")
        result = RetryResult(message.result)
        path = None
        if result is RetryResult.SUCCESS:
            path = check_direct_path(text(message, "directPath"), "MediaRetryNotification.directPath")
        return cls(text(message, "stanzaID"), result, path)
