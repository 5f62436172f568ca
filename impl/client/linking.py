"""Linking as a dialogue: the companion waits with its QR, the phone approves, both tell the server.

White paper, "Linking".
"""

from __future__ import annotations

from impl.client.directory import meet_all
from impl.companion import Companion
from impl.dialogue import (
    ApproveLinking,
    AskReference,
    ConfirmLinking,
    Flow,
    PairSuccess,
    RegisterPhone,
    Unlink,
    ask,
)
from impl.client.prekeys import fresh_prekeys
from impl.phone import Phone
from impl.wire.qr import Qr
