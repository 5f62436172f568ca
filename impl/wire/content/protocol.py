"""ProtocolMessage: what clients tell each other rather than their users. Upstream: `waE2E` of tulir/whatsmeow."""

from dataclasses import dataclass

from impl.durations import DAY
from impl.wire.content.fields import read_key, time_or_zero, write_key
from impl.wire.content.keys import (
    FatalException,
    KeyRequest,
    KeyShare,
    read_exception,
    read_key_request,
    read_share,
    write_exception,
    write_key_request,
    write_share,
)
from impl.wire.content.notice import HistoryNotice, read_notice, write_notice
from impl.wire.content.peerdata import (
    ChunkRetry,
    HistoryRequest,
    PlaceholderRequest,
    PlaceholderResponse,
    RecoveryRequest,
    RecoveryResponse,
    read_request,
    read_response,
    write_request,
    write_response,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import content_pb2 as pb
from impl.wire.proto import present

TIMERS = (0, DAY, 7 * DAY, 90 * DAY)
"""The seconds that a chat may be set to; 0 turns disappearing off."""

_Type = pb.ProtocolMessage.Type


@dataclass(frozen=True, slots=True)
class TimerSetting:
    """EPHEMERAL_SETTING: messages of a direct chat disappear after `seconds`, one of TIMERS.

    `set_at` is in seconds, 0 where the sender does not say.
    """

    seconds: int
    set_at: int


@dataclass(frozen=True, slots=True)
class Revoke:
    """REVOKE: deletes a message for everyone."""

    chat: str
    from_me: bool
    id: str


PeerBody = (
    HistoryNotice
    | HistoryRequest
    | PlaceholderRequest
    | PlaceholderResponse
    | RecoveryRequest
    | RecoveryResponse
    | ChunkRetry
    | KeyShare
    | KeyRequest
    | FatalException
)
"""What only the own phone, or to it an own companion, may say: it goes in peer messages."""


def write_protocol(body: PeerBody | TimerSetting | Revoke) -> pb.Message:
    return pb.Message(protocolMessage=_protocol(body))


def read_protocol(message: pb.Message) -> PeerBody | TimerSetting | Revoke | None:
    """None for a type that the harness does not speak."""
    protocol = message.protocolMessage
    match protocol.type if protocol.HasField("type") else None:
        case _Type.REVOKE:
            return Revoke(*read_key(protocol.key))
        case _Type.EPHEMERAL_SETTING:
            return _timer_setting(protocol)
        case _Type.HISTORY_SYNC_NOTIFICATION:
            return read_notice(protocol.historySyncNotification)
        case _Type.APP_STATE_SYNC_KEY_SHARE:
            present(protocol, "appStateSyncKeyShare")
            return read_share(protocol.appStateSyncKeyShare)
        case _Type.APP_STATE_SYNC_KEY_REQUEST:
            present(protocol, "appStateSyncKeyRequest")
            return read_key_request(protocol.appStateSyncKeyRequest)
        case _Type.APP_STATE_FATAL_EXCEPTION_NOTIFICATION:
            return read_exception(protocol.appStateFatalExceptionNotification)
        case _Type.PEER_DATA_OPERATION_REQUEST_MESSAGE:
            return read_request(protocol.peerDataOperationRequestMessage)
        case _Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE:
            return read_response(protocol.peerDataOperationRequestResponseMessage)
        case _:
            return None


def _timer_setting(protocol: pb.ProtocolMessage) -> TimerSetting:
    present(protocol, "ephemeralExpiration")
    if protocol.ephemeralExpiration not in TIMERS:
        raise DecodeError(f"not one of {TIMERS}", "ProtocolMessage.ephemeralExpiration")
    return TimerSetting(protocol.ephemeralExpiration, time_or_zero(protocol, "ephemeralSettingTimestamp"))


def _protocol(body: PeerBody | TimerSetting | Revoke) -> pb.ProtocolMessage:
    match body:
        case Revoke(chat, from_me, id):
            return pb.ProtocolMessage(type=_Type.REVOKE, key=write_key(chat, from_me, id))
        case TimerSetting(seconds, set_at):
            return pb.ProtocolMessage(
                type=_Type.EPHEMERAL_SETTING, ephemeralExpiration=seconds, ephemeralSettingTimestamp=set_at
            )
        case HistoryNotice():
            return pb.ProtocolMessage(type=_Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification=write_notice(body))
        case KeyShare():
            return pb.ProtocolMessage(type=_Type.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare=write_share(body))
        case KeyRequest():
            return pb.ProtocolMessage(
                type=_Type.APP_STATE_SYNC_KEY_REQUEST, appStateSyncKeyRequest=write_key_request(body)
            )
        case FatalException():
            return pb.ProtocolMessage(
                type=_Type.APP_STATE_FATAL_EXCEPTION_NOTIFICATION,
                appStateFatalExceptionNotification=write_exception(body),
            )
        case HistoryRequest() | PlaceholderRequest() | RecoveryRequest() | ChunkRetry():
            return pb.ProtocolMessage(
                type=_Type.PEER_DATA_OPERATION_REQUEST_MESSAGE, peerDataOperationRequestMessage=write_request(body)
            )
        case PlaceholderResponse() | RecoveryResponse():
            return pb.ProtocolMessage(
                type=_Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
                peerDataOperationRequestResponseMessage=write_response(body),
            )
