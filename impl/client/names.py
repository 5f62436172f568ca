"""The server is told what the user wants to be called: at each connection, and once it is another name.

wire.md, section 8.2, `notify`; `SendPresence` of tulir/whatsmeow.
"""

from __future__ import annotations

from impl import names
from impl.device import Device
from impl.dialogue import Flow, TellName, ask


def tell(device: Device) -> Flow[None]:
    """Nothing, of a user who wants to be called nothing."""
    name = names.own(device)
    if name is not None:
        yield from ask(TellName(name))
