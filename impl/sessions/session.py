"""One session: a ratchet between two identity keys, begun by one base key. wire.md, sections 7.3 and 7.4."""

import hmac

from impl.crypto.entropy import Entropy
from impl.durations import DAY
from impl.sessions.chain import MessageKeys
from impl.sessions.errors import SessionError
from impl.sessions.ratchet import Ratchet
from impl.sessions.secret import Secret
from impl.wire.frames import MAC_SIZE, SignalMessage

MAX_UNANSWERED = 30 * DAY
"""How many seconds an initiator goes on in a session that the peer has not answered, as in libsignal."""


class Pending(Secret, frozen=True):
    """The prekeys an initiator used; it names them in every message until the peer has answered. `since` seconds."""

    signed_prekey_id: int
    one_time_id: int | None
    since: int


class Session(Secret, frozen=True):
    """`peer` is the other side's identity key, `base_key` the initiator's; both are public, 32 bytes.

    `doubtful` says that the chain to send in comes from an old copy: what it holds may have been used since.
    """

    peer: bytes
    base_key: bytes
    ratchet: Ratchet
    pending: Pending | None = None
    doubtful: bool = False

    def stale(self, now: int) -> bool:
        """Whether it is in doubt, or was left unanswered by the peer for too long to send in it; `now` in seconds."""
        return self.doubtful or (self.pending is not None and now - self.pending.since > MAX_UNANSWERED)

    def seal(self, own: bytes, plaintext: bytes, now: int) -> tuple["Session", bytes]:
        """The session afterwards, and the SignalMessage frame. `own` is our public identity key.

        SessionError "stale" or "chain_exhausted".
        """
        if self.stale(now):
            raise SessionError("stale")
        ratchet, seed = self.ratchet.next_seed()
        keys = MessageKeys.derive(seed)
        message = SignalMessage(
            ratchet_key=ratchet.own.public,
            counter=self.ratchet.sending.index,
            previous_counter=ratchet.previous_counter,
            ciphertext=keys.encrypt(plaintext),
            mac=bytes(MAC_SIZE),
        )
        unsigned = message.authenticated()
        frame = unsigned + keys.code(own, self.peer, unsigned)
        return Session(self.peer, self.base_key, ratchet, self.pending), frame

    def open_(self, own: bytes, message: SignalMessage, frame: bytes, entropy: Entropy) -> tuple["Session", bytes]:
        """The session afterwards, and the plaintext; `message` is what `frame` says. SessionError, InvalidKey."""
        ratchet, seed = self.ratchet.seed_of(message.ratchet_key, message.counter)
        keys = MessageKeys.derive(seed)
        if not hmac.compare_digest(keys.code(self.peer, own, frame[:-MAC_SIZE]), message.mac):
            raise SessionError("bad_mac")
        plaintext = keys.decrypt(message.ciphertext)
        if message.ratchet_key in self.ratchet.receiving:
            return Session(self.peer, self.base_key, ratchet, doubtful=self.doubtful), plaintext
        return Session(self.peer, self.base_key, ratchet.turn(message.ratchet_key, entropy)), plaintext
