"""Sender keys: one chain and one signing key of each device in each group, handed out over pairwise sessions.

White paper, "Group messages"; wire.md, section 9.
"""

from impl.groups.record import SenderKeyRecord
from impl.groups.senderkey import OwnSenderKey, learn, open_

__all__ = ["OwnSenderKey", "SenderKeyRecord", "learn", "open_"]
