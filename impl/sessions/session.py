"""One session: a ratchet between two identity keys, begun by one base key."""

import hmac
from dataclasses import dataclass, replace
from typing import Self

from impl.crypto.entropy import Entropy
from impl.sessions.chain import MessageKeys
from impl.sessions.errors import SessionError
from impl.sessions.ratchet import Ratchet
from impl.wire.frames import MAC_SIZE, SignalMessage


@dataclass(frozen=True, slots=True)
class Pending:
    """The prekeys an initiator used; it names them in every message until the peer has answered."""

    signed_prekey_id: int
    one_time_id: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """`peer` is the other side's identity key, `base_key` the initiator's; both are public, 32 bytes."""

    peer: bytes
    base_key: bytes
    ratchet: Ratchet
    pending: Pending | None = None

    def seal(self, own: bytes, plaintext: bytes) -> tuple[Self, bytes]:
        """The session afterwards, and the SignalMessage frame. `own` is our public identity key."""
        ratchet, seed = self.ratchet.next_seed()
        keys = MessageKeys.derive(seed)
        unsigned = SignalMessage(
            ratchet_key=ratchet.own.public,
            counter=self.ratchet.sending.index,
            previous_counter=ratchet.previous_counter,
            ciphertext=keys.encrypt(plaintext),
            mac=bytes(MAC_SIZE),
        )
        mac = keys.code(own, self.peer, unsigned.authenticated())
        return replace(self, ratchet=ratchet), replace(unsigned, mac=mac).encode()

    def open_(self, own: bytes, frame: bytes, entropy: Entropy) -> tuple[Self, bytes]:
        """The session afterwards, and the plaintext. SessionError, DecodeError, InvalidKey."""
        message = SignalMessage.decode(frame)
        ratchet, seed = self.ratchet.seed_of(message.ratchet_key, message.counter)
        keys = MessageKeys.derive(seed)
        if not hmac.compare_digest(keys.code(self.peer, own, frame[:-MAC_SIZE]), message.mac):
            raise SessionError("bad_mac")
        plaintext = keys.decrypt(message.ciphertext)
        if not self.ratchet.knows(message.ratchet_key):
            ratchet = ratchet.turn(entropy)
        return replace(self, ratchet=ratchet, pending=None), plaintext
