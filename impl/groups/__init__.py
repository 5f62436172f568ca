"""Sender keys: one chain and one signing key of each device in each group, handed out over pairwise sessions."""

from impl.groups.record import SenderKeyRecord
from impl.groups.senderkey import OwnSenderKey, learn, open_

__all__ = ["OwnSenderKey", "SenderKeyRecord", "learn", "open_"]
