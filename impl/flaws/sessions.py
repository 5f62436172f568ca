"""Flaws of sessions."""

from collections.abc import Callable

from impl.device import Device
from impl.flaws.flaw import Flaw
from impl.messages import StoredMessage
from impl.peers import Peer
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire.frames import PreKeySignalMessage

Receive = Callable[[Device, Stanza, int], StoredMessage]


def _kept_though_refused(receive: Receive) -> Receive:
    """Whoever sends something is known from then on."""

    def keep(device: Device, stanza: Stanza, now: int) -> StoredMessage:
        try:
            return receive(device, stanza, now)
        except Refused:
            if stanza.enc_type == "pkmsg":
                claimed = PreKeySignalMessage.decode(stanza.body).identity
                with device.store.transaction():
                    device.peers.setdefault(stanza.sender, Peer(claimed, stanza.sender.device))
            raise

    return keep


FLAWS = (
    Flaw(
        id="KF-68",
        where="sessions",
        change="State is changed before the message is verified: a refused message leaves its sender behind.",
        source="several session libraries",
        breaks=("R1",),
        needs="N",
        owner=Device,
        name="receive",
        flawed=_kept_though_refused,
    ),
)
