"""Device identities and signed key index lists: the linking metadata of an account.

Formats: `WAAdv.proto` of tulir/whatsmeow. Signatures cover the `details` bytes as received, so the signed
containers keep those bytes, and every codec here accepts one encoding of a value only.
"""

from dataclasses import dataclass
from enum import IntEnum

from impl.wire.errors import DecodeError
from impl.wire.pb import adv_pb2 as pb
from impl.wire.proto import parse_canonical, present, sized, sized_if_any

KEY_SIZE = 32
SIGNATURE_SIZE = 64
HMAC_SIZE = 32
IDENTITY_LIMIT = 500
LIST_LIMIT = 4096
INDEX_LIMIT = 64


class AccountType(IntEnum):
    """ADVEncryptionType. It is decoded and never believed: no signature prefix depends on it."""

    E2EE = 0
    HOSTED = 1


@dataclass(frozen=True)
class DeviceIdentity:
    """ADVDeviceIdentity: the account's word about one companion. `timestamp` in seconds."""

    raw_id: int
    timestamp: int
    key_index: int
    account_type: AccountType = AccountType.E2EE
    device_type: AccountType = AccountType.E2EE

    def encode(self) -> bytes:
        return pb.ADVDeviceIdentity(
            rawID=self.raw_id,
            timestamp=self.timestamp,
            keyIndex=self.key_index,
            accountType=_unless_zero(self.account_type),
            deviceType=_unless_zero(self.device_type),
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> "DeviceIdentity":
        """Raises DecodeError. Zero enums may be spelled out or left out: both are met in the wild."""
        message = parse_canonical(pb.ADVDeviceIdentity, data, IDENTITY_LIMIT)
        present(message, "rawID", "timestamp", "keyIndex")
        return cls(
            message.rawID,
            message.timestamp,
            message.keyIndex,
            AccountType(message.accountType),
            AccountType(message.deviceType),
        )


@dataclass(frozen=True)
class SignedDeviceIdentity:
    """ADVSignedDeviceIdentity: 32-byte key, 64-byte signatures; what a stage of linking lacks is None."""

    details: bytes
    account_key: bytes | None = None
    account_signature: bytes | None = None
    device_signature: bytes | None = None

    @property
    def identity(self) -> DeviceIdentity:
        """Raises DecodeError: whoever receives an identity verifies its signatures before he reads it."""
        return DeviceIdentity.decode(self.details)

    def encode(self) -> bytes:
        return pb.ADVSignedDeviceIdentity(
            details=self.details,
            accountSignatureKey=self.account_key,
            accountSignature=self.account_signature,
            deviceSignature=self.device_signature,
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> "SignedDeviceIdentity":
        """Raises DecodeError."""
        message = parse_canonical(pb.ADVSignedDeviceIdentity, data, IDENTITY_LIMIT)
        present(message, "details")
        return cls(
            message.details,
            sized_if_any(message, "accountSignatureKey", KEY_SIZE),
            sized_if_any(message, "accountSignature", SIGNATURE_SIZE),
            sized_if_any(message, "deviceSignature", SIGNATURE_SIZE),
        )


@dataclass(frozen=True)
class IdentityContainer:
    """ADVSignedDeviceIdentityHMAC: an encoded SignedDeviceIdentity, and its HMAC under the linking secret."""

    details: bytes
    hmac: bytes
    account_type: AccountType = AccountType.E2EE

    def encode(self) -> bytes:
        return pb.ADVSignedDeviceIdentityHMAC(
            details=self.details, HMAC=self.hmac, accountType=_unless_zero(self.account_type)
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> "IdentityContainer":
        """Raises DecodeError."""
        message = parse_canonical(pb.ADVSignedDeviceIdentityHMAC, data, IDENTITY_LIMIT)
        present(message, "details")
        return cls(message.details, sized(message, "HMAC", HMAC_SIZE), AccountType(message.accountType))


@dataclass(frozen=True)
class KeyIndexList:
    """ADVKeyIndexList: which key indexes of an account are alive, strictly rising. `timestamp` in seconds."""

    raw_id: int
    timestamp: int
    current_index: int
    valid_indexes: tuple[int, ...]
    account_type: AccountType = AccountType.E2EE

    def encode(self) -> bytes:
        return pb.ADVKeyIndexList(
            rawID=self.raw_id,
            timestamp=self.timestamp,
            currentIndex=self.current_index,
            validIndexes=self.valid_indexes,
            accountType=_unless_zero(self.account_type),
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> "KeyIndexList":
        """Raises DecodeError."""
        message = parse_canonical(pb.ADVKeyIndexList, data, LIST_LIMIT)
        present(message, "rawID", "timestamp", "currentIndex")
        indexes = tuple(message.validIndexes)
        if len(indexes) > INDEX_LIMIT or indexes != tuple(sorted(set(indexes))):
            raise DecodeError(f"indexes must rise strictly, {INDEX_LIMIT} at most", "ADVKeyIndexList.validIndexes")
        return cls(
            message.rawID,
            message.timestamp,
            message.currentIndex,
            indexes,
            AccountType(message.accountType),
        )


@dataclass(frozen=True)
class SignedKeyIndexList:
    """ADVSignedKeyIndexList: an encoded KeyIndexList and the account's signature over it."""

    details: bytes
    account_signature: bytes
    account_key: bytes | None = None

    @property
    def list(self) -> KeyIndexList:
        """Raises DecodeError: whoever receives a list verifies its signature before he reads it."""
        return KeyIndexList.decode(self.details)

    def encode(self) -> bytes:
        return pb.ADVSignedKeyIndexList(
            details=self.details,
            accountSignature=self.account_signature,
            accountSignatureKey=self.account_key,
        ).SerializeToString(deterministic=True)

    @classmethod
    def decode(cls, data: bytes) -> "SignedKeyIndexList":
        """Raises DecodeError."""
        message = parse_canonical(pb.ADVSignedKeyIndexList, data, LIST_LIMIT)
        present(message, "details")
        return cls(
            message.details,
            sized(message, "accountSignature", SIGNATURE_SIZE),
            sized_if_any(message, "accountSignatureKey", KEY_SIZE),
        )


def _unless_zero(kind: AccountType) -> str | None:
    """Phones leave out enums of value zero."""
    return kind.name if kind else None
