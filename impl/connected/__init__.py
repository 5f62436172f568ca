"""Both ends of a connection that has met: dialogues as stanzas, sans-IO.

`ServerSession` is one client as the server sees it, the `Desk` all of them; `ClientSession` is a client's own end.
"""

from impl.connected.client import Arrived, ClientSession, Happening, Over, Ready
from impl.connected.corrections import corrected
from impl.connected.desk import Desk, Outlet, TurnedAway
from impl.connected.server import ServerSession

__all__ = [
    "Arrived",
    "ClientSession",
    "Desk",
    "Happening",
    "Outlet",
    "Over",
    "Ready",
    "ServerSession",
    "TurnedAway",
    "corrected",
]
