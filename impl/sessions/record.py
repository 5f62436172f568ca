"""The sessions with one device: the current one, and former ones for what is still under way.

As in libsignal, rust/protocol/src/state/session.rs, whose archive has the same size.
"""

from typing import Self

from msgspec.structs import replace

from impl.sessions.secret import Secret
from impl.sessions.session import Session

MAX_ARCHIVED = 40


class Record(Secret, frozen=True):
    """Sessions under one identity key: the current one, then the archive, newest first."""

    sessions: tuple[Session, ...]

    @classmethod
    def led_by(cls, session: Session, former: Self | None) -> Self:
        """`session` becomes or stays the current one, and the others follow.

        Sessions under another identity key are not kept: what they open would not come from this peer.
        """
        archive = former.sessions if former is not None and former.identity == session.peer else ()
        others = [each for each in archive if each.base_key != session.base_key]
        return cls((session, *others[:MAX_ARCHIVED]))

    def continued(self, session: Session) -> "Record":
        """With its current session as it became."""
        return Record((session, *self.sessions[1:]))

    def in_doubt(self) -> "Record":
        """As of an old copy: in each session nothing is sealed until its ratchet has turned."""
        return Record(tuple(replace(each, doubtful=True) for each in self.sessions))

    @property
    def current(self) -> Session:
        return self.sessions[0]

    @property
    def identity(self) -> bytes:
        """The peer's identity key, 32 bytes."""
        return self.current.peer

    def find(self, identity: bytes, base_key: bytes) -> Session | None:
        """The session that this initiator began with this base key."""
        return next((each for each in self.sessions if (each.peer, each.base_key) == (identity, base_key)), None)
