"""What a device does with another one: start a session, seal, open.

Every step returns new values and changes nothing, so that a caller commits only after its own checks.
Source: libsignal, rust/protocol/src/session.rs and session_cipher.rs; unlike most of its ports, no state
moves before the MAC was verified.
"""

from dataclasses import dataclass
from typing import Literal

from impl.crypto import xeddsa
from impl.crypto.entropy import Entropy
from impl.crypto.keys import InvalidKey, KeyPair, with_type
from impl.sessions import x3dh
from impl.sessions.errors import SessionError
from impl.sessions.prekeys import PrekeyBundle, Prekeys
from impl.sessions.ratchet import Ratchet
from impl.sessions.record import Record
from impl.sessions.secret import Secret
from impl.sessions.session import Pending, Session
from impl.wire.errors import DecodeError
from impl.wire.frames import PreKeySignalMessage, SignalMessage

EncType = Literal["pkmsg", "msg"]


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of every session."""

    identity: KeyPair
    registration_id: int
    prekeys: Prekeys

    def bundle(self, one_time_id: int | None = None, device_identity: bytes | None = None) -> PrekeyBundle:
        """What the server hands out about us, with this one-time prekey if any."""
        signed = self.prekeys.current
        return PrekeyBundle(
            registration_id=self.registration_id,
            identity=self.identity.public,
            signed_prekey_id=signed.id,
            signed_prekey=signed.pair.public,
            signature=signed.signature,
            one_time_id=one_time_id,
            one_time=None if one_time_id is None else self.prekeys.one_time[one_time_id].public,
            device_identity=device_identity,
        )


class Opened(Secret, frozen=True):
    """A message that was opened. The caller, once satisfied with `identity` (the sender's key, 32 bytes),
    stores `record` and deletes the one-time prekey `used_one_time`."""

    record: Record
    plaintext: bytes
    identity: bytes
    used_one_time: int | None = None


def initiate(local: Local, bundle: PrekeyBundle, entropy: Entropy, record: Record | None, now: int) -> Record:
    """Start a session, which becomes the current one of `record`; the bundle's identity is taken as checked.

    `now` in seconds. SessionError "prekey_signature" or "invalid_key".
    """
    if not xeddsa.verify(bundle.identity, with_type(bundle.signed_prekey), bundle.signature):
        raise SessionError("prekey_signature")
    base = KeyPair.generate(entropy)
    try:
        secret = x3dh.as_initiator(local.identity, base, bundle)
        ratchet = Ratchet.of_initiator(secret, bundle.signed_prekey, entropy)
    except InvalidKey as error:
        raise SessionError("invalid_key") from error
    pending = Pending(bundle.signed_prekey_id, bundle.one_time_id, now)
    return Record.led_by(Session(bundle.identity, base.public, ratchet, pending), record)


def seal(local: Local, record: Record, plaintext: bytes, now: int) -> tuple[Record, EncType, bytes]:
    """Encrypt in the current session; "pkmsg" until the peer has answered.

    SessionError "stale", after which a new session from a fresh bundle is due, or "chain_exhausted".
    Sealing draws no randomness: the ratchet turned when the peer's last key arrived.
    """
    session, frame = record.current.seal(local.identity.public, plaintext, now)
    sealed = record.continued(session)
    if session.pending is None:
        return sealed, "msg", frame
    first = PreKeySignalMessage(
        registration_id=local.registration_id,
        one_time_id=session.pending.one_time_id,
        signed_prekey_id=session.pending.signed_prekey_id,
        base_key=session.base_key,
        identity=local.identity.public,
        message=frame,
    )
    return sealed, "pkmsg", first.encode()


def open_(local: Local, record: Record | None, enc_type: str, body: bytes, entropy: Entropy) -> Opened:
    """Decrypt what a peer sent. SessionError, or DecodeError for bytes that are no such frame."""
    try:
        if enc_type == "msg":
            return _open_next(local, record, body, entropy)
        if enc_type == "pkmsg":
            return _open_first(local, record, PreKeySignalMessage.decode(body), entropy)
    except InvalidKey as error:
        raise SessionError("invalid_key") from error
    raise DecodeError(f"unknown type {enc_type!r}", "enc")


def _open_first(local: Local, record: Record | None, frame: PreKeySignalMessage, entropy: Entropy) -> Opened:
    known = record.find(frame.identity, frame.base_key) if record else None
    session = known or _answer(local, frame)
    message = SignalMessage.decode(frame.message)
    session, plaintext = session.open_(local.identity.public, message, frame.message, entropy)
    used = None if known else frame.one_time_id
    return Opened(Record.led_by(session, record), plaintext, frame.identity, used)


def _answer(local: Local, frame: PreKeySignalMessage) -> Session:
    """The responder's side of a new session."""
    signed = local.prekeys.signed.get(frame.signed_prekey_id)
    one_time = None if frame.one_time_id is None else local.prekeys.one_time.get(frame.one_time_id)
    if signed is None or (one_time is None and frame.one_time_id is not None):
        raise SessionError("invalid_key_id")
    secret = x3dh.as_responder(local.identity, signed.pair, one_time, frame.identity, frame.base_key)
    return Session(frame.identity, frame.base_key, Ratchet.of_responder(secret, signed.pair))


def _open_next(local: Local, record: Record | None, frame: bytes, entropy: Entropy) -> Opened:
    message = SignalMessage.decode(frame)
    if record is None:
        raise SessionError("no_session")
    refusals = []
    for session in record.sessions:
        try:
            opened, plaintext = session.open_(local.identity.public, message, frame, entropy)
        except SessionError as refusal:
            refusals.append(refusal)
        else:
            return Opened(Record.led_by(opened, record), plaintext, record.identity)
    raise next((each for each in refusals if each.reason == "duplicate"), refusals[0])
