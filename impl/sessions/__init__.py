"""Pairwise sessions (Signal protocol version 3): X3DH, the Double Ratchet, an archive of former sessions."""

from impl.sessions.errors import Reason, SessionError
from impl.sessions.pairwise import EncType, Local, Opened, initiate, open_, seal
from impl.sessions.prekeys import PrekeyBundle, Prekeys, SignedPrekey
from impl.sessions.record import Record

__all__ = [
    "EncType",
    "Local",
    "Opened",
    "PrekeyBundle",
    "Prekeys",
    "Reason",
    "Record",
    "SessionError",
    "SignedPrekey",
    "initiate",
    "open_",
    "seal",
]
