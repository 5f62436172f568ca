"""Message: what a ciphertext carries, after the padding. White paper, "Message encryption". Upstream: `waE2E`."""

from dataclasses import dataclass

from impl.address import is_group
from impl.wire.content.body import Body, read_body, write_body
from impl.wire.content.fields import read_chat
from impl.wire.content.hint import DeviceHint, read_hint, write_hint
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import parse, present

LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class KeyDistribution:
    """SenderKeyDistributionMessage: the sender key of its author in `group`, as libsignal encodes it."""

    group: str
    distribution: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One content and what stands beside it; `body` is None only where a distribution comes alone."""

    body: Body | None
    hint: DeviceHint | None = None
    distribution: KeyDistribution | None = None


def encode(message: Message | Body) -> bytes:
    """A body alone is a message of nothing else."""
    whole = message if isinstance(message, Message) else Message(message)
    written = pb.Message() if whole.body is None else write_body(whole.body)
    if whole.hint is not None:
        written.messageContextInfo.CopyFrom(write_hint(whole.hint))
    if whole.distribution is not None:
        written.senderKeyDistributionMessage.groupID = whole.distribution.group
        written.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage = whole.distribution.distribution
    return written.SerializeToString(deterministic=True)


def decode(data: bytes) -> Message:
    """Raises DecodeError, also for a message that holds nothing, or several contents."""
    parse(pb.Message, data, LIMIT)
    message = pb.Message.FromString(data)  # with the unknown fields: they may be all that a newer client says
    distribution = _distribution(message) if message.HasField("senderKeyDistributionMessage") else None
    body = read_body(message)
    if body is None and distribution is None:
        raise DecodeError("holds nothing", "Message")
    return Message(body, read_hint(message.messageContextInfo), distribution)


def _distribution(message: pb.Message) -> KeyDistribution:
    sent = message.senderKeyDistributionMessage
    group = read_chat(sent, "groupID")
    if not is_group(group):
        raise DecodeError("not a group", "SenderKeyDistributionMessage.groupID")
    present(sent, "axolotlSenderKeyDistributionMessage")
    return KeyDistribution(group, sent.axolotlSenderKeyDistributionMessage)
