"""The key of a call, sent to each device of the callee. Upstream: `waE2E` of tulir/whatsmeow."""

from dataclasses import dataclass

from impl.wire.content.fields import KEY_SIZE
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import sized_if_any


@dataclass(frozen=True, slots=True)
class CallKey:
    """Call: the 32 bytes from which both sides derive the keys of the call's media."""

    key: bytes


def write_call(body: CallKey) -> pb.Message:
    return pb.Message(call=pb.Call(callKey=body.key))


def read_call(message: pb.Message) -> CallKey | None:
    """None for the other things that real clients say in `call`."""
    key = sized_if_any(message.call, "callKey", KEY_SIZE)
    return None if key is None else CallKey(key)
