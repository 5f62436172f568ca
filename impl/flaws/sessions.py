"""Flaws of sessions."""

from collections.abc import Callable

from impl import identity, receiving, state_loss
from impl.address import Address
from impl.crypto.entropy import Entropy
from impl.device import Device
from impl.flaws.flaw import Flaw, dropped
from impl.messages import StoredMessage
from impl.peers import Peer
from impl.refusal import Refused
from impl.sessions import Opened
from impl.sessions.ratchet import Ratchet
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


def _without_deleting(commit: Callable[[Device, Address, Opened, Peer], None]) -> Callable[..., None]:
    def keep(device: Device, sender: Address, opened: Opened, peer: Peer) -> None:
        used = opened.used_one_time
        pair = None if used is None else device.one_time_prekeys[used]
        commit(device, sender, opened, peer)
        if used is not None and pair is not None:
            device.one_time_prekeys[used] = pair

    return keep


def _never(_: object) -> Callable[[Ratchet, bytes, Entropy], Ratchet]:
    """Both go on with the keys that they began with."""
    return lambda ratchet, ratchet_key, entropy: ratchet


FLAWS = (
    Flaw(
        id="KF-26",
        where="sessions",
        change="A one-time prekey is not deleted after use.",
        source="X3DH",
        breaks=("S3", "S1"),
        needs="N P",
        owner=receiving,
        name="commit",
        flawed=_without_deleting,
    ),
    Flaw(
        id="KF-33",
        where="sessions",
        change="A device that starts again from an old copy goes on with its chain keys and counters.",
        source="clone detection (Cremers, Fairoze, Kiesl, Naska 2020)",
        breaks=("S7", "S8"),
        needs="B N",
        owner=state_loss,
        name="begin_anew",
        flawed=dropped,
    ),
    Flaw(
        id="KF-34",
        where="sessions",
        change="A changed identity key is accepted in silence.",
        source="safety numbers",
        breaks=("S5",),
        needs="N",
        owner=identity,
        name="notify",
        flawed=dropped,
    ),
    Flaw(
        id="KF-35",
        where="sessions",
        change="The ratchet never takes a new Diffie-Hellman step.",
        source="Double Ratchet",
        breaks=("S2",),
        needs="P",
        owner=Ratchet,
        name="turn",
        flawed=_never,
    ),
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
