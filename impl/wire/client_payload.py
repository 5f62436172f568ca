"""What a client says of itself at the end of the handshake: that it is new, or who it is.

Format: `ClientPayload` in `WAWebProtobufsWa6.proto` of tulir/whatsmeow, built as in its `store/clientpayload.go`. Of
the many fields that describe the software only those are kept that somebody acts upon.
"""

from dataclasses import dataclass

from impl.address import DEVICE_LIMIT
from impl.crypto.keys import KEY_SIZE, with_type
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.kinds import DeviceProps, Platform
from impl.wire.errors import DecodeError
from impl.wire.handshake import PLAINTEXT_LIMIT
from impl.wire.pb import handshake_pb2 as pb
from impl.wire.proto import parse, present, sized, text

REGISTRATION_ID_SIZE = 4
PREKEY_ID_SIZE = 3
BUILD_HASH_SIZE = 16

_KEY_TYPE = with_type(b"")


@dataclass(frozen=True, slots=True)
class Registration:
    """A companion without an account: its public keys (32 bytes), the signature of its prekey (64), what it is.

    `build_hash` is the MD5 of its version, a.b.c in digits. The signature is not verified yet.
    """

    registration_id: int
    identity: bytes
    signed_prekey_id: int
    signed_prekey: bytes
    signature: bytes
    build_hash: bytes
    props: DeviceProps


@dataclass(frozen=True, slots=True)
class Login:
    """A companion of an account: `user` is its number; `device` 0 would be the phone."""

    user: int
    device: int


ClientPayload = Registration | Login


def encode(payload: ClientPayload) -> bytes:
    match payload:
        case Login(user, device):
            message = pb.ClientPayload(username=user, device=device, passive=True, pull=True)
        case Registration():
            data = _pairing_data(payload)
            message = pb.ClientPayload(devicePairingData=data, passive=False, pull=False)
    return message.SerializeToString(deterministic=True)


def decode(data: bytes) -> ClientPayload:
    """Raises DecodeError, also for a payload that is both."""
    message = parse(pb.ClientPayload, data, PLAINTEXT_LIMIT)
    if not message.HasField("devicePairingData"):
        present(message, "username", "device")
        if message.device > DEVICE_LIMIT:
            raise DecodeError(f"{message.device}, the limit is {DEVICE_LIMIT}", "ClientPayload.device")
        return Login(message.username, message.device)
    if message.HasField("username"):
        raise DecodeError("a registration by somebody with an account", "ClientPayload.username")
    return _registration(message.devicePairingData)


def encode_props(props: DeviceProps) -> bytes:
    """DeviceProps, as a registration has them."""
    return pb.DeviceProps(os=props.os, platformType=props.platform).SerializeToString(deterministic=True)


def decode_props(data: bytes) -> DeviceProps:
    """Raises DecodeError; a platform that nobody knows is UNKNOWN."""
    props = parse(pb.DeviceProps, data, PLAINTEXT_LIMIT)
    known = props.platformType in Platform.__members__.values()
    return DeviceProps(Platform(props.platformType) if known else Platform.UNKNOWN, text(props, "os"))


def _pairing_data(payload: Registration) -> pb.ClientPayload.DevicePairingRegistrationData:
    return pb.ClientPayload.DevicePairingRegistrationData(
        eRegid=payload.registration_id.to_bytes(REGISTRATION_ID_SIZE),
        eKeytype=_KEY_TYPE,
        eIdent=payload.identity,
        eSkeyID=payload.signed_prekey_id.to_bytes(PREKEY_ID_SIZE),
        eSkeyVal=payload.signed_prekey,
        eSkeySig=payload.signature,
        buildHash=payload.build_hash,
        deviceProps=encode_props(payload.props),
    )


def _registration(data: pb.ClientPayload.DevicePairingRegistrationData) -> Registration:
    if sized(data, "eKeytype", len(_KEY_TYPE)) != _KEY_TYPE:
        raise DecodeError("not the type of an X25519 key", "DevicePairingRegistrationData.eKeytype")
    present(data, "deviceProps")
    return Registration(
        int.from_bytes(sized(data, "eRegid", REGISTRATION_ID_SIZE)),
        sized(data, "eIdent", KEY_SIZE),
        int.from_bytes(sized(data, "eSkeyID", PREKEY_ID_SIZE)),
        sized(data, "eSkeyVal", KEY_SIZE),
        sized(data, "eSkeySig", SIGNATURE_SIZE),
        sized(data, "buildHash", BUILD_HASH_SIZE),
        decode_props(data.deviceProps),
    )
