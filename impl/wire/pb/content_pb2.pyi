from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MessageKey(_message.Message):
    __slots__ = ("remoteJID", "fromMe", "ID", "participant")
    REMOTEJID_FIELD_NUMBER: _ClassVar[int]
    FROMME_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    remoteJID: str
    fromMe: bool
    ID: str
    participant: str
    def __init__(self, remoteJID: _Optional[str] = ..., fromMe: _Optional[bool] = ..., ID: _Optional[str] = ..., participant: _Optional[str] = ...) -> None: ...

class HistorySyncNotification(_message.Message):
    __slots__ = ("fileSHA256", "fileLength", "mediaKey", "fileEncSHA256", "directPath", "syncType", "chunkOrder", "progress")
    class HistorySyncType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        INITIAL_BOOTSTRAP: _ClassVar[HistorySyncNotification.HistorySyncType]
        INITIAL_STATUS_V3: _ClassVar[HistorySyncNotification.HistorySyncType]
        FULL: _ClassVar[HistorySyncNotification.HistorySyncType]
        RECENT: _ClassVar[HistorySyncNotification.HistorySyncType]
        PUSH_NAME: _ClassVar[HistorySyncNotification.HistorySyncType]
        NON_BLOCKING_DATA: _ClassVar[HistorySyncNotification.HistorySyncType]
        ON_DEMAND: _ClassVar[HistorySyncNotification.HistorySyncType]
        NO_HISTORY: _ClassVar[HistorySyncNotification.HistorySyncType]
        MESSAGE_ACCESS_STATUS: _ClassVar[HistorySyncNotification.HistorySyncType]
    INITIAL_BOOTSTRAP: HistorySyncNotification.HistorySyncType
    INITIAL_STATUS_V3: HistorySyncNotification.HistorySyncType
    FULL: HistorySyncNotification.HistorySyncType
    RECENT: HistorySyncNotification.HistorySyncType
    PUSH_NAME: HistorySyncNotification.HistorySyncType
    NON_BLOCKING_DATA: HistorySyncNotification.HistorySyncType
    ON_DEMAND: HistorySyncNotification.HistorySyncType
    NO_HISTORY: HistorySyncNotification.HistorySyncType
    MESSAGE_ACCESS_STATUS: HistorySyncNotification.HistorySyncType
    FILESHA256_FIELD_NUMBER: _ClassVar[int]
    FILELENGTH_FIELD_NUMBER: _ClassVar[int]
    MEDIAKEY_FIELD_NUMBER: _ClassVar[int]
    FILEENCSHA256_FIELD_NUMBER: _ClassVar[int]
    DIRECTPATH_FIELD_NUMBER: _ClassVar[int]
    SYNCTYPE_FIELD_NUMBER: _ClassVar[int]
    CHUNKORDER_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    fileSHA256: bytes
    fileLength: int
    mediaKey: bytes
    fileEncSHA256: bytes
    directPath: str
    syncType: HistorySyncNotification.HistorySyncType
    chunkOrder: int
    progress: int
    def __init__(self, fileSHA256: _Optional[bytes] = ..., fileLength: _Optional[int] = ..., mediaKey: _Optional[bytes] = ..., fileEncSHA256: _Optional[bytes] = ..., directPath: _Optional[str] = ..., syncType: _Optional[_Union[HistorySyncNotification.HistorySyncType, str]] = ..., chunkOrder: _Optional[int] = ..., progress: _Optional[int] = ...) -> None: ...

class ProtocolMessage(_message.Message):
    __slots__ = ("type", "historySyncNotification")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REVOKE: _ClassVar[ProtocolMessage.Type]
        HISTORY_SYNC_NOTIFICATION: _ClassVar[ProtocolMessage.Type]
    REVOKE: ProtocolMessage.Type
    HISTORY_SYNC_NOTIFICATION: ProtocolMessage.Type
    TYPE_FIELD_NUMBER: _ClassVar[int]
    HISTORYSYNCNOTIFICATION_FIELD_NUMBER: _ClassVar[int]
    type: ProtocolMessage.Type
    historySyncNotification: HistorySyncNotification
    def __init__(self, type: _Optional[_Union[ProtocolMessage.Type, str]] = ..., historySyncNotification: _Optional[_Union[HistorySyncNotification, _Mapping]] = ...) -> None: ...

class DeviceSentMessage(_message.Message):
    __slots__ = ("destinationJID", "message")
    DESTINATIONJID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    destinationJID: str
    message: Message
    def __init__(self, destinationJID: _Optional[str] = ..., message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class Message(_message.Message):
    __slots__ = ("conversation", "protocolMessage", "deviceSentMessage")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PROTOCOLMESSAGE_FIELD_NUMBER: _ClassVar[int]
    DEVICESENTMESSAGE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    protocolMessage: ProtocolMessage
    deviceSentMessage: DeviceSentMessage
    def __init__(self, conversation: _Optional[str] = ..., protocolMessage: _Optional[_Union[ProtocolMessage, _Mapping]] = ..., deviceSentMessage: _Optional[_Union[DeviceSentMessage, _Mapping]] = ...) -> None: ...
