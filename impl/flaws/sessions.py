"""Flaws of sessions."""

from collections.abc import Callable

from impl import receiving
from impl.device import Device
from impl.flaws.flaw import Flaw
from impl.refusal import Refused
from impl.store import Peer, Stanza

Authenticated = Callable[[Device, Stanza, bytes], Peer]


def _kept_though_refused(authenticated: Authenticated) -> Authenticated:
    """Whoever sends something is known from then on."""

    def keep(device: Device, stanza: Stanza, identity: bytes) -> Peer:
        try:
            return authenticated(device, stanza, identity)
        except Refused:
            device.peers.setdefault(stanza.sender, Peer(identity, stanza.sender.device))
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
        owner=receiving,
        name="authenticated",
        flawed=_kept_though_refused,
    ),
)
